//! An owner says at which identity provider the people of the account sign in, and turns that off again. Every owner is told.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::{
    app::App,
    error::Error,
    here::Here,
    owners_act::{self, OwnersAct},
    principal::Principal,
    sign_on::sealed_for,
    tell_sign_on,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, UserId},
    mail::sign_in_facts::SignOnNews,
    ownership::{
        actor::Actor,
        sign_on::{Issuer, client_id, client_secret},
    },
    sealed::Sealed,
    store::{
        accounts,
        db::Unit,
        sessions,
        sign_ons::{self, SignOn},
        tx::Tx,
    },
};

/// What becomes of the client's secret.
#[derive(Clone)]
pub enum ClientSecret {
    /// It stays as it is, for as long as provider and client do; otherwise there is none.
    Kept,
    /// There is none: the client is a public one.
    None,
    /// This one, as typed.
    New(Zeroizing<String>),
}

/// Having people sign in at a provider.
pub struct SetSignOn {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The address by which the provider names itself, as typed.
    pub issuer: String,
    /// By what it knows the account, as typed.
    pub client_id: String,
    /// By what the account shows it that it is the one.
    pub client_secret: ClientSecret,
    /// The version of the account that they have read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for SetSignOn {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, self.version).await?;
        let OwnersAct { mut here, owner, .. } = act;
        let issuer = Issuer::read(self.issuer.trim(), self.app.providers.networks())?;
        let client_id = client_id(&self.client_id)?;
        let before = sign_ons::find(here.tx, self.account).await?;
        let same = before.as_ref().filter(|before| before.issuer == issuer && before.client_id == client_id);
        let client_secret = match (&self.client_secret, same) {
            // Nothing is asked for that is not there already.
            (ClientSecret::Kept, Some(_)) => return Ok(()),
            // A secret is shown to nobody but the provider that it is for.
            (ClientSecret::Kept, None) | (ClientSecret::None, _) => None,
            (ClientSecret::New(typed), _) => {
                let (secret, about) = (Zeroizing::new(client_secret(typed)?), sealed_for(self.account, &issuer));
                Some(Sealed::seal(&self.app.secret, &self.app.chance, &about, &secret)?)
            }
        };
        if same.is_none() {
            // Another provider, or the same one asked as somebody else, may know other people by the same subjects.
            sign_ons::unpin_all(here.tx, self.account).await?;
        }
        sessions::end_all_within(here.tx, self.account, here.now).await?;
        let provider = issuer.host().to_owned();
        let draft =
            Draft::new(if before.is_some() { "sign_on.changed" } else { "sign_on.set_up" }, self.principal.actor())
                .with("issuer", issuer.as_str())
                .with("client_id", client_id.clone());
        let set = SignOn { issuer, client_id, client_secret, set_by: owner, set_at: here.now };
        sign_ons::save(here.tx, self.account, &set).await?;
        accounts::touch(here.tx, &mut here.account).await?;
        here.record(draft).await?;
        let news = if before.is_some() { SignOnNews::Changed { provider } } else { SignOnNews::SetUp { provider } };
        tell_sign_on::changed(&mut here, &news, owner).await
    }
}

/// Having nobody sign in at a provider any more.
pub struct RemoveSignOn {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RemoveSignOn {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let OwnersAct { mut here, owner, .. } = act;
        sign_ons::find(here.tx, self.account).await?.ok_or(Error::NotFound)?;
        removed(&mut here, self.principal.actor()).await?;
        tell_sign_on::changed(&mut here, &SignOnNews::Removed, owner).await
    }
}

/// A recovery has replaced these owners: a provider that one of them has chosen vouches for nobody any more.
///
/// # Errors
/// When the database fails.
pub async fn recovered(here: &mut Here<'_>, replaced: &BTreeSet<UserId>) -> Result<(), Error> {
    match sign_ons::find(here.tx, here.account.id).await? {
        Some(set) if replaced.contains(&set.set_by) => removed(here, Actor::Service).await,
        Some(_) | None => Ok(()),
    }
}

async fn removed(here: &mut Here<'_>, by: Actor) -> Result<(), Error> {
    let account = here.account.id;
    sessions::end_all_within(here.tx, account, here.now).await?;
    sign_ons::delete(here.tx, account).await?;
    accounts::touch(here.tx, &mut here.account).await?;
    here.record(Draft::new("sign_on.removed", by)).await
}
