//! Creating an account with its first owner and, if named, its administrators.

use std::collections::BTreeSet;

use super::{
    app::App,
    error::{Access, Error, Invalid},
    here::Here,
    invite::{NewPerson, name, send_invitation},
    primary,
    principal::{Principal, Scope},
    standing,
};
use crate::{
    activity::{chain::Head, entry::Draft},
    id::AccountId,
    mail::facts::Invitee,
    ownership::{
        account::Status,
        member::{self, Member},
        owner,
        preset::{self, Preset},
    },
    recovery::{
        policy::{OutOfBounds, Policy},
        roster::{Authority, Joined},
    },
    store::{
        accounts::{self, Account},
        db::Unit,
        members::{self, Stored},
        tx::Tx,
        users,
    },
};

/// Creating an account.
pub struct CreateAccount {
    /// The service.
    pub app: App,
    /// Its name.
    pub name: String,
    /// The preset; the recommended one if none is named.
    pub preset: Option<String>,
    /// Who owns it first.
    pub first_user: NewPerson,
    /// Who administers it, besides the first user.
    pub administrators: Vec<NewPerson>,
    /// Fields of the policy that differ from the preset's, by name.
    pub policy: serde_json::Map<String, serde_json::Value>,
    /// Who creates it.
    pub principal: Principal,
}

impl Unit for CreateAccount {
    type Out = Account;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Account, Error> {
        create(tx, self).await
    }
}

/// Creates an account.
///
/// # Errors
/// Why it is refused.
pub async fn create(tx: &mut Tx, asked: &CreateAccount) -> Result<Account, Error> {
    match &asked.principal {
        Principal::Operator { .. } => {}
        Principal::Platform { scopes, on_behalf_of: None, .. } if scopes.contains(&Scope::AccountsCreate) => {}
        Principal::Platform { .. } => return Err(Access::NeedsScope { scope: Scope::AccountsCreate.name() }.into()),
        Principal::Person { .. } => return Err(Access::OperatorsOnly.into()),
    }
    let preset = Preset::named(asked.preset.as_deref().unwrap_or(preset::DEFAULT))?;
    check_people(asked)?;
    let app = &asked.app;
    let now = app.now();
    let policy = policy(&preset, &asked.policy)?;
    let account = Account {
        id: app.chance.id::<crate::id::kind::Account>(now),
        name: name("/name", &asked.name)?,
        preset: preset.name.clone(),
        policy,
        status: Status::Pending,
        parent: None,
        depth: 0,
        reference: None,
        primary_owner: None,
        created_at: now,
        version: 1,
        head: Head::START,
    };
    accounts::insert(tx, &account).await?;
    let id: AccountId = account.id;
    let mut here = Here::enter(tx, app, id).await?;
    first_owner(&mut here, asked, &preset).await?;
    for (place, person) in asked.administrators.iter().enumerate() {
        administrator(&mut here, asked, &preset, place, person).await?;
    }
    Ok(here.account)
}

/// The preset's policy with some fields replaced, all within their bounds.
fn policy(preset: &Preset, changes: &serde_json::Map<String, serde_json::Value>) -> Result<Policy, Error> {
    let mut fields = serde_json::to_value(&preset.policy).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        fields.extend(changes.clone());
    }
    let policy: Policy = serde_json::from_value(fields).map_err(|error| {
        Error::invalid("/policy", format!("not a policy: {error}; lengths of time are written like `72h`"))
    })?;
    let problem =
        |wrong: OutOfBounds| Invalid { pointer: format!("/policy/{}", wrong.field), detail: wrong.to_string() };
    policy.check().map_err(|problems| Error::Invalid(problems.into_iter().map(problem).collect()))?;
    Ok(policy)
}

fn check_people(asked: &CreateAccount) -> Result<(), Error> {
    let mut seen = BTreeSet::from([&asked.first_user.email]);
    for (place, person) in asked.administrators.iter().enumerate() {
        if !seen.insert(&person.email) {
            let pointer = format!("/administrators/{place}/email");
            return Err(Error::invalid(pointer, "this address is named twice; name each person once"));
        }
    }
    Ok(())
}

async fn first_owner(here: &mut Here<'_>, asked: &CreateAccount, preset: &Preset) -> Result<(), Error> {
    let stored = seat(here, preset, &asked.first_user, "/first_user/name", Seat::Owner).await?;
    here.look_again().await?;
    primary::follow(here, owner::primary).await?;
    let draft = Draft::new("account.created", asked.principal.actor())
        .user(stored.member.user)
        .owners(BTreeSet::from([stored.member.user]), BTreeSet::new())
        .with("preset", preset.name.clone())
        .personal("account_name", here.account.name.clone())
        .personal("name", stored.name.clone())
        .personal("email", stored.email.clone());
    here.record(draft).await?;
    send_invitation(here, &stored, None, Invitee::FirstOwner).await
}

async fn administrator(
    here: &mut Here<'_>,
    asked: &CreateAccount,
    preset: &Preset,
    place: usize,
    person: &NewPerson,
) -> Result<(), Error> {
    let stored = seat(here, preset, person, &format!("/administrators/{place}/name"), Seat::Administrator).await?;
    let draft = Draft::new("member.invited", asked.principal.actor())
        .user(stored.member.user)
        .with("role", stored.member.role.clone())
        .personal("name", stored.name.clone())
        .personal("email", stored.email.clone());
    here.record(draft).await?;
    send_invitation(here, &stored, None, Invitee::Administrator).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seat {
    Owner,
    Administrator,
}

/// Makes somebody an invited member in the preset's first role, with standing from the beginning.
async fn seat(
    here: &mut Here<'_>,
    preset: &Preset,
    person: &NewPerson,
    pointer: &str,
    seat: Seat,
) -> Result<Stored, Error> {
    let their_name = name(pointer, &person.name)?;
    let fresh = here.app.chance.id(here.now);
    let user = users::find_or_create(here.tx, fresh, &person.email, &their_name, here.now).await?.id;
    let member = Member {
        user,
        role: preset.first_role.clone(),
        administrator: true,
        status: member::Status::Invited,
        confirmed: false,
        owner: seat == Seat::Owner,
    };
    members::insert(here.tx, here.account.id, &member, here.now).await?;
    standing::enter(here, user, Joined::NotYet, Authority::Founding).await?;
    members::find(here.tx, here.account.id, user).await?.ok_or(Error::NotFound)
}
