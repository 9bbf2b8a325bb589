//! The primary owner: who it is, and how that follows the owners.

use super::{error::Error, here::Here};
use crate::{
    id::UserId,
    ownership::{member::Member, preset::PrimaryOwner},
    store::{accounts, activity},
};

/// Everybody who holds ownership, those who have held it longest first. Who has got it in this unit of work, and does not
/// stand in the log yet, comes last.
///
/// # Errors
/// When the database fails.
pub(super) async fn owners_by_age(here: &mut Here<'_>) -> Result<Vec<Member>, Error> {
    let order = activity::owners_by_age(here.tx, here.account.id).await?;
    let mut owners = here.owner_members();
    owners.sort_by_key(|owner| order.iter().position(|user| *user == owner.user).unwrap_or(order.len()));
    Ok(owners)
}

/// Sets who is the primary owner after the owners have changed, as `decide` has it. Says who became it.
///
/// # Errors
/// When the database fails.
pub(super) async fn follow(
    here: &mut Here<'_>,
    decide: impl FnOnce(PrimaryOwner, Option<UserId>, &[Member]) -> Option<UserId>,
) -> Result<Option<UserId>, Error> {
    let rule = here.preset()?.ownership.primary_owner;
    let before = here.account.primary_owner;
    let owners = match rule {
        // Nobody is it, whoever owns the account.
        PrimaryOwner::None => Vec::new(),
        PrimaryOwner::One => owners_by_age(here).await?,
    };
    let after = decide(rule, before, &owners);
    if after == before {
        return Ok(None);
    }
    here.account.primary_owner = after;
    accounts::save(here.tx, &mut here.account).await?;
    Ok(after)
}
