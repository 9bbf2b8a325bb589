//! Granting and revoking ownership.

use super::{
    member::{Member, Rights, Status},
    refusal::Refusal,
};
use crate::{
    id::{CaseId, UserId},
    recovery::{action::FreshProof, policy::OwnersAllowed},
};

/// What the account looks like around a change of owners.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// All members who hold ownership.
    pub owners: &'a [Member],
    /// How many owners the policy allows.
    pub allowed: OwnersAllowed,
    /// An open case of the account, if there is one.
    pub open_case: Option<CaseId>,
}

/// Whether something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did.
    Changed,
    /// It was so before.
    AlreadySo,
}

/// Decides whether a member becomes owner by an owner's act.
///
/// # Errors
/// The reason for the refusal.
pub fn grant(rights: Rights, _proof: FreshProof, target: &Member, around: Around<'_>) -> Result<Outcome, Refusal> {
    require_owner(rights)?;
    if target.owner {
        return Ok(Outcome::AlreadySo);
    }
    refuse_during_case(around)?;
    if around.allowed == OwnersAllowed::One {
        return Err(Refusal::OneOwnerOnly);
    }
    if target.status != Status::Active || !target.confirmed {
        return Err(Refusal::NotActiveMember);
    }
    Ok(Outcome::Changed)
}

/// Decides whether an owner stops being one, by their own act or another owner's.
///
/// # Errors
/// The reason for the refusal.
pub fn revoke(rights: Rights, _proof: FreshProof, target: UserId, around: Around<'_>) -> Result<Outcome, Refusal> {
    require_owner(rights)?;
    if !around.owners.iter().any(|owner| owner.user == target) {
        return Ok(Outcome::AlreadySo);
    }
    refuse_during_case(around)?;
    // INVARIANT 1: somebody who can act as owner must be left.
    let left = around.owners.iter().any(|owner| owner.user != target && owner.is_effective_owner());
    if left { Ok(Outcome::Changed) } else { Err(Refusal::LastOwner) }
}

const fn require_owner(rights: Rights) -> Result<(), Refusal> {
    match rights {
        Rights::Owner => Ok(()),
        Rights::Manager | Rights::None => Err(Refusal::OwnersOnly),
    }
}

const fn refuse_during_case(around: Around<'_>) -> Result<(), Refusal> {
    match around.open_case {
        Some(case) => Err(Refusal::CaseOpen { case }),
        None => Ok(()),
    }
}
