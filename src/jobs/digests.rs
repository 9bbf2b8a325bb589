//! Looks at the accounts whose turn has come to be told how badly they are prepared.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
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
        let look = due.into_iter().map(|(_, account)| {
            let app = app.clone();
            (account, async move { digest::tick(&app, account).await })
        });
        swept += each(look, stop, "an account's readiness could not be looked at").await;
    }
    Ok(swept)
}
