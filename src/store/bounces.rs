//! Mails that came back: a mail server took them, and somebody behind it could not deliver them.

use super::{error::DbError, tx::Tx};
use crate::{id::MailId, moment::Moment};

/// What a report changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Noted {
    /// The mail counts as bounced from now on.
    Bounced,
    /// It was settled otherwise before: it had bounced already, was refused, or was never sent.
    AsBefore,
}

/// Writes down that a mail did not arrive. A mail whose server took it and was cut off before it could say so is still
/// queued; the report tells that it did leave, so that one counts too, and nobody sends it again.
///
/// # Errors
/// When the database fails.
pub async fn bounced(tx: &mut Tx, id: MailId, now: Moment, report: &str) -> Result<Noted, DbError> {
    let written = tx
        .sql(
            "update mails set status = 'bounced', next_at = null, bounced_at = $2, bounce = $3
             where id = $1 and (status = 'accepted' or status = 'queued' and attempts > untried)",
        )
        .bind(id)
        .bind(now)
        .bind(report)
        .run()
        .await?;
    Ok(if written == 0 { Noted::AsBefore } else { Noted::Bounced })
}
