//! What a platform token may do.

use std::{fmt, str::FromStr};

/// What a platform token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Create accounts.
    AccountsCreate,
    /// Read accounts, members, cases, activity and mail status.
    Read,
    /// Invite, change and remove members.
    MembersManage,
    /// Ask whether somebody has a permission, about everybody in every account.
    AccessEvaluate,
    /// Bring mails in by which people vote, as whoever receives mail for this service.
    MailReceive,
    /// Read, manage members and ask for a person, within that person's own rights, where the token may do so itself.
    ActFor,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] =
        [Self::AccountsCreate, Self::Read, Self::MembersManage, Self::AccessEvaluate, Self::MailReceive, Self::ActFor];

    /// Its name, as in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountsCreate => "accounts.create",
            Self::Read => "read",
            Self::MembersManage => "members.manage",
            Self::AccessEvaluate => "access.evaluate",
            Self::MailReceive => "mail.receive",
            Self::ActFor => "act_for",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == text)
            .ok_or_else(|| format!("there is no scope `{text}`; choose from {}", Self::ALL.map(Self::name).join(", ")))
    }
}
