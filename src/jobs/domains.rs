//! Looks for the records of proven e-mail domains again. One that nobody answers for stops no other.

use tokio_util::sync::CancellationToken;

use super::{crowd::crowd, policies::Swept};
use crate::{
    app::{app::App, prove_domain},
    store::{domains, error::DbError},
};

/// So many domains are looked at in one run. Each may take some seconds, eight at once.
const BATCH: i64 = 40;

/// Looks at every domain that is due, a batch of them at most; the rest follows at the next turn.
///
/// # Errors
/// When the database does not tell which are due.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let due = domains::due(&mut app.db.read().await?, app.now(), BATCH).await?;
    let work = due.into_iter().take_while(|_| !stop.is_cancelled()).map(|(account, domain)| {
        let (app, place) = (app.clone(), (account, domain.clone()));
        (place, async move { prove_domain::look_again(&app, account, &domain).await })
    });
    let mut swept = Swept::default();
    for ((account, domain), outcome) in crowd(work).await {
        swept.looked_at += 1;
        let trouble = match outcome {
            Ok(Ok(_)) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it stopped with a panic".to_owned(),
        };
        swept.failed += 1;
        tracing::error!(%account, %domain, trouble, "a domain could not be looked at; the next sweep tries again");
    }
    Ok(swept)
}
