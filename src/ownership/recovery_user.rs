//! People whom owners choose in advance to hold paper keys: who can be chosen, and when their address counts.
//!
//! Recovery by paper key rests on two things in different hands, the key and a mailbox. So the mailbox is nobody's who owns the
//! account, and no two people share one.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::address::Email;
use crate::{
    id::{CaseId, RecoveryAddressId, RecoveryUserId, UserId},
    moment::Moment,
    recovery::{
        policy::{Policy, Switch},
        proof::FreshProof,
    },
    refusal::Severity,
};

/// How many recovery users an account has at most.
pub const MOST: usize = 20;

/// How many recovery addresses one of them has at most.
pub const MOST_ADDRESSES: usize = 2;

/// How long the link works by which an address is confirmed.
pub const LINK_LASTS: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Somebody who was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryUser {
    /// Who.
    pub id: RecoveryUserId,
    /// Their name, as the owner wrote it.
    pub name: String,
    /// Where mails to them go: one or two addresses, in the order of the alphabet.
    pub addresses: Vec<Address>,
    /// Who chose them.
    pub added_by: UserId,
    /// When.
    pub added_at: Moment,
}

/// An address of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Names it.
    pub id: RecoveryAddressId,
    /// The address.
    pub email: Email,
    /// When somebody showed that they read it.
    pub confirmed_at: Option<Moment>,
}

impl RecoveryUser {
    /// Whether each of their addresses is confirmed, so that they can be given a key.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        !self.addresses.is_empty() && self.addresses.iter().all(|address| address.confirmed_at.is_some())
    }
}

/// What the account looks like around a choice.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The policy in force.
    pub policy: &'a Policy,
    /// An open case.
    pub open_case: Option<CaseId>,
    /// The addresses of everybody who holds ownership.
    pub owners: &'a BTreeSet<Email>,
    /// Those who were chosen already.
    pub chosen: &'a [RecoveryUser],
}

/// Decides whether an owner chooses somebody with these addresses.
///
/// # Errors
/// The reason for the refusal.
pub fn add(_proof: FreshProof, addresses: &[Email], around: Around<'_>) -> Result<(), Refusal> {
    if around.policy.paper_key_route == Switch::Off {
        return Err(Refusal::NoPaperKeyRoute);
    }
    if let Some(case) = around.open_case {
        return Err(Refusal::CaseOpen { case });
    }
    if addresses.is_empty() || addresses.len() > MOST_ADDRESSES {
        return Err(Refusal::Addresses { most: MOST_ADDRESSES });
    }
    if around.chosen.len() >= MOST {
        return Err(Refusal::TooMany { most: MOST });
    }
    let taken = around.chosen.iter().flat_map(|user| &user.addresses).map(|address| &address.email);
    let mut taken: BTreeSet<&Email> = taken.collect();
    for email in addresses {
        if around.owners.contains(email) {
            return Err(Refusal::OwnersAddress { email: email.clone() });
        }
        if !taken.insert(email) {
            return Err(Refusal::AddressTaken { email: email.clone() });
        }
    }
    Ok(())
}

/// Decides whether an address can be confirmed now. Somebody may have become an owner since it was given.
///
/// # Errors
/// The reason for the refusal.
pub fn confirm(email: &Email, owners: &BTreeSet<Email>) -> Result<(), Refusal> {
    if owners.contains(email) { Err(Refusal::OwnersAddress { email: email.clone() }) } else { Ok(()) }
}

/// Why somebody is not chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The policy has no recovery by paper key.
    #[error("the policy of this account has no recovery by paper key; have the policy allow it first")]
    NoPaperKeyRoute,
    /// A recovery case is open.
    #[error("nobody is given a part in recovery while the case `{case}` is open; an owner can veto it first")]
    CaseOpen {
        /// The case.
        case: CaseId,
    },
    /// None, or too many.
    #[error("a recovery user has one recovery address, and {most} at most; give one")]
    Addresses {
        /// The most.
        most: usize,
    },
    /// There are enough of them.
    #[error("this account has {most} recovery users, and there can be no more; remove one first")]
    TooMany {
        /// The most.
        most: usize,
    },
    /// They have not shown that they read each of their addresses.
    #[error("this recovery user has not confirmed each of their addresses; the mail to it has the link that does")]
    NotConfirmed,
    /// They have enough of them.
    #[error("this recovery user has {most} paper keys, and there can be no more; replace or revoke one")]
    TooManyKeys {
        /// The most.
        most: usize,
    },
    /// It would have expired already, or only when nobody remembers it.
    #[error("a paper key expires in the future, on {latest} at the latest, or not at all; give another time")]
    Expiry {
        /// The latest.
        latest: Moment,
    },
    /// It takes no key’s place that works no more.
    #[error("the paper key that this one would replace works no more; issue one without that")]
    KeyEnded,
    /// Then one mailbox would be both.
    #[error("`{email}` is an owner\u{2019}s own address, which may be lost together with the owner; give another")]
    OwnersAddress {
        /// The address.
        email: Email,
    },
    /// Then one mailbox would be two people's.
    #[error(
        "`{email}` is a recovery address in this account already, and each needs a mailbox of its own; give another"
    )]
    AddressTaken {
        /// The address.
        email: Email,
    },
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoPaperKeyRoute => "no_paper_key_route",
            Self::CaseOpen { .. } => "recovery_users_held",
            Self::Addresses { .. } => "recovery_addresses",
            Self::TooMany { .. } => "too_many_recovery_users",
            Self::NotConfirmed => "recovery_user_unconfirmed",
            Self::TooManyKeys { .. } => "too_many_paper_keys",
            Self::Expiry { .. } => "paper_key_expiry",
            Self::KeyEnded => "paper_key_ended",
            Self::OwnersAddress { .. } => "owners_address",
            Self::AddressTaken { .. } => "recovery_address_taken",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::NoPaperKeyRoute
            | Self::CaseOpen { .. }
            | Self::TooMany { .. }
            | Self::NotConfirmed
            | Self::TooManyKeys { .. }
            | Self::KeyEnded
            | Self::AddressTaken { .. } => Severity::Conflict,
            Self::Addresses { .. } | Self::Expiry { .. } | Self::OwnersAddress { .. } => Severity::Unprocessable,
        }
    }
}
