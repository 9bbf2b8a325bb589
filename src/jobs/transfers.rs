//! Writes down that offers of ownership have lapsed, so that everybody concerned is told. Whether one has is decided by
//! the moment at which somebody asks, so a late sweep gives nobody more time. One that fails stops no other.

use tokio_util::sync::CancellationToken;

use super::{crowd::crowd, deadlines::Swept};
use crate::{
    app::{answer_transfer::ExpireTransfer, app::App},
    store::{error::DbError, transfers},
};

/// So many are looked at before the database is asked again.
pub const BATCH: usize = 100;

/// Ends every offer whose time is over.
///
/// # Errors
/// When the database does not tell which those are. What happens to a single one is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let mut swept = Swept::default();
    let mut after = None;
    while !stop.is_cancelled() {
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let due = transfers::due(&mut app.db.read().await?, app.now(), after, limit).await?;
        let Some(last) = due.last().copied() else { break };
        // Those that failed stay due, so the next batch begins behind them.
        after = Some(last);
        let work = due.into_iter().map(|transfer| {
            let (app, stop) = (app.clone(), stop.clone());
            let unit = ExpireTransfer { app: app.clone(), transfer };
            (transfer, async move { if stop.is_cancelled() { Ok(()) } else { app.db.run(unit).await } })
        });
        for (transfer, outcome) in crowd(work).await {
            swept.looked_at += 1;
            let trouble = match outcome {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it stopped with a panic".to_owned(),
            };
            swept.failed += 1;
            tracing::error!(%transfer, trouble, "an offer of ownership could not be ended; the next sweep tries again");
        }
    }
    Ok(swept)
}
