//! Looks at the changes of policies whose time has come. They are gone through by the ids of their accounts, so that one
//! that fails is met once in a sweep.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{app::App, policy_effect},
    store::{error::DbError, policies},
};

/// So many accounts are looked at before the database is asked again.
const BATCH: i64 = 100;

/// Looks at every change that is due.
///
/// # Errors
/// When the database does not tell which are due. What happens to a single one is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = policies::due(&mut app.db.read().await?, app.now(), after, BATCH).await?;
        let Some(last) = due.last() else { break };
        after = Some(*last);
        let look = due.into_iter().map(|account| {
            let app = app.clone();
            (account, async move { policy_effect::look(&app, account).await })
        });
        swept += each(look, stop, "a change of the policy could not be looked at").await;
    }
    Ok(swept)
}
