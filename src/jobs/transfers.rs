//! Writes down that offers of ownership have lapsed, so that everybody concerned is told. Whether one has is decided by
//! the moment at which somebody asks, so a late sweep gives nobody more time. They are gone through by their ids, so that
//! one that fails is met once in a sweep.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{answer_transfer::ExpireTransfer, app::App},
    store::{error::DbError, transfers},
};

/// So many are looked at before the database is asked again.
pub const BATCH: i64 = 100;

/// Ends every offer whose time is over.
///
/// # Errors
/// When the database does not tell which those are. What happens to a single one is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = transfers::due(&mut app.db.read().await?, app.now(), after, BATCH).await?;
        let Some(last) = due.last() else { break };
        after = Some(*last);
        let expire = due.into_iter().map(|transfer| {
            let app = app.clone();
            (transfer, async move { app.db.run(ExpireTransfer { app: app.clone(), transfer }).await })
        });
        swept += each(expire, stop, "an offer of ownership could not be ended").await;
    }
    Ok(swept)
}
