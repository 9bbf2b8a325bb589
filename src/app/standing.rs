//! How the roster follows a change of access.

use super::{
    act,
    error::Error,
    here::Here,
    principal::Principal,
    tell_roster::{self, News},
};
use crate::{
    id::{ChangeId, UserId},
    mail::facts::{RosterEvent, Standing},
    ownership::{account::FOUNDING, rights::Rights},
    recovery::roster::{Added, Authority, Joined, Removed},
    store::roster,
};

/// By whose authority a principal changes the set of administrators. An owner must prove that it is them; a token is
/// nobody of the account, also when it acts for somebody, and neither is whoever has only a provider's word.
///
/// # Errors
/// When an owner's proof is missing.
pub async fn authority(
    here: &mut Here<'_>,
    principal: &Principal,
    rights: &Rights,
    concerned: UserId,
) -> Result<Authority, Error> {
    match (principal, rights) {
        (Principal::Person { user, within: None, .. }, _) if *user == concerned => Ok(Authority::Themselves),
        (Principal::Person { .. }, Rights::Owner) => {
            here.fresh_proof(principal).await?;
            Ok(Authority::Owner)
        }
        (
            Principal::Person { user, within: None, .. },
            Rights::Role(_) | Rights::Platform { .. } | Rights::Onboarder | Rights::None,
        ) => Ok(Authority::Other(*user)),
        (Principal::Person { within: Some(_), .. } | Principal::Operator { .. } | Principal::Platform { .. }, _) => {
            Ok(Authority::Outside)
        }
    }
}

/// Somebody became an administrator, or became one again: the roster follows, and those concerned are alerted.
///
/// # Errors
/// When the database fails.
pub async fn added(
    here: &mut Here<'_>,
    user: UserId,
    joined: Joined,
    by: Authority,
    principal: &Principal,
) -> Result<Added, Error> {
    let young = here.now.since(here.account.created_at) <= FOUNDING;
    let by = if by == Authority::Owner && young { Authority::Founding } else { by };
    let added = enter(here, user, joined, by).await?;
    let (event, standing) = match added {
        Added::Restored => (RosterEvent::Restored, Standing::Now),
        Added::StandsFrom(from) if from <= here.now => (RosterEvent::Added, Standing::Now),
        Added::StandsFrom(from) => (RosterEvent::Added, Standing::From { from }),
        Added::NeedsConfirmation(_) => {
            let seasoning = here.account.policy.seasoning;
            (RosterEvent::Added, Standing::NeedsConfirmation { seasoning })
        }
    };
    tell_roster::tell(here, &News { event, person: user, standing, contestable: None }, principal).await?;
    Ok(added)
}

/// Puts somebody on the roster without telling anybody, as when an account is created.
///
/// # Errors
/// When the database fails.
pub async fn enter(here: &mut Here<'_>, user: UserId, joined: Joined, by: Authority) -> Result<Added, Error> {
    let change: ChangeId = here.app.chance.id(here.now);
    let owners = here.owners();
    let before = roster::load(here.tx, here.account.id).await?;
    let mut after = before.clone();
    let added = after.add(user, joined, by, change, here.circumstances(&owners));
    roster::save(here.tx, here.account.id, &before, &after).await?;
    Ok(added)
}

/// Somebody stopped being an administrator, or lost their access: the roster follows, those concerned are alerted, and
/// after an owner's act or their own they lose their ballots.
///
/// # Errors
/// When the database fails.
pub async fn removed(
    here: &mut Here<'_>,
    user: UserId,
    by: Authority,
    event: RosterEvent,
    principal: &Principal,
) -> Result<Removed, Error> {
    let change: ChangeId = here.app.chance.id(here.now);
    let owners = here.owners();
    let before = roster::load(here.tx, here.account.id).await?;
    let stood = before.why_not(user, here.now, &owners).is_none();
    let mut after = before.clone();
    let removed = after.remove(user, by, change, here.circumstances(&owners));
    roster::save(here.tx, here.account.id, &before, &after).await?;
    match (by, principal) {
        (Authority::Owner | Authority::Themselves | Authority::Founding, Principal::Person { user: actor, .. }) => {
            act::lose_ballots(here, user, *actor).await?;
        }
        (
            Authority::Owner | Authority::Themselves | Authority::Founding | Authority::Other(_) | Authority::Outside,
            _,
        ) => {}
    }
    let (standing, contestable) = match removed {
        Removed::AtOnce if stood => (Standing::Ended, None),
        Removed::AtOnce => (Standing::Never, None),
        Removed::Ending { change, until } => (Standing::Until { until }, Some(change)),
        Removed::StillContested { .. } => (Standing::UntilConfirmed, None),
    };
    tell_roster::tell(here, &News { event, person: user, standing, contestable }, principal).await?;
    Ok(removed)
}
