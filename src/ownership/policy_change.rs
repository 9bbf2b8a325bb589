//! Editing an account's recovery policy: what tightens it takes effect at once, what loosens it after the old waiting
//! period, and nothing while a case is open. One change waits at most: a new proposal replaces the one that waits.

use std::collections::BTreeSet;

use jiff::SignedDuration;

pub use super::policy_compare::{Comparison, Direction, FieldChange, Way};
use super::{
    account::{Status, Use},
    refusal::Refusal,
    rights::Rights,
};
use crate::{
    id::{CaseId, UserId},
    moment::Moment,
    recovery::{
        policy::{OwnersAllowed, Policy, Switch},
        proof::FreshProof,
        reach::{self, Counts},
    },
};

/// A change of policy that has not taken effect. Owners see it, and can cancel it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The policy as it will be.
    pub policy: Policy,
    /// Who wants it.
    pub by: UserId,
    /// Since when.
    pub proposed_at: Moment,
    /// From when it can take effect; later if a case is open then.
    pub effective_at: Moment,
}

impl Pending {
    /// Whether it stays, now that these own the account. What somebody wanted who owns it no longer is not the will of
    /// its owners.
    #[must_use]
    pub fn stands(&self, owners: &BTreeSet<UserId>) -> bool {
        owners.contains(&self.by)
    }
}

/// What the account looks like around an edit of its policy.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The policy in force.
    pub policy: &'a Policy,
    /// The account's status.
    pub status: Status,
    /// A change that has not taken effect.
    pub pending: Option<&'a Pending>,
    /// An open case.
    pub open_case: Option<CaseId>,
    /// How many hold ownership.
    pub owners: u32,
    /// How many recovery users have confirmed their address.
    pub recovery_users: u32,
    /// The people on whom recovery rests.
    pub counts: Counts,
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    /// It says what is in force already, or what waits already. A change that waits goes on waiting.
    Unchanged,
    /// It is in force now. A change that waited is gone.
    AtOnce,
    /// It takes effect later, in place of a change that waited.
    Later {
        /// The change.
        pending: Box<Pending>,
        /// What it waits for.
        because: Vec<Because>,
    },
}

/// What a change of policy waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// It loosens the policy: the old waiting period passes first.
    Loosens,
    /// It closes a way of recovery that is open now: the seasoning time passes first.
    ClosesRoute,
    /// A case is open: it ends first.
    CaseOpen(CaseId),
}

/// Why a pending change has not taken effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotYet {
    /// It is too early.
    Before(Moment),
    /// A case is open.
    CaseOpen(CaseId),
    /// It does not fit the account as it is now.
    Refused(Refusal),
}

/// Decides what an owner's edit of the policy becomes.
///
/// # Errors
/// The reason for the refusal.
pub fn propose(
    rights: &Rights,
    _proof: FreshProof,
    by: UserId,
    new: &Policy,
    around: Around<'_>,
    now: Moment,
) -> Result<Proposed, Refusal> {
    preview(rights, by, new, around, now)
}

/// What such an edit would become now. It needs no proof, because nothing comes of it.
///
/// # Errors
/// The reason for which it would be refused.
pub fn preview(
    rights: &Rights,
    by: UserId,
    new: &Policy,
    around: Around<'_>,
    now: Moment,
) -> Result<Proposed, Refusal> {
    rights.require_owner()?;
    around.status.allows(Use::Arrange)?;
    let comparison = Comparison::of(around.policy, new);
    if comparison.direction() == Direction::Same {
        return Ok(Proposed::Unchanged);
    }
    // Asked for once more, what waits does not begin to wait anew.
    if around.pending.is_some_and(|pending| pending.policy == *new) {
        return Ok(Proposed::Unchanged);
    }
    fits(new, around)?;
    let mut because = Vec::new();
    let mut effective_at = now;
    match comparison.direction() {
        Direction::Same | Direction::Tightening => {}
        Direction::Loosening | Direction::Mixed => {
            because.push(Because::Loosens);
            effective_at = effective_at.max(now.after(waiting(around.policy)));
        }
    }
    if closes_route(around.policy, new, around.counts) {
        because.push(Because::ClosesRoute);
        effective_at = effective_at.max(now.after(around.policy.seasoning));
    }
    because.extend(around.open_case.map(Because::CaseOpen));
    if because.is_empty() {
        return Ok(Proposed::AtOnce);
    }
    let pending = Box::new(Pending { policy: new.clone(), by, proposed_at: now, effective_at });
    Ok(Proposed::Later { pending, because })
}

/// Whether a pending change takes effect now.
///
/// # Errors
/// Why not yet. It stays pending.
pub fn take_effect(pending: &Pending, around: Around<'_>, now: Moment) -> Result<(), NotYet> {
    if now < pending.effective_at {
        return Err(NotYet::Before(pending.effective_at));
    }
    if let Some(case) = around.open_case {
        return Err(NotYet::CaseOpen(case));
    }
    around.status.allows(Use::Arrange).map_err(NotYet::Refused)?;
    fits(&pending.policy, around).map_err(NotYet::Refused)
}

/// Decides whether an owner cancels the pending change.
///
/// # Errors
/// The reason for the refusal.
pub fn cancel(rights: &Rights, _proof: FreshProof, pending: Option<&Pending>) -> Result<(), Refusal> {
    rights.require_owner()?;
    pending.map(|_| ()).ok_or(Refusal::NoPolicyChangePending)
}

/// Whether a policy keeps its bounds, and fits the owners and recovery users that there are.
fn fits(new: &Policy, around: Around<'_>) -> Result<(), Refusal> {
    if let Some(problem) = new.check().err().and_then(|problems| problems.into_iter().next()) {
        return Err(Refusal::PolicyOutOfBounds(problem));
    }
    if new.owners == OwnersAllowed::One && around.owners > 1 {
        return Err(Refusal::TooManyOwners { owners: around.owners });
    }
    let more = new.keys_required > around.policy.keys_required && new.paper_key_route == Switch::On;
    if more && new.keys_required > around.recovery_users {
        let (confirmed, required) = (around.recovery_users, new.keys_required);
        return Err(Refusal::TooFewRecoveryUsers { confirmed, required });
    }
    Ok(())
}

/// The old waiting period: the longer one, if both routes are on.
fn waiting(policy: &Policy) -> SignedDuration {
    let of = |route: Switch, period: SignedDuration| match route {
        Switch::On => period,
        Switch::Off => SignedDuration::ZERO,
    };
    of(policy.vote_route, policy.waiting_period).max(of(policy.paper_key_route, policy.key_waiting_period))
}

/// Whether a route that leads to a new owner now would not any more.
fn closes_route(old: &Policy, new: &Policy, counts: Counts) -> bool {
    [reach::vote, reach::keys]
        .iter()
        .any(|route| route(old, counts).is_reachable() && !route(new, counts).is_reachable())
}
