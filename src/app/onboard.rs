//! What members of a parent account may do in its children: invite people, into roles that neither administer nor manage.

use super::{error::Error, here::Here, principal::Principal};
use crate::{
    id::{AccountId, UserId},
    ownership::{
        access::{self, Place, WhyNot},
        rights::Rights,
        scope::Scope,
    },
    store::{
        accounts::{self, Account},
        members,
        tx::Tx,
    },
};

/// The account above another, locked, if whoever calls might have a say in the lower one by it. It is locked before the
/// lower one: locks go from the top down.
///
/// # Errors
/// When the database fails.
pub async fn lock_parent(tx: &mut Tx, principal: &Principal, account: AccountId) -> Result<Option<Account>, Error> {
    if acting_for(principal).is_none() {
        return Ok(None);
    }
    match accounts::parent_of(tx, account).await? {
        Some(parent) => Ok(accounts::lock(tx, parent).await?),
        None => Ok(None),
    }
}

/// What the principal may do when it invites: by their place here, or else by that in the parent account.
///
/// # Errors
/// As [`Here::rights`].
pub async fn rights(here: &mut Here<'_>, principal: &Principal, parent: Option<&Account>) -> Result<Rights, Error> {
    let own = here.rights(principal).await;
    let (Some(parent), Some(user)) = (parent, acting_for(principal)) else { return own };
    match own {
        Ok(own) if own.may_manage().is_ok() => Ok(own),
        Ok(own) => Ok(from_above(here, user, parent).await?.unwrap_or(own)),
        Err(Error::NotFound) => match from_above(here, user, parent).await? {
            Ok(rights) => Ok(rights),
            Err(WhyNot::Account(refusal)) => Err(refusal.into()),
            // Whoever may not onboard people may not know of the account either.
            Err(
                WhyNot::Unknown { .. }
                | WhyNot::NotAMember
                | WhyNot::UnknownSubject
                | WhyNot::UnknownResource
                | WhyNot::NotAccepted
                | WhyNot::Suspended
                | WhyNot::OwnersOnly
                | WhyNot::NoAccess { .. }
                | WhyNot::RoleLacks { .. }
                | WhyNot::RoleUnknown { .. }
                | WhyNot::NoChildren,
            ) => Err(Error::NotFound),
        },
        Err(other) => Err(other),
    }
}

async fn from_above(here: &mut Here<'_>, user: UserId, parent: &Account) -> Result<Result<Rights, WhyNot>, Error> {
    let member = members::find(here.tx, parent.id, user).await?.map(|stored| stored.member);
    let place = Place { preset: here.app.preset_of(parent)?, status: parent.status, depth: parent.depth };
    Ok(access::onboarder(member.as_ref(), place, here.account.status))
}

/// The person whose place in the parent account counts: whoever calls, or for whom a token manages members.
fn acting_for(principal: &Principal) -> Option<UserId> {
    match principal {
        Principal::Person { user, within: None, .. } => Some(*user),
        // An account below the one that a session is for is another account.
        Principal::Person { within: Some(_), .. } => None,
        Principal::Platform { scopes, on_behalf_of, .. } if scopes.contains(&Scope::MembersManage) => *on_behalf_of,
        Principal::Operator { .. } | Principal::Platform { .. } => None,
    }
}
