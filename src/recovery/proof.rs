//! Fresh proof: somebody has just shown who they are, by more than mail.
//!
//! A stolen mailbox must not become ownership. So a mailed code is no proof, and a credential that had nothing but mail
//! behind it counts only once those who could object to it had the time to, and in no case that was open before.

use jiff::SignedDuration;

use super::refusal::Refusal;
use crate::{
    moment::Moment,
    ownership::credential::{CLAIMED_FOR, Proof, ProvenBy},
};

/// How long what somebody has shown is fresh.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);

/// For how long those who were told of a credential can object before it counts, where mail alone stands behind it.
pub const TOLD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Who they are, as they showed it within the last five minutes by whatever they have, a mailed code too. It is enough to
/// enrol a credential. Only [`Shown::of`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shown(Proof);

impl Shown {
    /// What they showed, if it was at most five minutes ago and not in the future.
    ///
    /// # Errors
    /// [`Refusal::NeedsFreshProof`] otherwise.
    pub fn of(proof: Option<Proof>, now: Moment) -> Result<Self, Refusal> {
        match proof {
            Some(proof) if proof.at <= now && now.since(proof.at) <= FRESH_FOR => Ok(Self(proof)),
            Some(_) | None => Err(Refusal::NeedsFreshProof),
        }
    }

    /// What they showed, for what concerns them alone and no account: whoever has a credential shows one that counts
    /// whoever was told of it.
    ///
    /// # Errors
    /// As [`FreshProof::of`].
    pub fn of_themselves(proof: Option<Proof>, holds: Holds, now: Moment) -> Result<Self, Refusal> {
        match holds {
            Holds::MailboxOnly => Self::of(proof, now),
            Holds::Credential => match FreshProof::of(proof, Told::NotAll, now) {
                Ok(_) => Self::of(proof, now),
                // Nobody is led to show a code first, only to hear that it was not enough.
                Err(Refusal::NeedsFreshProof) => Err(Refusal::NeedsCredential),
                Err(refusal) => Err(refusal),
            },
        }
    }

    /// When, and by what.
    #[must_use]
    pub const fn proof(self) -> Proof {
        self.0
    }
}

/// What somebody could show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holds {
    /// A credential.
    Credential,
    /// Nothing but codes from their mailbox.
    MailboxOnly,
}

/// Whether those who could object to a credential in an account were told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Told {
    /// The mail server of each has taken the alert.
    All {
        /// When the last one did.
        last: Moment,
    },
    /// A recovery made its holder owner there, and they had it made with the link that they got for it. Whoever could object to them
    /// was told, and had the waiting period for it, before it was.
    Waited {
        /// When it was made.
        at: Moment,
    },
    /// Not of each, or not yet, or there was nobody to tell.
    NotAll,
}

/// From when a credential counts as proof where it was told so. Whoever cannot be told does not hold it up for ever: it
/// then counts once nobody has taken it back for as long as a claim by mail lasts.
fn counts_from(mail_since: Moment, told: Told) -> Moment {
    let unopposed = mail_since.after(CLAIMED_FOR);
    match told {
        Told::All { last } => unopposed.min(last.after(TOLD_FOR)),
        Told::Waited { at } => unopposed.min(at),
        Told::NotAll => unopposed,
    }
}

/// Proof that the actor is who they are, given within the last five minutes by a credential that counts in this account.
/// Only [`FreshProof::of`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FreshProof {
    /// From when it counts here; `None` where it always did.
    counts_from: Option<Moment>,
}

impl FreshProof {
    /// The proof, if what they showed is fresh and counts. `told` says who knows of the credential in the account; where
    /// mail never stood alone behind it, nobody has to.
    ///
    /// # Errors
    /// [`Refusal::NeedsFreshProof`], [`Refusal::NeedsCredential`] or [`Refusal::CredentialTooNew`].
    pub fn of(proof: Option<Proof>, told: Told, now: Moment) -> Result<Self, Refusal> {
        match Shown::of(proof, now)?.proof().by {
            ProvenBy::Code => Err(Refusal::NeedsCredential),
            ProvenBy::Credential { mail_since: None, .. } => Ok(Self { counts_from: None }),
            ProvenBy::Credential { mail_since: Some(since), .. } => match counts_from(since, told) {
                from if now < from => Err(Refusal::CredentialTooNew { from }),
                from => Ok(Self { counts_from: Some(from) }),
            },
        }
    }

    /// Decides whether it counts in a case that was opened then. Those who were told of the credential may have opened the
    /// case because of it.
    ///
    /// # Errors
    /// [`Refusal::CredentialNewerThanCase`].
    pub fn in_case(self, opened_at: Moment) -> Result<(), Refusal> {
        match self.counts_from {
            Some(from) if opened_at < from => Err(Refusal::CredentialNewerThanCase { from }),
            Some(_) | None => Ok(()),
        }
    }
}

/// What a person's proof would be worth if they showed now the best of what they have.
///
/// # Errors
/// [`Refusal::NeedsCredential`] where they have nothing; [`Refusal::CredentialTooNew`] with the first moment at which one
/// counts.
pub fn at_best(held: impl IntoIterator<Item = (ProvenBy, Told)>, now: Moment) -> Result<FreshProof, Refusal> {
    let shown = held.into_iter().map(|(by, told)| FreshProof::of(Some(Proof { at: now, by }), told, now));
    let rank = |shown: &Result<FreshProof, Refusal>| match shown {
        Ok(proof) => (0, proof.counts_from),
        Err(Refusal::CredentialTooNew { from }) => (1, Some(*from)),
        Err(_) => (2, None),
    };
    shown.min_by_key(rank).unwrap_or(Err(Refusal::NeedsCredential))
}
