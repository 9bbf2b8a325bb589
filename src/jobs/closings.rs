//! Closes for good the accounts whose time for undoing has passed. They are gone through by their ids, so that one that
//! fails is met once in a sweep.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{account_status::CloseDue, app::App},
    store::{accounts, error::DbError},
};

/// So many accounts are looked at before the database is asked again.
const BATCH: i64 = 100;

/// Closes every account that is due.
///
/// # Errors
/// When the database does not tell which accounts are due. What happens to a single account is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = accounts::closings_due(&mut app.db.read().await?, app.now(), after, BATCH).await?;
        let Some(last) = due.last() else { break };
        after = Some(*last);
        let close = due.into_iter().map(|account| {
            let app = app.clone();
            (account, async move { app.db.run(CloseDue { app: app.clone(), account }).await })
        });
        swept += each(close, stop, "an account could not be closed").await;
    }
    Ok(swept)
}
