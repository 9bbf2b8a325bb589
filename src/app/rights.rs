//! What a principal may see and do in an account.

use super::{
    error::{Access, Error},
    here::Here,
    principal::{Principal, Scope},
};
use crate::{
    id::{AccountId, UserId},
    ownership::{
        access::{self, WhyNot},
        member::Status,
        permission::Permission,
        preset::Preset,
        refusal::Refusal,
        rights::Rights,
    },
    store::{cases, members, tx::Tx},
};

/// What the principal may do in the account, as far as managing members goes. Who may not know that the account exists
/// gets [`Error::NotFound`].
///
/// # Errors
/// As said; [`Refusal::Suspended`] for members without access; [`Access::NeedsScope`] for tokens.
pub async fn rights(tx: &mut Tx, principal: &Principal, account: AccountId, preset: &Preset) -> Result<Rights, Error> {
    principal.reaches(account)?;
    match principal {
        Principal::Person { user, .. } => rights_of(tx, *user, account, preset).await,
        Principal::Operator { .. } => Ok(Rights::None),
        Principal::Platform { scopes, on_behalf_of, .. } => {
            let manages = scopes.contains(&Scope::MembersManage);
            match on_behalf_of {
                None if manages => Ok(Rights::platform(preset)),
                None => Ok(Rights::None),
                Some(user) => {
                    let rights = rights_of(tx, *user, account, preset).await?;
                    Ok(if manages { rights.on_behalf(preset) } else { Rights::None })
                }
            }
        }
    }
}

async fn rights_of(tx: &mut Tx, user: UserId, account: AccountId, preset: &Preset) -> Result<Rights, Error> {
    let stored = members::find(tx, account, user).await?.ok_or(Error::NotFound)?;
    Ok(Rights::of(&stored.member, preset)?)
}

/// Checks that somebody has a permission in an account that is locked.
///
/// # Errors
/// [`Error::NotFound`] for whoever is no member, and otherwise why not.
pub async fn require(here: &mut Here<'_>, user: UserId, permission: Permission) -> Result<(), Error> {
    let stored = members::find(here.tx, here.account.id, user).await?;
    match access::decide(permission.name(), stored.as_ref().map(|stored| &stored.member), here.place()?) {
        access::Decision::Allow(_) => Ok(()),
        access::Decision::Deny(why) => Err(refused(why, permission)),
    }
}

/// Why somebody has not a permission, as an answer to their own call.
#[must_use]
pub fn refused(why: WhyNot, permission: Permission) -> Error {
    match why {
        // Whoever is no member may not know that the account exists.
        WhyNot::NotAMember | WhyNot::UnknownSubject | WhyNot::UnknownResource => Error::NotFound,
        WhyNot::Suspended => Refusal::Suspended.into(),
        WhyNot::Account(refusal) => refusal.into(),
        WhyNot::NoChildren => Refusal::NoChildren.into(),
        WhyNot::Unknown { .. }
        | WhyNot::NotAccepted
        | WhyNot::OwnersOnly
        | WhyNot::NoAccess { .. }
        | WhyNot::RoleLacks { .. }
        | WhyNot::RoleUnknown { .. } => Refusal::LacksPermission { permission: permission.name() }.into(),
    }
}

/// Checks that the principal may read the account.
///
/// # Errors
/// [`Error::NotFound`] when they may not know that it exists.
pub async fn may_read(tx: &mut Tx, principal: &Principal, account: AccountId) -> Result<(), Error> {
    may_read_among(tx, principal, account, &[]).await
}

/// The same where some members of the account have been read already.
///
/// # Errors
/// As [`may_read`].
pub async fn may_read_among(
    tx: &mut Tx,
    principal: &Principal,
    account: AccountId,
    known: &[members::Stored],
) -> Result<(), Error> {
    principal.reaches(account)?;
    let user = match principal {
        Principal::Operator { .. } => return Ok(()),
        Principal::Platform { scopes, .. } if !scopes.contains(&Scope::Read) => {
            return Err(Access::NeedsScope { scope: Scope::Read.name() }.into());
        }
        Principal::Platform { on_behalf_of: None, .. } => return Ok(()),
        Principal::Platform { on_behalf_of: Some(user), .. } | Principal::Person { user, .. } => *user,
    };
    let status = match known.iter().find(|member| member.member.user == user) {
        Some(member) => member.member.status,
        None => members::find(tx, account, user).await?.ok_or(Error::NotFound)?.member.status,
    };
    match status {
        Status::Suspended => Err(Refusal::Suspended.into()),
        Status::Invited | Status::Active => Ok(()),
    }
}

/// Whether somebody is told who was chosen to hold paper keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHolders {
    /// They are.
    Named,
    /// They are not, and read the log without their names.
    Unnamed,
}

/// Whether the principal, who may read the account, is told who was chosen to hold paper keys: its owners are, who chose them, and operators,
/// who have the database. Nobody else needs to know whom to rob; no token of a product does, also where it acts for an owner.
///
/// # Errors
/// When the database fails.
pub async fn key_holders(tx: &mut Tx, principal: &Principal, account: AccountId) -> Result<KeyHolders, Error> {
    let named = match principal {
        Principal::Person { user, .. } => {
            let stored = members::find(tx, account, *user).await?;
            stored.is_some_and(|stored| stored.member.is_effective_owner())
        }
        Principal::Operator { .. } => true,
        Principal::Platform { .. } => false,
    };
    Ok(if named { KeyHolders::Named } else { KeyHolders::Unnamed })
}

/// Checks that the principal may read a case: who may read the account, its electors, and the owners it would replace,
/// also when they are no longer members.
///
/// # Errors
/// [`Error::NotFound`] when they may not know that it exists.
pub async fn may_read_case(
    tx: &mut Tx,
    principal: &Principal,
    account: AccountId,
    case: &cases::Stored,
) -> Result<(), Error> {
    principal.reaches(account)?;
    if let Principal::Person { user, .. } = principal {
        let named = case.case.terms.owners.iter().any(|owner| owner.id == *user);
        if named || case.case.electors.contains_key(user) {
            return Ok(());
        }
    }
    may_read(tx, principal, account).await
}
