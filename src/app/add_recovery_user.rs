//! An owner chooses somebody to hold paper keys, and takes the choice back. Each of their addresses gets a mail with a link that
//! confirms it; every owner is told.

use std::collections::BTreeSet;

use super::{
    act,
    app::App,
    error::Error,
    here::Here,
    invite::name,
    owners_act::{self, OwnersAct},
    principal::Principal,
    tell_case::{account_facts, named},
    tell_recovery_user,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, RecoveryUserId},
    mail::{message::Message, recovery_user_news::RecoveryUserNews},
    ownership::{
        actor::Actor,
        address::Email,
        recovery_user::{self, Address, Around, LINK_LASTS, RecoveryUser},
    },
    store::{
        db::Unit,
        docket,
        error::DbError,
        recovery_codes::{self, Code, Kind},
        recovery_users::{self, Stored},
        tx::Tx,
    },
};

/// Choosing somebody.
pub struct AddRecoveryUser {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Their name, as typed.
    pub name: String,
    /// Where mails to them go.
    pub emails: Vec<Email>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for AddRecoveryUser {
    type Out = RecoveryUser;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<RecoveryUser, Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let OwnersAct { mut here, owner, proof, .. } = act;
        let name = name("/name", &self.name)?;
        let (owners, chosen) = (owners_addresses(&here)?, recovery_users::of_account(here.tx, self.account).await?);
        let open_case = docket::open_of(here.tx, self.account).await?.first().copied();
        let policy = here.account.policy.clone();
        let around = Around { policy: &policy, open_case, owners: &owners, chosen: &chosen };
        recovery_user::add(proof, &self.emails, around)?;
        let address =
            |email: &Email| Address { id: self.app.chance.id(here.now), email: email.clone(), confirmed_at: None };
        let mut addresses: Vec<Address> = self.emails.iter().map(address).collect();
        addresses.sort_by(|one, other| one.email.cmp(&other.email));
        let user =
            RecoveryUser { id: self.app.chance.id(here.now), name, addresses, added_by: owner, added_at: here.now };
        recovery_users::insert(here.tx, self.account, &user).await?;
        here.record(entry("recovery_user.added", self.principal.actor(), &user)).await?;
        let stored = Stored { account: self.account, user };
        for address in &stored.user.addresses {
            ask(&mut here, &stored, address).await?;
        }
        let until = here.now.after(LINK_LASTS);
        tell_recovery_user::owners(&mut here, &stored.user, RecoveryUserNews::Added { until }, Some(owner)).await?;
        Ok(stored.user)
    }
}

/// Taking a choice back: also while a case is open, and in an account that is suspended.
pub struct RemoveRecoveryUser {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Who.
    pub user: RecoveryUserId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RemoveRecoveryUser {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let owner = self.principal.person_in(self.account)?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        here.rights(&self.principal).await?.require_owner()?;
        here.fresh_proof(&self.principal).await?;
        let stored = recovery_users::find(here.tx, self.user).await?;
        let user = stored.filter(|stored| stored.account == self.account).ok_or(Error::NotFound)?.user;
        act::lose_keys(&mut here, user.id, owner).await?;
        recovery_users::delete(here.tx, user.id).await?;
        here.record(entry("recovery_user.removed", self.principal.actor(), &user)).await?;
        tell_recovery_user::owners(&mut here, &user, RecoveryUserNews::Removed, Some(owner)).await
    }
}

/// The addresses of everybody who holds ownership.
///
/// # Errors
/// When one of them cannot be read.
pub fn owners_addresses(here: &Here<'_>) -> Result<BTreeSet<Email>, Error> {
    let owners = here.key_people.iter().filter(|person| person.member.owner);
    owners
        .map(|person| person.email.parse().map_err(|_| DbError::corrupt("users", person.member.user).into()))
        .collect()
}

/// An entry about one of them. Their addresses stand in no entry: members read the log, and need not know where keys can be had.
pub(super) fn entry(kind: &'static str, by: Actor, user: &RecoveryUser) -> Draft {
    Draft::new(kind, by).with("recovery_user", user.id.to_string()).personal("recovery_user_name", user.name.clone())
}

/// Mails the link that confirms an address.
async fn ask(here: &mut Here<'_>, stored: &Stored, address: &Address) -> Result<(), Error> {
    let (id, now) = (here.app.chance.id(here.now), here.now);
    let expires_at = now.after(LINK_LASTS);
    let kind = Kind::Link;
    let link = Code { id, address: address.id, kind, created_at: now, expires_at, wrong: 0, used_at: None };
    recovery_codes::insert(here.tx, &link).await?;
    let by = named(here, stored.user.added_by).await?;
    let message = Message::RecoveryRequest { account: account_facts(here), by, code: id, expires_at };
    here.mail(&stored.contact(address), &message).await
}
