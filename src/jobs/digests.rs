//! Looks at the accounts whose turn has come to be told how badly they are prepared. A failing one stops no other; the
//! next sweep tries it again.

use tokio_util::sync::CancellationToken;

use super::{crowd::crowd, deadlines::Swept};
use crate::{
    app::{app::App, digest},
    store::{digests, error::DbError},
};

/// So many accounts are looked at before the database is asked again.
pub const BATCH: i64 = 100;

/// Looks at every account that is due, each once.
///
/// # Errors
/// When the database does not tell which accounts are due. What happens to a single account is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (now, mut swept, mut after) = (app.now(), Swept::default(), None);
    while !stop.is_cancelled() {
        let due = digests::due(&mut app.db.read().await?, now, after, BATCH).await?;
        // Those that failed are still due, and behind us.
        let Some(last) = due.last().copied() else { break };
        after = Some(last);
        let work = due.into_iter().map(|(_, account)| {
            let (app, stop) = (app.clone(), stop.clone());
            (account, async move { if stop.is_cancelled() { Ok(()) } else { digest::tick(&app, account).await } })
        });
        for (account, outcome) in crowd(work).await {
            swept.looked_at += 1;
            let trouble = match outcome {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it stopped with a panic".to_owned(),
            };
            swept.failed += 1;
            tracing::error!(%account, trouble, "an account's readiness could not be looked at; the next sweep tries again");
        }
    }
    Ok(swept)
}
