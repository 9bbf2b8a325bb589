//! An account's single sign-on as its members see it, and as much of it as strangers need.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights, sign_on::redirect},
    id::AccountId,
    moment::Moment,
    ownership::{address::Email, settings::PROVEN_FOR},
    store::{accounts, domains, settings, sign_ons},
};

/// An account's single sign-on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignOnView {
    /// The identity provider; none where nobody signs in by one.
    pub provider: Option<ProviderView>,
    /// What the provider has to know as the one address to which it sends people back.
    pub redirect_uri: String,
    /// Where the account's people begin.
    pub address: String,
    /// Counts the edits of the account; also the `ETag`.
    pub version: i64,
}

/// An identity provider, without the client's secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderView {
    /// The address by which it names itself.
    pub issuer: String,
    /// By what it knows the account.
    pub client_id: String,
    /// Whether the account has a secret by which it shows that it is the one. The secret itself is never shown.
    pub has_secret: bool,
    /// When it was last set.
    pub set_at: Moment,
}

/// What the page of it shows besides.
#[derive(Debug, Clone)]
pub struct SignOnHome {
    /// The single sign-on.
    pub view: SignOnView,
    /// The account's name.
    pub account_name: String,
    /// The domains for whose addresses a provider may vouch now.
    pub domains: Vec<String>,
    /// Who reads it.
    pub reader: Reader,
}

/// Who reads the page of single sign-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// An owner, who sets it up.
    Owner,
    /// Somebody else.
    Other,
}

/// What strangers see who want to sign in at an account's provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// What the account calls itself to people.
    pub name: String,
    /// Where they are taken.
    pub host: String,
}

/// The single sign-on, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn sign_on(app: &App, principal: &Principal, account: AccountId) -> Result<SignOnView, Error> {
    let mut tx = app.db.snapshot().await?;
    let account = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account.id).await?;
    let set = sign_ons::find(&mut tx, account.id).await?;
    Ok(SignOnView {
        provider: set.map(|set| ProviderView {
            issuer: set.issuer.to_string(),
            client_id: set.client_id,
            has_secret: set.client_secret.is_some(),
            set_at: set.set_at,
        }),
        redirect_uri: redirect(app, account.id),
        address: format!("{}/sign-on/{}", app.public_url, account.id),
        version: account.version,
    })
}

/// The same for the page.
///
/// # Errors
/// As [`sign_on`].
pub async fn sign_on_home(app: &App, principal: &Principal, account: AccountId) -> Result<SignOnHome, Error> {
    principal.person_in(account)?;
    let view = sign_on(app, principal, account).await?;
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let found = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    let rights = rights::rights(tx, principal, account, app.preset_of(&found)?).await?;
    let (now, domains) = (app.now(), domains::list(tx, account).await?);
    let proven = domains.iter().filter(|domain| domain.vouches(now)).map(|domain| domain.domain.to_string());
    let reader = if rights.require_owner().is_ok() { Reader::Owner } else { Reader::Other };
    Ok(SignOnHome { view, account_name: found.name, domains: proven.collect(), reader })
}

/// What strangers see who want to sign in at an account's provider. Its name is told to nobody else.
///
/// # Errors
/// [`Error::NotFound`] where nobody signs in this way, as where there is no such account.
pub async fn door(app: &App, account: AccountId) -> Result<Door, Error> {
    let mut tx = app.db.snapshot().await?;
    let set = sign_ons::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    let account = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    let name = settings::load(&mut tx, account.id).await?.brand_name.unwrap_or(account.name);
    Ok(Door { name, host: set.issuer.host().to_owned() })
}

/// So many accounts of one domain are shown.
const MOST: i64 = 20;

/// The accounts whose provider vouches for addresses in the domain of that one, with their names. Who the address belongs to, if
/// anybody, is not asked.
///
/// # Errors
/// When the database fails.
pub async fn doors(app: &App, address: &Email) -> Result<Vec<(AccountId, String)>, Error> {
    let found_after = app.now().before(PROVEN_FOR);
    Ok(sign_ons::of_domain(&mut app.db.read().await?, address.domain(), found_after, MOST).await?)
}
