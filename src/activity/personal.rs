//! Whose the personal values of the log are: who can ask that they are erased.

use super::{
    entry::Entry,
    topic::{self, Topic},
};
use crate::{
    id::{RecoveryUserId, UserId},
    ownership::actor::Actor,
};

/// Whose a personal value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A person with an address of their own here.
    User(UserId),
    /// Somebody who was chosen to hold paper keys.
    RecoveryUser(RecoveryUserId),
    /// No single person's: what the account is called, say. Only time erases it.
    Nobody,
}

/// By which part of an entry the person behind a value is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bearer {
    Subject,
    Author,
    RecoveryUser,
    Nobody,
}

/// The mail that a ballot came in, in base64. It is large, and for whoever checks the ballot: lists leave it out.
pub const MAIL: &str = "mail";

/// Every name under which personal values are recorded.
const NAMES: &[(&str, Bearer)] = &[
    ("account_name", Bearer::Nobody),
    ("child_name", Bearer::Nobody),
    ("email", Bearer::Subject),
    ("email_before", Bearer::Subject),
    (MAIL, Bearer::Author),
    ("name", Bearer::Subject),
    ("nominee_email", Bearer::Subject),
    ("nominee_name", Bearer::Subject),
    ("recovery_user_name", Bearer::RecoveryUser),
    ("reference", Bearer::Nobody),
    // It may speak of others. It is theirs who wrote it: others cannot have it taken out of the record of a case.
    ("statement", Bearer::Author),
];

/// Whose the value of that name is in that entry.
#[must_use]
pub fn whose(entry: &Entry, name: &str) -> Whose {
    let bearer = NAMES.iter().find(|(known, _)| *known == name).map_or(Bearer::Nobody, |(_, bearer)| *bearer);
    match bearer {
        Bearer::Subject => entry.user.map_or(Whose::Nobody, Whose::User),
        Bearer::Author => match entry.actor {
            Actor::User { user } => Whose::User(user),
            Actor::RecoveryUser { recovery_user } => Whose::RecoveryUser(recovery_user),
            Actor::Operator { .. } | Actor::Platform { .. } | Actor::Service => Whose::Nobody,
        },
        Bearer::RecoveryUser => {
            let named = entry.data.get("recovery_user").and_then(|id| id.as_str()?.parse().ok());
            named.map_or(Whose::Nobody, Whose::RecoveryUser)
        }
        Bearer::Nobody => Whose::Nobody,
    }
}

/// Whether the value of that name tells who was chosen to hold paper keys: whom to rob.
#[must_use]
pub fn names_key_holder(name: &str) -> bool {
    NAMES.iter().any(|(known, bearer)| *known == name && *bearer == Bearer::RecoveryUser)
}

/// Every name under which personal values are recorded, in the order of the alphabet.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// The kinds of entries in which values of recovery users can stand: those about them, and the cases that they open.
#[must_use]
pub fn kinds_about_recovery_users() -> Vec<&'static str> {
    topic::known("case.opened").into_iter().chain(Topic::Keys.kinds().iter().copied()).collect()
}

/// The kind of the entry that says how many values were erased, in its `values`.
pub const ERASED: &str = "personal_values.erased";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted_and_each_stands_once() {
        let names: Vec<_> = names().collect();
        assert!(names.is_sorted_by(|one, next| one < next));
    }
}
