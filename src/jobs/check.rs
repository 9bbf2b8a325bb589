//! Checks the accounts in which a recovery is under way, before anything can come of it, and looks for those that nobody owns.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{app::App, check_account::check_account},
    id::AccountId,
    store::{
        error::DbError,
        halts::{self, Stretch},
    },
};

/// So many accounts are looked at before the database is asked again.
pub const BATCH: i64 = 100;
/// So many are asked at once whether somebody owns them.
const STRETCH: i64 = 1000;

/// Checks every account with an open case, those that are halted, and those that are active and have no owner who can act.
///
/// # Errors
/// When the database does not tell which accounts these are.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = halts::to_check(&mut app.db.read().await?, after, BATCH).await?;
        let Some(last) = due.last() else { break };
        after = Some(*last);
        swept += check(app, due, stop).await;
    }
    after = None;
    while !stop.is_cancelled() {
        let Stretch { last, unowned } = halts::unowned(&mut app.db.read().await?, after, STRETCH).await?;
        if last.is_none() {
            break;
        }
        after = last;
        swept += check(app, unowned, stop).await;
    }
    Ok(swept)
}

/// One after the other: nobody waits for this, and whoever asks meanwhile wants the connections and the processors.
async fn check(app: &App, accounts: Vec<AccountId>, stop: &CancellationToken) -> Swept {
    let mut swept = Swept::default();
    for account in accounts {
        let app = app.clone();
        let work = [(account, Box::pin(async move { check_account(&app, account).await }))];
        swept += each(work, stop, "an account could not be checked").await;
    }
    swept
}
