//! Granting and revoking ownership, and who is the primary owner.

use super::{
    account::{self, Use},
    member::{Member, Status},
    preset::{PrimaryOwner, Role, RoleAccess},
    protection::{self, Hand, Touch},
    refusal::Refusal,
    rights::Rights,
};
use crate::{
    id::{CaseId, UserId},
    recovery::{policy::OwnersAllowed, proof::FreshProof},
};

/// What the account looks like around a change of owners.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// All members who hold ownership, those who have held it longest first.
    pub owners: &'a [Member],
    /// How many owners the policy allows.
    pub allowed: OwnersAllowed,
    /// An open case of the account, if there is one.
    pub open_case: Option<CaseId>,
    /// The account's status.
    pub status: account::Status,
}

/// Whether something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did.
    Changed,
    /// It was so before.
    AlreadySo,
}

/// Decides whether a member, who has that role, becomes owner by an owner's act.
///
/// # Errors
/// The reason for the refusal.
pub fn grant(
    rights: &Rights,
    _proof: FreshProof,
    target: &Member,
    role: &Role,
    around: Around<'_>,
) -> Result<Outcome, Refusal> {
    rights.require_owner()?;
    if target.owner {
        return Ok(Outcome::AlreadySo);
    }
    may_change(around)?;
    if around.allowed == OwnersAllowed::One {
        return Err(Refusal::OneOwnerOnly);
    }
    can_own(target, role)?;
    Ok(Outcome::Changed)
}

/// Decides whether an owner stops being one, by their own act or another owner's.
///
/// # Errors
/// The reason for the refusal.
pub fn revoke(rights: &Rights, _proof: FreshProof, target: UserId, around: Around<'_>) -> Result<Outcome, Refusal> {
    rights.require_owner()?;
    let Some(owner) = around.owners.iter().find(|owner| owner.user == target) else {
        return Ok(Outcome::AlreadySo);
    };
    may_change(around)?;
    protection::check(owner, Touch::EndOwnership { owners: around.owners }, Hand::Owner)?;
    Ok(Outcome::Changed)
}

/// Decides whether the primary owner makes another owner the primary one.
///
/// # Errors
/// The reason for the refusal.
pub fn pass_primary(
    rights: &Rights,
    _proof: FreshProof,
    actor: UserId,
    primary: Option<UserId>,
    to: UserId,
    around: Around<'_>,
) -> Result<Outcome, Refusal> {
    rights.require_owner()?;
    if primary != Some(actor) {
        return Err(Refusal::PrimaryOwnerOnly);
    }
    if to == actor {
        return Ok(Outcome::AlreadySo);
    }
    may_change(around)?;
    let fit = around.owners.iter().any(|owner| owner.user == to && owner.is_effective_owner());
    if fit { Ok(Outcome::Changed) } else { Err(Refusal::NotAnOwner) }
}

/// Who is the primary owner after the owners have changed. Whoever was it stays it as long as they own the account; after
/// them comes whoever has owned it longest among those who can act. `owners` are those who hold ownership now, those who
/// have held it longest first.
#[must_use]
pub fn primary(rule: PrimaryOwner, before: Option<UserId>, owners: &[Member]) -> Option<UserId> {
    match rule {
        PrimaryOwner::None => None,
        PrimaryOwner::One => {
            let still = |primary: &UserId| owners.iter().any(|owner| owner.user == *primary);
            let next = || owners.iter().find(|owner| owner.is_effective_owner()).or_else(|| owners.first());
            before.filter(still).or_else(|| next().map(|owner| owner.user))
        }
    }
}

/// Who is the primary owner after a recovery: its nominee.
#[must_use]
pub const fn primary_recovered(rule: PrimaryOwner, nominee: UserId) -> Option<UserId> {
    match rule {
        PrimaryOwner::None => None,
        PrimaryOwner::One => Some(nominee),
    }
}

/// Checks that a member who has that role could become owner.
///
/// # Errors
/// [`Refusal::NotActiveMember`], and [`Refusal::OwnerNeedsAccess`] for a role without access.
pub fn can_own(member: &Member, role: &Role) -> Result<(), Refusal> {
    if member.status != Status::Active || !member.confirmed {
        return Err(Refusal::NotActiveMember);
    }
    match role.access {
        RoleAccess::Given => Ok(()),
        RoleAccess::None => Err(Refusal::OwnerNeedsAccess),
    }
}

/// Checks that the owners can change now.
///
/// # Errors
/// The account's status, or an open case.
pub fn may_change(around: Around<'_>) -> Result<(), Refusal> {
    around.status.allows(Use::ChangeOwners)?;
    match around.open_case {
        Some(case) => Err(Refusal::CaseOpen { case }),
        None => Ok(()),
    }
}
