//! A person's address is their own: no account, directory or token changes it, and neither do they while others count on
//! it.

use crate::{id::CaseId, moment::Moment, recovery::proof::Shown, refusal::Severity};

/// What holds a person to their address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ties {
    /// The names of the accounts that they own. Ownership that was offered and not accepted holds nobody: whoever may
    /// create accounts could otherwise hold anybody to their address.
    pub owned: Vec<String>,
    /// The open cases that count on their address.
    pub cases: Vec<Pinned>,
}

/// An open case that counts on a person's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pinned {
    /// The case.
    pub case: CaseId,
    /// What the person is in it.
    pub part: Part,
    /// When it ends, as things stand.
    pub until: Moment,
}

/// What a person is in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// They hold a ballot. Who has lost theirs, by an owner's act or their own, is free.
    Elector,
    /// They would become owner: the terms name their address.
    Nominee,
}

/// Why a person's address stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Ownership protects them.
    #[error(
        "your address is protected because you own the account `{account}`; have your ownership revoked, make the change, then have it granted back"
    )]
    Owner {
        /// The account's name.
        account: String,
    },
    /// An open case counts on it.
    #[error(
        "your address stays as it is while the recovery case `{case}` is open, because {}; as things stand it ends at {until}, and you can change your address then", .part.words()
    )]
    Frozen {
        /// The case.
        case: CaseId,
        /// What the person is in it.
        part: Part,
        /// When it ends, as things stand.
        until: Moment,
    },
}

impl Part {
    /// Why the case counts on their address.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Elector => "you can vote in it",
            Self::Nominee => "it would make you an owner",
        }
    }
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Owner { .. } => "owner_protected",
            Self::Frozen { .. } => "address_frozen",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Owner { .. } | Self::Frozen { .. } => Severity::Conflict,
        }
    }
}

/// Decides whether a person may ask for another address. Changing it decides once more.
///
/// # Errors
/// The reason for the refusal: of several cases the one that ends last.
pub fn may_change(ties: &Ties) -> Result<(), Refusal> {
    // INVARIANT: while a member is owner, nobody at all, not even they, takes away their access or their address.
    if let Some(account) = ties.owned.first() {
        return Err(Refusal::Owner { account: account.clone() });
    }
    match ties.cases.iter().max_by_key(|pinned| (pinned.until, pinned.case)) {
        Some(Pinned { case, part, until }) => Err(Refusal::Frozen { case: *case, part: *part, until: *until }),
        None => Ok(()),
    }
}

/// Decides whether a person's address changes now.
///
/// # Errors
/// As [`may_change`].
pub fn change(_shown: Shown, ties: &Ties) -> Result<(), Refusal> {
    may_change(ties)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ownership::credential::Proof;

    fn pinned(case: u128, part: Part, until: i64) -> Pinned {
        Pinned { case: CaseId::from_uuid(Uuid::from_u128(case)), part, until: Moment::from_micros(until) }
    }

    #[test]
    fn nothing_holds_who_has_no_ties() {
        let now = Moment::from_micros(0);
        let proof = Shown::of(Some(Proof::by_code(now)), now).unwrap();
        assert_eq!(change(proof, &Ties::default()), Ok(()));
    }

    #[test]
    fn ownership_comes_first_and_then_the_case_that_ends_last() {
        let cases = vec![pinned(1, Part::Elector, 5), pinned(2, Part::Nominee, 9), pinned(3, Part::Elector, 7)];
        let mut ties = Ties { owned: vec!["Acme".to_owned(), "Other".to_owned()], cases };
        assert_eq!(may_change(&ties), Err(Refusal::Owner { account: "Acme".to_owned() }));
        ties.owned.clear();
        let Pinned { case, part, until } = pinned(2, Part::Nominee, 9);
        assert_eq!(may_change(&ties), Err(Refusal::Frozen { case, part, until }));
        ties.cases.clear();
        assert_eq!(may_change(&ties), Ok(()));
    }
}
