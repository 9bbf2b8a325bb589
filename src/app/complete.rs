//! What the completion of a case does, in its one transaction.

use super::{
    account_status, cancel_policy, change_webhook, error::Error, here::Here, issue_paper_key, primary, redeem_key,
    set_sign_on, transfers,
};
use crate::{
    ownership::{actor, member::Status, owner::primary_recovered},
    recovery::{case::Case, terms::Route},
    store::{activity, error::DbError, links, members, roster, sessions, sign_ons},
};

/// Does what the terms say, and ends everything by which the replaced owners could act.
pub(super) async fn complete(here: &mut Here<'_>, case: &Case) -> Result<(), Error> {
    // The entry that tells of it.
    let (account, told) = (here.account.id, here.account.head.seq);
    let removed = case.terms.removed_owners();
    let mut owner_members = here.owner_members();
    owner_members.retain(|owner| removed.contains(&owner.user));
    let before = roster::load(here.tx, account).await?;
    let mut after = before.clone();
    for mut owner in owner_members {
        owner.owner = false;
        owner.status = Status::Suspended;
        members::save(here.tx, account, &owner).await?;
        sessions::end_all(here.tx, owner.user, here.now).await?;
        sign_ons::unpin(here.tx, account, owner.user).await?;
        links::kill_of_user_in_account(here.tx, owner.user, account, here.now).await?;
        // A replaced owner has no standing; given access again, they season like anybody else.
        after.entries.remove(&owner.user);
    }
    roster::save(here.tx, account, &before, &after).await?;
    set_sign_on::recovered(here, &removed).await?;
    let mut nominee = match case.terms.route {
        Route::Vote => members::find(here.tx, account, case.terms.nominee.id).await?.ok_or(Error::NotFound)?.member,
        Route::Keys => redeem_key::join(here, case.terms.nominee.id).await?,
    };
    nominee.owner = true;
    members::save(here.tx, account, &nominee).await?;
    here.look_again().await?;
    primary::follow(here, |rule, _, _| primary_recovered(rule, case.terms.nominee.id)).await?;
    transfers::recovered(here, case.id()).await?;
    cancel_policy::settle(here, actor::Actor::Service).await?;
    issue_paper_key::recovered(here).await?;
    if !removed.is_empty() {
        change_webhook::recovered(here, told).await?;
    }
    account_status::recovered(here, case.id()).await
}

/// INVARIANT 1 and 29, in production: the account has an owner who can act, and the log tells of the same owners as the
/// tables. Otherwise nothing completes.
pub(super) async fn check_owners(here: &mut Here<'_>) -> Result<(), Error> {
    let effective = here.key_people.iter().any(|person| person.member.is_effective_owner());
    let recorded = activity::owners(here.tx, here.account.id).await?;
    if effective && recorded == here.owners() {
        return Ok(());
    }
    tracing::error!(account = %here.account.id, "a completion was stopped: the owners are not those that the activity log tells of; run `quorate audit verify`");
    Err(DbError::corrupt("members", here.account.id).into())
}
