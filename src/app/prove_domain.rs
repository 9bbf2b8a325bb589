//! Looking for the record by which a domain proves that people may join by it: when somebody asks who may, and again every day.
//!
//! The DNS is asked before the account is locked: a slow answer keeps nobody waiting. What was found counts only if the
//! domain is still there under the lock.

use jiff::SignedDuration;

use super::{
    app::App, error::Error, fresh_proof::fresh_proof, here::Here, principal::Principal, rights, settings_act,
    tell_domains,
};
use crate::{
    activity::entry::Draft,
    dns::Found,
    id::{AccountId, UserId},
    mail::facts::DomainEvent,
    ownership::{
        actor::Actor,
        refusal::Refusal,
        settings::{Domain, JoinDomain},
    },
    store::{
        accounts,
        db::Unit,
        domains::{self, Proof},
        sessions,
        tx::Tx,
    },
};

/// How often the record of a proven domain is looked for again.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// How soon again, when nobody has answered.
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// Looks for a domain's record, because somebody asks.
///
/// # Errors
/// Why it is refused: the record is not there, or nobody knows.
pub async fn verify(app: &App, principal: &Principal, account: AccountId, typed: &str) -> Result<JoinDomain, Error> {
    let domain = Domain::taken(typed)?;
    {
        // Nobody has the DNS asked who may not, and for no domain that is not there.
        let mut tx = app.db.read().await?;
        principal.person_in(account)?;
        let here = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
        let preset = app.preset_of(&here)?;
        rights::rights(&mut tx, principal, account, preset).await?.may_configure(preset)?;
        fresh_proof(&mut tx, account, principal.proof(), app.now()).await?;
        domains::find(&mut tx, account, &domain).await?.ok_or(Error::NotFound)?;
    }
    let name = domain.record(account).name;
    match app.dns.texts(&name).await {
        Found::Texts(texts) if domain.is_proven_by(account, texts.iter().map(String::as_str)) => {
            app.db.run(Verify { app: app.clone(), account, domain, principal: principal.clone() }).await
        }
        Found::Texts(_) | Found::Nothing => Err(Refusal::RecordNotFound { name }.into()),
        Found::Silent => Err(Refusal::DnsSilent { name }.into()),
    }
}

/// The record was found for whoever asked.
struct Verify {
    app: App,
    account: AccountId,
    domain: Domain,
    principal: Principal,
}

impl Unit for Verify {
    type Out = JoinDomain;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<JoinDomain, Error> {
        let act = settings_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let (mut here, person) = (act.here, act.person);
        let join = domains::find(here.tx, self.account, &self.domain).await?.ok_or(Error::NotFound)?;
        found(&mut here, &join, self.principal.actor(), Some(person)).await
    }
}

/// What came of looking for a record again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// It is there.
    Found,
    /// It is not, or nobody knows. The proof lasts on for now.
    Missing,
    /// It has not been found for too long: nobody joins by it any more.
    Lapsed,
    /// The domain is not there any more, or not proven.
    Gone,
}

/// Looks for the record of a proven domain again.
///
/// # Errors
/// When the database fails; the next sweep tries again.
pub async fn look_again(app: &App, account: AccountId, domain: &Domain) -> Result<Looked, Error> {
    let answer = app.dns.texts(&domain.record(account).name).await;
    app.db.run(LookAgain { app: app.clone(), account, domain: domain.clone(), answer }).await
}

struct LookAgain {
    app: App,
    account: AccountId,
    domain: Domain,
    answer: Found,
}

impl Unit for LookAgain {
    type Out = Looked;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Looked, Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let join = domains::find(here.tx, self.account, &self.domain).await?;
        let Some(join) = join.filter(|join| join.proven_at.is_some()) else { return Ok(Looked::Gone) };
        let there = match &self.answer {
            Found::Texts(texts) => self.domain.is_proven_by(self.account, texts.iter().map(String::as_str)),
            Found::Nothing | Found::Silent => false,
        };
        if there {
            found(&mut here, &join, Actor::Service, None).await?;
            return Ok(Looked::Found);
        }
        if let Some(at) = join.proven_at.filter(|_| join.is_proven(here.now)) {
            let wait = match self.answer {
                Found::Texts(_) | Found::Nothing => EVERY,
                Found::Silent => SOON,
            };
            let look_again = here.now.after(wait);
            domains::save_proof(here.tx, self.account, &self.domain, Proof::Found { at, look_again }).await?;
            return Ok(Looked::Missing);
        }
        domains::save_proof(here.tx, self.account, &self.domain, Proof::None).await?;
        sessions::end_all_within(here.tx, self.account, here.now).await?;
        here.record(Draft::new("domain.lapsed", Actor::Service).with("domain", self.domain.as_str())).await?;
        tell_domains::changed(&mut here, &self.domain, DomainEvent::Lapsed, None).await?;
        Ok(Looked::Lapsed)
    }
}

/// The record is there: the proof begins, or lasts on. Only its beginning is news.
async fn found(here: &mut Here<'_>, join: &JoinDomain, actor: Actor, by: Option<UserId>) -> Result<JoinDomain, Error> {
    let (account, at) = (here.account.id, here.now);
    let news = !join.is_proven(at);
    domains::save_proof(here.tx, account, &join.domain, Proof::Found { at, look_again: at.after(EVERY) }).await?;
    if news {
        let preset = here.preset()?;
        let role = preset.role(&join.role).map_or_else(|| join.role.clone(), |role| role.title.clone());
        here.record(Draft::new("domain.proven", actor).with("domain", join.domain.as_str())).await?;
        tell_domains::changed(here, &join.domain, DomainEvent::Proven { role }, by).await?;
    }
    Ok(JoinDomain { proven_at: Some(at), ..join.clone() })
}
