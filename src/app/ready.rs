//! Whether the service can do its work: the database answers, and its schema is the one of this version.

use std::time::Duration;

use tokio::time::timeout;

use super::app::App;
use crate::store::schema::{self, Status};

/// Whoever asks waits for seconds only; a database that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why the service cannot do its work now. Says nothing of where the database is, or what it answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// It cannot be reached, or fails.
    #[error("the database does not answer; the log says why")]
    Database,
    /// Its schema is not the one of this version.
    #[error("{0}")]
    Schema(Status),
}

/// Asks the database.
///
/// # Errors
/// Why not.
pub async fn ready(app: &App) -> Result<(), NotReady> {
    match timeout(PATIENCE, schema::status(&app.db)).await {
        Err(_) => {
            tracing::error!(patience = ?PATIENCE, "the database does not answer in time");
            Err(NotReady::Database)
        }
        Ok(Ok(Status::Current)) => Ok(()),
        Ok(Ok(other @ (Status::Empty | Status::Older { .. } | Status::Newer { .. } | Status::Altered { .. }))) => {
            Err(NotReady::Schema(other))
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer");
            Err(NotReady::Database)
        }
    }
}
