//! A report that a mail of ours did not arrive, and what came of it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::record_bounce::Recorded, id::MailId};

/// A report about one of our mails, and what came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportView {
    /// The mail that it is about.
    pub mail: MailId,
    /// `bounced`: the mail counts as not arrived from now on. `as_before`: that was known, or the mail had never left.
    /// `nothing_wrong`: the mail is still being tried, or it arrived. `no_report`: it says nothing about the mail.
    pub outcome: &'static str,
}

impl ReportView {
    /// What came of it; nothing where the address is the return path of none of our mails.
    #[must_use]
    pub const fn of(recorded: Recorded) -> Option<Self> {
        match recorded {
            Recorded::Bounced { mail } => Some(Self { mail, outcome: "bounced" }),
            Recorded::AsBefore { mail } => Some(Self { mail, outcome: "as_before" }),
            Recorded::NothingWrong { mail } => Some(Self { mail, outcome: "nothing_wrong" }),
            Recorded::NoReport { mail, .. } => Some(Self { mail, outcome: "no_report" }),
            Recorded::NotOurs => None,
        }
    }
}
