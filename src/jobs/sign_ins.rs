//! Looks up whose addresses they are for which somebody asked to sign in, and mails those that we know. Here and not where
//! it is asked, so that neither the answer nor its time tells who is known.

use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{app::App, mail_sign_in::MailSignIn},
    store::{error::DbError, sign_in_requests},
};

/// So many are looked at before the database is asked again.
pub const BATCH: i64 = 100;

/// Queues the mail of every request that has none yet.
///
/// # Errors
/// When the database does not tell which those are. What happens to a single one is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut swept, mut after) = (Swept::default(), None);
    while !stop.is_cancelled() {
        let due = sign_in_requests::due(&mut app.db.read().await?, app.now(), after, BATCH).await?;
        let Some(last) = due.last() else { break };
        after = Some(*last);
        let mail = due.into_iter().map(|request| {
            let app = app.clone();
            (request, async move { app.db.run(MailSignIn { app: app.clone(), request }).await })
        });
        swept += each(mail, stop, "the mail of somebody who wants to sign in could not be queued").await;
    }
    Ok(swept)
}
