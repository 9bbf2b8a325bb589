//! Looks at the changes of policies whose time has come. A change that fails stops no other; the next sweep tries again.

use tokio_util::sync::CancellationToken;

use super::{crowd::crowd, sweep::Found};
use crate::{
    app::{app::App, policy_effect},
    store::{error::DbError, policies},
};

/// So many accounts are looked at in one run.
const BATCH: usize = 100;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Changes that were looked at.
    pub looked_at: usize,
    /// Those that failed, and are looked at again by the next run.
    pub failed: usize,
}

impl Swept {
    /// Whether it found everything that was due. After a failure the rest waits for the next turn, so that what always
    /// fails does not keep it busy.
    pub(super) const fn found(self) -> Found {
        if self.looked_at < BATCH || self.failed > 0 { Found::All } else { Found::Some }
    }
}

/// Looks at every change that is due, a batch of them at most.
///
/// # Errors
/// When the database does not tell which are due.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let due = policies::due(&mut app.db.read().await?, app.now(), limit).await?;
    let work = due.into_iter().take_while(|_| !stop.is_cancelled()).map(|account| {
        let app = app.clone();
        (account, async move { policy_effect::look(&app, account).await })
    });
    let mut swept = Swept::default();
    for (account, outcome) in crowd(work).await {
        swept.looked_at += 1;
        let trouble = match outcome {
            Ok(Ok(_)) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it stopped with a panic".to_owned(),
        };
        swept.failed += 1;
        tracing::error!(%account, trouble, "a change of the policy could not be looked at; the next sweep tries again");
    }
    Ok(swept)
}
