//! Checks the accounts in which a recovery is under way, before anything can come of it.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{app::App, check_account::check_account},
    store::{error::DbError, halts},
};

/// So many accounts are looked at before the database is asked again.
pub const BATCH: i64 = 100;

/// Checks every account with an open case, and those that are halted.
///
/// # Errors
/// When the database does not tell which accounts these are.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = halts::to_check(&mut app.db.read().await?, after, BATCH).await?;
        let Some(last) = due.last() else { break };
        after = Some(*last);
        let work = due.into_iter().map(|account| {
            let app = app.clone();
            (account, async move { check_account(&app, account).await })
        });
        swept += each(work, stop, "an account could not be checked").await;
    }
    Ok(swept)
}
