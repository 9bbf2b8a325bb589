//! The paper keys of a recovery user: when an owner issues one, and until when it works.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{
    address::Email,
    recovery_user::{RecoveryUser, Refusal},
};
use crate::{
    id::{CaseId, PaperKeyId, UserId},
    moment::Moment,
    paper_key::key::Number,
    recovery::{
        policy::{Policy, Switch},
        proof::FreshProof,
    },
};

/// How many keys in force one recovery user has at most.
pub const MOST: usize = 5;

/// How far ahead a key may expire.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(10 * 365 * 24);

/// A key that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Which.
    pub id: PaperKeyId,
    /// By what it is looked up; printed on its sheet.
    pub number: Number,
    /// Who issued it.
    pub issued_by: UserId,
    /// When.
    pub issued_at: Moment,
    /// From when it works no more, if ever.
    pub expires_at: Option<Moment>,
    /// When it was last shown to work.
    pub drilled_at: Option<Moment>,
    /// Its end, if it was ended.
    pub ended: Option<Ended>,
}

/// The end of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Moment,
    /// How.
    pub how: How,
}

/// How a key was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// An owner revoked it.
    Revoked,
    /// An owner issued another one in its place.
    Superseded,
    /// The account was recovered.
    Recovered,
    /// It was redeemed, for a case.
    Redeemed,
}

impl How {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Revoked, Self::Superseded, Self::Recovered, Self::Redeemed];

    /// Its name, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
            Self::Recovered => "recovered",
            Self::Redeemed => "redeemed",
        }
    }
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It does.
    InForce,
    /// Its time is over.
    Expired,
    /// It was ended.
    Ended(How),
}

impl State {
    /// Its name, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Expired => "expired",
            Self::Ended(how) => how.word(),
        }
    }
}

impl Key {
    /// Whether it works.
    #[must_use]
    pub fn state(&self, now: Moment) -> State {
        match (self.ended, self.expires_at) {
            (Some(ended), _) => State::Ended(ended.how),
            (None, Some(expires_at)) if expires_at <= now => State::Expired,
            (None, _) => State::InForce,
        }
    }
}

/// What an owner asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// From when the key works no more, if ever.
    pub expires_at: Option<Moment>,
    /// The key that it takes the place of, if any.
    pub replaces: Option<PaperKeyId>,
}

/// What the account looks like around it.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The policy in force.
    pub policy: &'a Policy,
    /// An open case.
    pub open_case: Option<CaseId>,
    /// The addresses of everybody who holds ownership.
    pub owners: &'a BTreeSet<Email>,
    /// Whose key it will be.
    pub user: &'a RecoveryUser,
    /// The keys that they have or had.
    pub keys: &'a [Key],
}

/// Decides whether an owner issues a key.
///
/// # Errors
/// The reason for the refusal.
pub fn issue(_proof: FreshProof, wanted: Wanted, around: Around<'_>, now: Moment) -> Result<(), Refusal> {
    if around.policy.paper_key_route == Switch::Off {
        return Err(Refusal::NoPaperKeyRoute);
    }
    if let Some(case) = around.open_case {
        return Err(Refusal::CaseOpen { case });
    }
    if !around.user.is_confirmed() {
        return Err(Refusal::NotConfirmed);
    }
    // Somebody may have become an owner since the address was confirmed.
    if let Some(address) = around.user.addresses.iter().find(|address| around.owners.contains(&address.email)) {
        return Err(Refusal::OwnersAddress { email: address.email.clone() });
    }
    if wanted.expires_at.is_some_and(|at| at <= now || at > now.after(LONGEST)) {
        return Err(Refusal::Expiry { latest: now.after(LONGEST) });
    }
    let in_force = |key: &&Key| key.state(now) == State::InForce;
    if let Some(replaced) = wanted.replaces {
        return around.keys.iter().filter(in_force).find(|key| key.id == replaced).map(drop).ok_or(Refusal::KeyEnded);
    }
    if around.keys.iter().filter(in_force).count() >= MOST {
        return Err(Refusal::TooManyKeys { most: MOST });
    }
    Ok(())
}
