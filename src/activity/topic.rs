//! What entries are about: the groups in which people look for them, and every kind of entry that there is.

use std::str::FromStr;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Recovery cases.
    Recovery,
    /// Owners, and offers of ownership.
    Owners,
    /// Members, the roster, and by which domains people join.
    Members,
    /// Recovery users and their paper keys.
    Keys,
    /// The recovery policy.
    Policy,
    /// Passwords, passkeys, and single sign-on.
    SignIn,
    /// The account itself, what stands below it, and its settings.
    Account,
    /// Webhooks.
    Webhooks,
    /// Personal values of the log that were erased.
    Erasure,
}

macro_rules! kinds {
    ($($topic:ident { $($kind:literal)* })*) => {
        const KINDS: &[(Topic, &[&str])] = &[$((Topic::$topic, &[$($kind),*])),*];
    };
}

kinds! {
    Recovery {
        "case.accepted"
        "case.ballot_cast"
        "case.ballot_lost"
        "case.ballot_taken_back"
        "case.completed"
        "case.expired"
        "case.extended"
        "case.fell_short"
        "case.key_lost"
        "case.key_redeemed"
        "case.opened"
        "case.owners_reminded"
        "case.paused"
        "case.quorum_reached"
        "case.rejected"
        "case.reminded"
        "case.resumed"
        "case.vetoed"
        "case.withdrawn"
    }
    Owners {
        "owner.granted"
        "owner.primary_passed"
        "owner.revoked"
        "transfer.accepted"
        "transfer.cancelled"
        "transfer.declined"
        "transfer.expired"
        "transfer.offered"
    }
    Members {
        "domain.added"
        "domain.lapsed"
        "domain.proven"
        "domain.removed"
        "domain.role_changed"
        "member.accepted"
        "member.address_changed"
        "member.invited"
        "member.joined"
        "member.left"
        "member.removed"
        "member.renamed"
        "member.resumed"
        "member.role_changed"
        "member.suspended"
        "roster.addition_confirmed"
        "roster.removal_confirmed"
        "roster.removal_contested"
    }
    Keys {
        "paper_key.all_ended"
        "paper_key.drilled"
        "paper_key.issued"
        "paper_key.presented"
        "paper_key.refused"
        "paper_key.refused_more"
        "paper_key.revoked"
        "recovery_user.added"
        "recovery_user.address_confirmed"
        "recovery_user.removed"
    }
    Policy {
        "policy.change_cancelled"
        "policy.change_proposed"
        "policy.changed"
    }
    SignIn {
        "member.passkey_added"
        "member.passkey_copied"
        "member.passkey_removed"
        "member.password_removed"
        "member.password_set"
        "sign_on.changed"
        "sign_on.removed"
        "sign_on.set_up"
        "sign_on.used"
    }
    Account {
        "account.activated"
        "account.closed"
        "account.closing"
        "account.created"
        "account.kept"
        "account.renamed"
        "account.resumed"
        "account.suspended"
        "child.created"
        "digest.sent"
        "digest.turned_off"
        "digest.turned_on"
        "settings.branding_changed"
        "settings.logo_changed"
        "settings.logo_removed"
        "settings.reference_changed"
    }
    Webhooks {
        "webhook.added"
        "webhook.disabled"
        "webhook.enabled"
        "webhook.ended"
        "webhook.removed"
        "webhook.secret_replaced"
    }
    Erasure {
        "personal_values.erased"
    }
}

impl Topic {
    /// All of them, in the order in which people are offered them.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(topic, _)| *topic)
    }

    /// Its word in an address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Owners => "owners",
            Self::Members => "members",
            Self::Keys => "paper_keys",
            Self::Policy => "policy",
            Self::SignIn => "sign_in",
            Self::Account => "account",
            Self::Webhooks => "webhooks",
            Self::Erasure => "erasure",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Recovery => "Recovery cases",
            Self::Owners => "Owners and transfers",
            Self::Members => "Members and administrators",
            Self::Keys => "Recovery users and paper keys",
            Self::Policy => "Recovery policy",
            Self::SignIn => "Passwords, passkeys and sign-on",
            Self::Account => "Account and settings",
            Self::Webhooks => "Webhooks",
            Self::Erasure => "Erased personal values",
        }
    }

    /// The kinds of entries that are about it.
    #[must_use]
    pub fn kinds(self) -> &'static [&'static str] {
        KINDS.iter().find(|(topic, _)| *topic == self).map_or(&[], |(_, kinds)| *kinds)
    }
}

/// No topic has that word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no topic of entries is called so")]
pub struct UnknownTopic;

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(word: &str) -> Result<Self, UnknownTopic> {
        Self::all().find(|topic| topic.word() == word).ok_or(UnknownTopic)
    }
}

/// The kind of that name, if entries can have it.
#[must_use]
pub fn known(kind: &str) -> Option<&'static str> {
    kinds().find(|known| *known == kind)
}

/// Every kind of entry that the service writes.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().flat_map(|(_, kinds)| kinds.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_known_by_its_word() {
        for topic in Topic::all() {
            assert_eq!(topic.word().parse(), Ok(topic));
            assert!(!topic.kinds().is_empty(), "{topic:?}");
        }
        assert_eq!("owner".parse::<Topic>(), Err(UnknownTopic));
        assert_eq!(known("case.opened"), Some("case.opened"));
        assert_eq!(known("of.tomorrow"), None);
    }
}
