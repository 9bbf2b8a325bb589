//! Whether the service can do its work: the database answers, and its schema is the one of this version.

use super::app::App;
use crate::store::schema::{self, Status};

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
    match schema::status(&app.db).await {
        Ok(Status::Current) => Ok(()),
        Ok(other @ (Status::Empty | Status::Older { .. } | Status::Newer { .. } | Status::Altered { .. })) => {
            Err(NotReady::Schema(other))
        }
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            Err(NotReady::Database)
        }
    }
}
