//! Seals the log, until no entry waits any more.

use tokio_util::sync::CancellationToken;

use super::each::Swept;
use crate::{
    app::{
        app::App,
        seal::{BATCH, Seal},
    },
    store::{error::DbError, log_tree},
};

/// Seals what waits.
///
/// # Errors
/// When the database fails, and when the key of the log cannot be opened: nothing is sealed then, and nothing is lost.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let mut swept = Swept::default();
    // A look first: a unit of work would keep the only writer of an embedded database busy for nothing.
    while !stop.is_cancelled() && log_tree::backlog(&mut app.db.read().await?).await?.waiting > 0 {
        let sealed = app.db.run(Seal { app: app.clone() }).await?;
        swept.looked_at += sealed;
        if i64::try_from(sealed).is_ok_and(|sealed| sealed < BATCH) {
            break;
        }
    }
    Ok(swept)
}
