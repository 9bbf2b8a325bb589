//! Founding an account: its row, its first owner, and the administrators it begins with.

use std::collections::BTreeSet;

use super::{
    app::App,
    error::Error,
    here::Here,
    invite::{self, NewPerson, name, send_invitation},
    principal::Principal,
    standing,
    tell_case::named,
};
use crate::{
    activity::{chain::Head, entry::Draft},
    id::{AccountId, UserId},
    mail::facts::Invitee,
    ownership::{
        account::Status,
        member::{self, Member},
        owner,
        preset::Preset,
    },
    recovery::{
        policy::Policy,
        roster::{Authority, Joined},
    },
    store::{
        accounts::{self, Account},
        members::{self, Stored},
        tx::Tx,
        users,
    },
};

/// What a new account begins with.
pub struct Founding<'a> {
    /// Its name, checked.
    pub name: String,
    /// The preset that it is made from.
    pub preset: &'a Preset,
    /// Its policy, checked.
    pub policy: Policy,
    /// The account that it stands below, which this unit of work has locked.
    pub parent: Option<&'a Account>,
    /// What others file it under, checked.
    pub reference: Option<String>,
    /// Who owns it first.
    pub first_user: &'a NewPerson,
    /// Who administers it besides.
    pub administrators: &'a [NewPerson],
    /// How its first owner begins.
    pub first_owner: FirstOwner,
    /// Who creates it.
    pub principal: &'a Principal,
}

/// How the first owner of a new account begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstOwner {
    /// They get an invitation; or, if they create the account themselves, own it at once.
    Invited,
    /// With the invitation to the account above, which they own first too, they accept this one.
    AcceptsAbove,
}

/// Founds an account.
///
/// # Errors
/// When a name is none, or the database fails.
pub async fn found(tx: &mut Tx, app: &App, new: Founding<'_>) -> Result<Account, Error> {
    let now = app.now();
    let id: AccountId = app.chance.id(now);
    let their_name = name("/first_user/name", &new.first_user.name)?;
    let first = users::find_or_create(tx, app.chance.id(now), &new.first_user.email, &their_name, now).await?.id;
    let seat = Member {
        user: first,
        role: new.preset.first_role.clone(),
        administrator: true,
        status: member::Status::Invited,
        confirmed: false,
        owner: true,
    };
    let account = Account {
        id,
        name: new.name.clone(),
        preset: new.preset.name.clone(),
        policy: new.policy.clone(),
        status: Status::Pending,
        parent: new.parent.map(|parent| parent.id),
        depth: new.parent.map_or(0, |parent| parent.depth + 1),
        reference: new.reference.clone(),
        primary_owner: owner::primary(new.preset.ownership.primary_owner, None, std::slice::from_ref(&seat)),
        created_at: now,
        version: 1,
        head: Head::START,
    };
    accounts::insert(tx, &account).await?;
    let mut here = Here::enter(tx, app, account.id).await?;
    let stored = take(&mut here, &seat).await?;
    here.look_again().await?;
    here.record(created(&here.account, new.principal, &stored)).await?;
    first_owner(&mut here, &new, &stored).await?;
    for (place, person) in new.administrators.iter().enumerate() {
        administrator(&mut here, &new, place, person).await?;
    }
    Ok(here.account)
}

fn created(account: &Account, principal: &Principal, first: &Stored) -> Draft {
    let draft = Draft::new("account.created", principal.actor())
        .user(first.member.user)
        .owners(BTreeSet::from([first.member.user]), BTreeSet::new())
        .with("preset", account.preset.clone())
        .personal("account_name", account.name.clone())
        .personal("name", first.name.clone())
        .personal("email", first.email.clone());
    let draft = match account.parent {
        Some(parent) => draft.with("parent", parent.to_string()),
        None => draft,
    };
    match &account.reference {
        Some(reference) => draft.personal("reference", reference.clone()),
        None => draft,
    }
}

async fn first_owner(here: &mut Here<'_>, new: &Founding<'_>, stored: &Stored) -> Result<(), Error> {
    match (new.first_owner, person(new.principal)) {
        (FirstOwner::AcceptsAbove, _) => Ok(()),
        // Whoever creates it for themselves has shown that the address is theirs when they signed in.
        (FirstOwner::Invited, Some(creator)) if creator == stored.member.user => {
            invite::accept(here, creator, new.principal).await.map(drop)
        }
        (FirstOwner::Invited, Some(creator)) => {
            let inviter = named(here, creator).await?;
            send_invitation(here, stored, Some(inviter), Invitee::FirstOwner).await
        }
        (FirstOwner::Invited, None) => send_invitation(here, stored, None, Invitee::FirstOwner).await,
    }
}

const fn person(principal: &Principal) -> Option<UserId> {
    match principal {
        Principal::Person { user, .. } => Some(*user),
        Principal::Operator { .. } | Principal::Platform { .. } => None,
    }
}

async fn administrator(here: &mut Here<'_>, new: &Founding<'_>, place: usize, person: &NewPerson) -> Result<(), Error> {
    let their_name = name(&format!("/administrators/{place}/name"), &person.name)?;
    let fresh = here.app.chance.id(here.now);
    let user = users::find_or_create(here.tx, fresh, &person.email, &their_name, here.now).await?.id;
    let seat = Member {
        user,
        role: new.preset.first_role.clone(),
        administrator: true,
        status: member::Status::Invited,
        confirmed: false,
        owner: false,
    };
    let stored = take(here, &seat).await?;
    let draft = Draft::new("member.invited", new.principal.actor())
        .user(user)
        .with("role", stored.member.role.clone())
        .personal("name", stored.name.clone())
        .personal("email", stored.email.clone());
    here.record(draft).await?;
    send_invitation(here, &stored, None, Invitee::Administrator).await
}

/// Makes somebody an invited member, with standing from the beginning.
async fn take(here: &mut Here<'_>, seat: &Member) -> Result<Stored, Error> {
    let account: AccountId = here.account.id;
    members::insert(here.tx, account, seat, here.now).await?;
    standing::enter(here, seat.user, Joined::NotYet, Authority::Founding).await?;
    members::find(here.tx, account, seat.user).await?.ok_or(Error::NotFound)
}
