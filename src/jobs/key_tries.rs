//! Tells owners of wrong tries with paper keys, where they have been told of others less than an hour before those.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{app::App, key_tries::TellOfKeyTries},
    store::{error::DbError, key_tries},
};

/// So many accounts are looked at before the database is asked again.
pub const BATCH: i64 = 100;

/// Tells the owners of every account that is due.
///
/// # Errors
/// When the database does not tell which accounts are due. What happens to a single account is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = key_tries::due(&mut app.db.read().await?, app.now(), after, BATCH).await?;
        let Some(last) = due.last() else { break };
        after = Some(*last);
        let tell = due.into_iter().map(|account| {
            let app = app.clone();
            (account, async move { app.db.run(TellOfKeyTries { app: app.clone(), account }).await })
        });
        swept += each(tell, stop, "owners could not be told of wrong paper keys").await;
    }
    Ok(swept)
}
