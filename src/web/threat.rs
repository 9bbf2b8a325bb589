//! What stands above every page of an owner whose ownership a recovery case would take: whoever signs in is there, and may not
//! have read their mail.

use crate::{
    app::view::me::ThreatView,
    id::CaseId,
    mail::{plain_text, wording::when},
    moment::Moment,
};

/// A case that would take the reader's ownership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threat {
    /// The case.
    pub case: CaseId,
    account: String,
    due_at: Option<Moment>,
}

impl Threat {
    /// The warning about that case.
    pub(super) fn of(threat: impl Into<ThreatView>) -> Self {
        let ThreatView { case, account, due_at, .. } = threat.into();
        Self { case, account: plain_text::name(&account.name), due_at }
    }

    /// What it says.
    #[must_use]
    pub fn words(&self) -> String {
        let account = &self.account;
        match self.due_at {
            Some(due_at) => format!(
                "A recovery case takes the ownership of {account} from you on {}, unless an owner objects.",
                when(due_at)
            ),
            None => format!("A recovery case asks for another owner of {account} in your place."),
        }
    }
}
