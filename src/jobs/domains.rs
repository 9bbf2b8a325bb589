//! Looks for the records of proven e-mail domains again.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{app::App, prove_domain},
    store::{domains, error::DbError},
};

/// So many domains are looked at in one run. Each may take some seconds, eight at once.
const BATCH: i64 = 40;

/// Looks at every domain that is due, a batch of them at most; the rest follows at the next turn.
///
/// # Errors
/// When the database does not tell which are due. What happens to a single one is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let due = domains::due(&mut app.db.read().await?, app.now(), BATCH).await?;
    let look = due.into_iter().map(|(account, domain)| {
        let app = app.clone();
        (account, async move { prove_domain::look_again(&app, account, &domain).await })
    });
    Ok(each(look, stop, "a domain could not be looked at").await)
}
