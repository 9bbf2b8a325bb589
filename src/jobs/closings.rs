//! Closes for good the accounts whose time for undoing has passed. An account that fails stops no other; the next sweep
//! tries it again. The accounts are gone through by their ids, so that one that fails is met once in a sweep.

use tokio_util::sync::CancellationToken;

use super::{crowd::crowd, deadlines::Swept};
use crate::{
    app::{account_status::CloseDue, app::App},
    id::AccountId,
    store::{accounts, error::DbError},
};

/// So many accounts are looked at before the database is asked again.
const BATCH: usize = 100;

/// Closes every account that is due.
///
/// # Errors
/// When the database does not tell which accounts are due. What happens to a single account is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    loop {
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let due: Vec<AccountId> = accounts::closings_due(&mut app.db.read().await?, app.now(), after, limit).await?;
        after = due.last().copied();
        let (found, work) = (due.len(), due.into_iter().map(|account| (account, close(app, stop, account))));
        for (account, outcome) in crowd(work).await {
            swept.looked_at += 1;
            let trouble = match outcome {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it stopped with a panic".to_owned(),
            };
            swept.failed += 1;
            tracing::error!(%account, trouble, "an account could not be closed; the next sweep tries again");
        }
        if found < BATCH || stop.is_cancelled() {
            return Ok(swept);
        }
    }
}

fn close(
    app: &App,
    stop: &CancellationToken,
    account: AccountId,
) -> impl Future<Output = Result<(), crate::app::error::Error>> + Send + 'static {
    let (app, stop) = (app.clone(), stop.clone());
    async move { if stop.is_cancelled() { Ok(()) } else { app.db.run(CloseDue { app: app.clone(), account }).await } }
}
