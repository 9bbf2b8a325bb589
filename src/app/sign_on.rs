//! Signing in at an account's identity provider, from the button to the session.
//!
//! Whoever begins writes nothing: their browser keeps a random id, and all that is told to the provider follows from it under
//! the server's secret. What they bring back counts once, in that browser, for that account, within ten minutes.

use std::str::FromStr;

use jiff::SignedDuration;
use reqwest::Url;
use zeroize::Zeroizing;

use super::{
    app::App,
    begin_session::{self, Entry, SignedIn},
    error::{Access, Error},
    here::Here,
    tell_sign_on,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, CeremonyId},
    meter::names,
    moment::Moment,
    ownership::{
        actor::Actor,
        sign_on::{Admitted, Issuer, Known, Pin, Vouched, admit},
    },
    secret::{SignOnWords, TokenHash},
    sign_on::{
        failed::Failed,
        flow::{Answer, Client},
    },
    store::{
        ceremonies,
        db::Unit,
        domains, members,
        sign_ons::{self, SignOn},
        tx::Tx,
        users,
    },
};

/// How long somebody may take at their provider.
pub const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// A sign-in that has begun, as the browser keeps it. Nobody gains by inventing one: what belongs to it is not known then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Which.
    pub id: CeremonyId,
    /// The account.
    pub account: AccountId,
    /// Where to go afterwards.
    pub next: String,
}

impl Flow {
    /// As the browser keeps it.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}.{}", self.id, self.account, data_encoding::BASE64URL_NOPAD.encode(self.next.as_bytes()))
    }

    /// All that its words are bound to: itself, and the provider as it was when it began.
    fn words(&self, app: &App, set: &SignOn) -> SignOnWords {
        let mut about = self.id.uuid().into_bytes().to_vec();
        about.extend(self.account.uuid().into_bytes());
        about.extend(set.set_at.micros().to_be_bytes());
        for text in [set.issuer.as_str(), set.client_id.as_str(), self.next.as_str()] {
            // With its length, so that no two lists of texts look the same.
            about.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            about.extend(text.as_bytes());
        }
        app.secret.sign_on(&about)
    }

    fn is_over(&self, now: Moment) -> bool {
        let began = self.id.made_at();
        // The id tells the millisecond in which it was made.
        began > now || now.since(began) > LASTS
    }
}

/// The text is none that a browser was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAFlow;

impl FromStr for Flow {
    type Err = NotAFlow;

    fn from_str(text: &str) -> Result<Self, NotAFlow> {
        let mut parts = text.split('.');
        let (Some(id), Some(account), Some(next), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAFlow);
        };
        let next = data_encoding::BASE64URL_NOPAD.decode(next.as_bytes()).map_err(|_| NotAFlow)?;
        Ok(Self {
            id: id.parse().map_err(|_| NotAFlow)?,
            account: account.parse().map_err(|_| NotAFlow)?,
            next: String::from_utf8(next).map_err(|_| NotAFlow)?,
        })
    }
}

/// Where browsers come back to from the account's provider. Each account has its own, so that no provider can have one sent
/// there whom it was asked for by another account.
#[must_use]
pub fn redirect(app: &App, account: AccountId) -> String {
    format!("{}/sign-on/{account}/return", app.public_url)
}

/// What a client's secret belongs to: in another account, or for another provider, it cannot be opened.
#[must_use]
pub fn sealed_for(account: AccountId, issuer: &Issuer) -> Vec<u8> {
    format!("client secret\n{account}\n{issuer}").into_bytes()
}

/// Begins: says what the browser is to keep, and where to go.
///
/// # Errors
/// [`Error::NotFound`] where nobody signs in this way; why the provider is not taken.
pub async fn begin(app: &App, account: AccountId, next: &str) -> Result<(Flow, Url), Error> {
    let set = sign_ons::find(&mut app.db.read().await?, account).await?.ok_or(Error::NotFound)?;
    let flow = Flow { id: app.id(), account, next: next.to_owned() };
    let secret = secret(app, account, &set)?;
    let client = client(app, account, &set, secret.as_deref());
    let address = app.providers.address(&client, &flow.words(app, &set), app.now()).await;
    Ok((flow, address.inspect_err(|failed| note(account, *failed))?))
}

/// What a browser brings back.
#[derive(Debug, Default, Clone)]
pub struct CameBack {
    /// What it was sent with.
    pub state: String,
    /// The code; none where the provider said no.
    pub code: Option<String>,
    /// Which provider sent it, if that says so.
    pub issuer: Option<String>,
    /// What the browser is known by, if it says.
    pub browser: Option<TokenHash>,
}

/// Ends: asks the provider what the code stands for, and begins the session.
///
/// # Errors
/// Why there is none. Then nothing was written.
pub async fn finish(
    app: &App,
    account: AccountId,
    flow: Option<&Flow>,
    came_back: &CameBack,
) -> Result<SignedIn, Error> {
    let signed_in = try_to_finish(app, account, flow, came_back).await;
    if signed_in.is_err() {
        app.db.meter().count(&names::SIGN_INS, ["refused".into()], 1);
    }
    signed_in
}

async fn try_to_finish(
    app: &App,
    account: AccountId,
    flow: Option<&Flow>,
    came_back: &CameBack,
) -> Result<SignedIn, Error> {
    let now = app.now();
    let flow = flow.filter(|flow| flow.account == account && !flow.is_over(now)).ok_or(Access::CeremonyOver)?;
    let set = sign_ons::find(&mut app.db.read().await?, account).await?.ok_or(Access::CeremonyOver)?;
    let words = flow.words(app, &set);
    if !words.is_state(&came_back.state) {
        return Err(Access::CeremonyOver.into());
    }
    let code = came_back.code.as_deref().ok_or(Access::ProviderRefused)?;
    let secret = secret(app, account, &set)?;
    let client = client(app, account, &set, secret.as_deref());
    let answer = Answer { code, issuer: came_back.issuer.as_deref() };
    let said = app.providers.vouched(&client, &words, &answer, now).await;
    let said = said.inspect_err(|failed| note(account, *failed))?;
    let browser = came_back.browser;
    app.db.run(BeginSignedOn { app: app.clone(), flow: flow.clone(), set_at: set.set_at, said, browser }).await
}

fn secret(app: &App, account: AccountId, set: &SignOn) -> Result<Option<Zeroizing<String>>, Error> {
    let about = sealed_for(account, &set.issuer);
    Ok(set.client_secret.as_ref().map(|sealed| sealed.open(&app.secret, &about)).transpose()?)
}

fn client<'a>(app: &App, account: AccountId, set: &'a SignOn, secret: Option<&'a String>) -> Client<'a> {
    let redirect = redirect(app, account);
    Client { issuer: &set.issuer, id: &set.client_id, secret: secret.map(String::as_str), redirect }
}

fn note(account: AccountId, failed: Failed) {
    tracing::warn!(%account, why = ?failed.why(), code = failed.code(), "an identity provider was not believed");
}

/// Beginning a session on a provider's word.
pub struct BeginSignedOn {
    /// The service.
    pub app: App,
    /// The sign-in that it is for.
    pub flow: Flow,
    /// Since when the provider was set up as it was asked.
    pub set_at: Moment,
    /// What it says.
    pub said: Vouched,
    /// What the browser is known by, if it says.
    pub browser: Option<TokenHash>,
}

impl Unit for BeginSignedOn {
    type Out = SignedIn;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<SignedIn, Error> {
        let account = self.flow.account;
        let mut here = Here::enter(tx, &self.app, account).await?;
        let now = here.now;
        // Whoever has set up another provider meanwhile, or turned this one off, does not take its word any more.
        let set = sign_ons::find(here.tx, account).await?.filter(|set| set.set_at == self.set_at);
        let set = set.ok_or(Access::CeremonyOver)?;
        if self.flow.is_over(now) || !ceremonies::end(here.tx, self.flow.id, now).await? {
            return Err(Access::CeremonyOver.into());
        }
        let domains = domains::list(here.tx, account).await?;
        let person = match &self.said.address {
            Some(address) => users::by_email(here.tx, address).await?,
            None => None,
        };
        let member = match &person {
            Some(person) => members::find(here.tx, account, person.id).await?.map(|stored| stored.member),
            None => None,
        };
        let subject_is = sign_ons::whose(here.tx, account, &self.said.subject).await?;
        let signed_on_as = match &person {
            Some(person) => sign_ons::subject_of(here.tx, account, person.id).await?,
            None => None,
        };
        let known = Known { member: member.as_ref(), subject_is, signed_on_as: signed_on_as.as_deref() };
        let Admitted { user, pin } = admit(&self.said, &domains, known, now)?;
        let draft = Draft::new("sign_on.used", Actor::User { user }).user(user).with("issuer", set.issuer.as_str());
        here.record(draft).await?;
        match pin {
            Pin::Kept => {}
            Pin::New => {
                sign_ons::pin(here.tx, account, user, &self.said.subject, now).await?;
                tell_sign_on::first_time(&mut here, user, &set.issuer).await?;
            }
        }
        here.tx.count(&names::SIGN_INS, "signed_in");
        begin_session::begin(here.tx, &self.app, user, Entry::Provider(account), self.browser, now).await
    }
}
