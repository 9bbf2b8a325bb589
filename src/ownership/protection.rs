//! What protects an owner: one function that every act that could touch one asks, at every door.

use super::{
    member::Member,
    preset::{Role, RoleAccess},
    refusal::Refusal,
};

/// What somebody is about to do to a member who may be an owner.
#[derive(Debug, Clone, Copy)]
pub enum Touch<'a> {
    /// Suspend them.
    Suspend,
    /// Give them this role.
    GiveRole(&'a Role),
    /// Change their e-mail address.
    ChangeEmail,
    /// Change, reset or replace their password, passkeys or devices.
    ChangeCredentials,
    /// Delete them from the account.
    Delete,
    /// Let them leave.
    Leave,
    /// End their ownership, without anybody taking it in the same step.
    EndOwnership {
        /// Everybody who holds ownership now, they included.
        owners: &'a [Member],
    },
}

/// Whose hand it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// Their own.
    Their,
    /// Another owner's.
    Owner,
    /// Anybody else's: an administrator, a token, a directory, the operator, a member of the parent account.
    Else,
}

/// What an owner keeps as long as they are owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kept {
    /// Their access.
    Access,
    /// A role with access, which only owners change.
    Role,
    /// Their address.
    Email,
    /// Their password, passkeys and devices, which they alone change.
    Credentials,
    /// Their place in the account.
    Place,
}

/// Checks that a member may be touched in that way.
///
/// # Errors
/// [`Refusal::OwnerProtected`] with what is protected, and [`Refusal::LastOwner`]; each names the way out.
pub fn check(target: &Member, touch: Touch<'_>, hand: Hand) -> Result<(), Refusal> {
    // INVARIANT: while a member is owner, nobody at all, not even they, takes away their access or their address.
    let kept = match (touch, hand) {
        (Touch::Suspend, _) => Kept::Access,
        (Touch::ChangeEmail, _) => Kept::Email,
        (Touch::Delete | Touch::Leave, _) => Kept::Place,
        (Touch::GiveRole(role), _) if role.access == RoleAccess::None => Kept::Role,
        (Touch::GiveRole(_), Hand::Their | Hand::Owner) => return Ok(()),
        (Touch::GiveRole(_), Hand::Else) => Kept::Role,
        (Touch::ChangeCredentials, Hand::Their) => return Ok(()),
        (Touch::ChangeCredentials, Hand::Owner | Hand::Else) => Kept::Credentials,
        (Touch::EndOwnership { owners }, _) => return one_is_left(target, owners),
    };
    if target.owner { Err(Refusal::OwnerProtected { kept }) } else { Ok(()) }
}

/// INVARIANT 1: somebody who can act as owner is left.
fn one_is_left(target: &Member, owners: &[Member]) -> Result<(), Refusal> {
    let left = owners.iter().any(|owner| owner.user != target.user && owner.is_effective_owner());
    if left || !target.owner { Ok(()) } else { Err(Refusal::LastOwner) }
}
