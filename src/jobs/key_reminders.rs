//! Reminds owners of paper keys that lie in their safes.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{app::App, remind_of_key::RemindOfKey},
    store::{error::DbError, paper_keys},
};

/// So many keys are looked at before the database is asked again.
pub const BATCH: i64 = 100;

/// Reminds of every key that is due.
///
/// # Errors
/// When the database does not tell which keys are due. What happens to a single key is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = paper_keys::to_remind_of(&mut app.db.read().await?, app.now(), after, BATCH).await?;
        let Some((last, _)) = due.last() else { break };
        after = Some(*last);
        let remind = due.into_iter().map(|(key, account)| {
            let app = app.clone();
            (key, async move { app.db.run(RemindOfKey { app: app.clone(), account, key }).await })
        });
        swept += each(remind, stop, "owners could not be reminded of a paper key").await;
    }
    Ok(swept)
}
