//! A mail server reports what became of one of our mails. The report came to the mail's own return path, which shows that
//! whoever wrote it has handled that mail; what it says changes that mail alone.

use super::{app::App, error::Error};
use crate::{
    id::MailId,
    inbound::bounce::{self, NotAReport, Verdict},
    mail::return_path,
    meter::names,
    store::{
        bounces::{self, Noted},
        db::Unit,
        tx::Tx,
    },
};

/// What came of a mail that was sent to a return path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Our mail did not arrive, and counts as bounced from now on.
    Bounced {
        /// Which.
        mail: MailId,
    },
    /// Our mail did not arrive, which was known, or it had never left.
    AsBefore {
        /// Which.
        mail: MailId,
    },
    /// Our mail is still being tried, or it arrived. Nothing was changed: what a mail server took counts as sent until it is
    /// known that it did not arrive.
    NothingWrong {
        /// Which.
        mail: MailId,
    },
    /// The mail says nothing about ours.
    NoReport {
        /// Why not.
        why: NotAReport,
        /// Which of ours it was sent about.
        mail: MailId,
    },
    /// The address is the return path of none of our mails.
    NotOurs,
}

/// Reads a mail that was sent to `recipient`, and writes down what it reports.
///
/// # Errors
/// When the database fails. Whoever brought the mail should bring it again.
pub async fn record_bounce(app: &App, recipient: &str, raw: &[u8]) -> Result<Recorded, Error> {
    let Some(mail) = return_path::mail_at(recipient, &app.secret) else { return Ok(Recorded::NotOurs) };
    let report = match bounce::read(raw) {
        Ok(report) => report,
        Err(why) => {
            tracing::info!(mail = %mail, %why, "what came to the return path of a mail is no report");
            return Ok(Recorded::NoReport { why, mail });
        }
    };
    match report.verdict {
        Verdict::Delivered | Verdict::Delayed => {
            tracing::info!(mail = %mail, verdict = ?report.verdict, "a mail server reports on a mail");
            return Ok(Recorded::NothingWrong { mail });
        }
        Verdict::Failed => {}
    }
    let noted = app.db.run(RecordBounce { app: app.clone(), mail, why: report.why }).await?;
    Ok(match noted {
        Noted::Bounced => {
            // No log line names an address; the report is with the mail.
            tracing::error!(
                mail = %mail,
                "a mail came back undelivered; look at what the report says, and reach its reader in another way"
            );
            Recorded::Bounced { mail }
        }
        Noted::AsBefore => Recorded::AsBefore { mail },
    })
}

/// Writing down that a mail did not arrive. Whatever rests on its having been accepted is asked anew when it matters: a
/// bounce that comes before a case completes undoes the notice.
pub struct RecordBounce {
    /// The service.
    pub app: App,
    /// The mail.
    pub mail: MailId,
    /// What the report says.
    pub why: String,
}

impl Unit for RecordBounce {
    type Out = Noted;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Noted, Error> {
        let noted = bounces::bounced(tx, self.mail, self.app.now(), &self.why).await?;
        if noted == Noted::Bounced {
            tx.count(&names::MAILS, "bounced");
        }
        Ok(noted)
    }
}
