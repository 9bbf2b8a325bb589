//! How a person shows that it is them, and what a password is worth that had nothing but a mailed code behind it.
//!
//! A stolen mailbox must not become ownership. So a credential that was enrolled on the strength of mail alone remembers
//! since when mail claims it, and hands that claim on to whatever is enrolled with it. A claim by mail outranks no older
//! claim, and nothing that never needed mail: what is outranked ends at once, and everything else goes on working long
//! enough for its holder to act.

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::SignedDuration;

use super::member::Member;
use crate::{
    id::{CredentialId, UserId},
    moment::Moment,
    refusal::Severity,
};

/// For how long a claim by mail alone stays one. Then whoever holds it has used it for so long, unopposed, that it is theirs.
pub const CLAIMED_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);

/// For how long after they first confirmed their address a person's first credential needs nothing but a mailed code.
pub const FIRST_DAY: SignedDuration = SignedDuration::from_hours(24);

/// How many passwords of one person work at a time, at most.
pub const MOST_PASSWORDS: usize = 3;

/// How many passkeys of one person work at a time, at most.
pub const MOST_PASSKEYS: usize = 10;

/// That somebody showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Proof {
    /// When.
    pub at: Moment,
    /// By what.
    pub by: ProvenBy,
}

/// By what somebody showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProvenBy {
    /// A code from their mailbox.
    Code,
    /// A credential of theirs.
    Credential {
        /// Which.
        id: CredentialId,
        /// Since when mail claims it, if nothing better was behind it.
        mail_since: Option<Moment>,
    },
}

impl Proof {
    /// By a code from their mailbox.
    #[must_use]
    pub const fn by_code(at: Moment) -> Self {
        Self { at, by: ProvenBy::Code }
    }

    /// Since when nothing but mail stands behind it; `None` where more does.
    const fn claim(self, now: Moment) -> Option<Moment> {
        match self.by {
            ProvenBy::Code => Some(now),
            ProvenBy::Credential { mail_since, .. } => mail_since,
        }
    }
}

/// What is known of a person who enrols a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// When they first confirmed their address.
    pub confirmed_at: Option<Moment>,
    /// Whether they ever had a credential.
    pub history: History,
}

/// Whether a person ever had a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// This one is their first.
    First,
    /// They had one, be it in force or not.
    Later,
}

/// A credential in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub id: CredentialId,
    /// When it was set, or made.
    pub enrolled_at: Moment,
    /// Since when mail claims it.
    pub mail_since: Option<Moment>,
    /// When it stops working.
    pub ends_at: Option<Moment>,
}

impl Held {
    /// Until when mail alone stands behind it, where it still does at that moment.
    #[must_use]
    pub fn claimed_until(&self, now: Moment) -> Option<Moment> {
        standing(self.mail_since, now).map(|since| since.after(CLAIMED_FOR))
    }
}

/// The claim, while it is one.
fn standing(claim: Option<Moment>, now: Moment) -> Option<Moment> {
    claim.filter(|since| now < since.after(CLAIMED_FOR))
}

/// Since when mail claims what is enrolled now with this proof.
///
/// `None`: more than mail stands behind it. So it is also for somebody's first credential on the day on which they first
/// confirmed their address: whoever reads the mailbox then is the person, as far as anybody can know. Once they have had
/// a credential, more is known of them.
#[must_use]
pub fn enrolled(proof: Proof, person: Person, now: Moment) -> Option<Moment> {
    let first_day = person.confirmed_at.is_some_and(|confirmed| now < confirmed.after(FIRST_DAY));
    match (proof.by, person.history) {
        (ProvenBy::Code, History::First) if first_day => None,
        (ProvenBy::Code | ProvenBy::Credential { .. }, _) => standing(proof.claim(now), now),
    }
}

/// When each of the passwords in force ends, now that another one is set on which mail has this claim. Those that go on
/// as they are, are left out.
#[must_use]
pub fn replaced(claim: Option<Moment>, held: &[Held], now: Moment) -> Vec<(CredentialId, Moment)> {
    let soon = |one: &Held, end: Moment| (one.id, one.ends_at.map_or(end, |earlier| earlier.min(end)));
    let (outranked, mut kept): (Vec<&Held>, Vec<&Held>) = held.iter().partition(|one| outranks(claim, one));
    // The youngest claim by mail comes first and gives way when there are too many, so that nobody who reads a mailbox
    // pushes out what was there before they did.
    kept.sort_by_key(|one| Reverse((standing(one.mail_since, now), one.enrolled_at, one.id)));
    let too_many = (kept.len() + 1).saturating_sub(MOST_PASSWORDS);
    let (give_way, go_on) = kept.split_at_checked(too_many).unwrap_or_default();
    let at_once = outranked.iter().chain(give_way).map(|one| soon(one, now));
    let later = go_on.iter().filter(|one| one.ends_at.is_none_or(|end| end > now.after(CLAIMED_FOR)));
    at_once.chain(later.map(|one| soon(one, now.after(CLAIMED_FOR)))).collect()
}

/// Whether a claim is as good as the one behind a password: made without mail, or as early.
fn outranks(claim: Option<Moment>, held: &Held) -> bool {
    claim.is_none_or(|since| held.mail_since.is_some_and(|other| since <= other))
}

/// Decides whether somebody may remove these of their credentials: all their passwords, or a passkey.
///
/// # Errors
/// Where a mailed code is all that they have shown, or a password that outranks not all of them.
pub fn remove(proof: Proof, held: &[Held], now: Moment) -> Result<(), Refusal> {
    let claim = standing(proof.claim(now), now);
    if held.is_empty() {
        return Ok(());
    }
    match proof.by {
        ProvenBy::Code => Err(Refusal::NeedsCredential { from: None }),
        ProvenBy::Credential { .. } if held.iter().all(|one| outranks(claim, one)) => Ok(()),
        ProvenBy::Credential { .. } => {
            Err(Refusal::NeedsCredential { from: claim.map(|since| since.after(CLAIMED_FOR)) })
        }
    }
}

/// Who in an account is told of a credential of one of its owners or administrators: its other owners; and where none of
/// them can act, its administrators too, who can open a case before it counts.
#[must_use]
pub fn watchers<'a>(whose: UserId, members: impl IntoIterator<Item = &'a Member>) -> BTreeSet<UserId> {
    let others: Vec<&Member> = members.into_iter().filter(|member| member.user != whose).collect();
    let guarded = others.iter().any(|member| member.is_effective_owner());
    let watches = |member: &&Member| member.owner || (!guarded && member.is_active_administrator());
    others.into_iter().filter(watches).map(|member| member.user).collect()
}

/// Why a person's credentials stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Mail alone does not remove what others may rely on.
    #[error("{}", .from.map_or_else(
        || "a mailed code is not enough for this; show with your password or a passkey that it is you, then do it again".to_owned(),
        |from| format!("what you showed was set up with a mailed code alone, so it removes nothing older before {from}; \
                        wait until then, or show with what is older that it is you")
    ))]
    NeedsCredential {
        /// From when the credential suffices that was shown; `None` where none was.
        from: Option<Moment>,
    },
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NeedsCredential { .. } => "needs_credential",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::NeedsCredential { .. } => Severity::Forbidden,
        }
    }
}
