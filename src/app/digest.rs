//! Tells owners once a week that their account is badly prepared, and lets an owner turn that off.

use super::{
    app::App,
    error::Error,
    here::Here,
    principal::Principal,
    tell_case::{account_facts, named},
};
use crate::{
    activity::entry::Draft,
    id::AccountId,
    mail::{facts::Wanting, message::Message},
    ownership::{
        account::{Status, Use},
        actor::Actor,
        readiness::{DIGEST_EVERY, Readiness, assess},
        readiness_reasons::Reason,
    },
    recovery::policy::Switch,
    store::{
        db::Unit,
        digests::{self, Plan},
        members::Stored,
        readiness,
        tx::Tx,
    },
};

/// Looks at an account whose turn has come: where it is badly prepared, its owners are told.
///
/// # Errors
/// When the database fails; nothing has happened then, and the next sweep tries again.
pub async fn tick(app: &App, account: AccountId) -> Result<(), Error> {
    app.db.run(LookAt { app: app.clone(), account }).await
}

struct LookAt {
    app: App,
    account: AccountId,
}

impl Unit for LookAt {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let plan = digests::plan(here.tx, self.account).await?;
        // Asked again under the lock: another replica may have been faster, or an owner may have turned it off.
        if plan.wanted == Switch::Off || here.now < plan.next_at {
            return Ok(());
        }
        digests::save(here.tx, self.account, Plan { next_at: here.now.after(DIGEST_EVERY), ..plan }).await?;
        match here.account.status {
            Status::Active => {}
            // Nobody has begun with it, or an owner has stopped its use: there is nothing to prepare for.
            Status::Pending | Status::Suspended | Status::Closing { .. } | Status::Closed => return Ok(()),
        }
        let ground = readiness::load(here.tx, self.account, 0, here.now).await?;
        let rules = &here.preset()?.ownership;
        let readiness = assess(&ground.prepared(rules, &here.account.policy), here.now);
        if readiness.is_low() { tell(&mut here, &readiness).await } else { Ok(()) }
    }
}

async fn tell(here: &mut Here<'_>, readiness: &Readiness) -> Result<(), Error> {
    let codes: Vec<&str> = readiness.reasons.iter().map(Reason::code).collect();
    let draft = Draft::new("digest.sent", Actor::Service).with("score", readiness.score).with("reasons", codes);
    here.record(draft).await?;
    let wanting = |reason: &Reason| Wanting { what: reason.sentence(), remedy: reason.remedy().to_owned() };
    let message = Message::ReadinessDigest {
        account: account_facts(here),
        score: readiness.score,
        wanting: readiness.reasons.iter().map(wanting).collect(),
        at: here.now,
    };
    mail_owners(here, &message).await
}

async fn mail_owners(here: &mut Here<'_>, message: &Message) -> Result<(), Error> {
    let owners = here.key_people.iter().filter(|person| person.member.owner);
    let owners: Vec<_> = owners.map(Stored::contact).collect();
    for to in owners {
        here.mail(&to, message).await?;
    }
    Ok(())
}

/// Turning the weekly mail of an account on or off.
pub struct SwitchDigest {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Whether its owners want to be told.
    pub wanted: Switch,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for SwitchDigest {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let user = self.principal.person_in(self.account)?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        here.rights(&self.principal).await?.require_owner()?;
        here.fresh_proof(&self.principal).await?;
        here.account.status.allows(Use::Arrange)?;
        let plan = digests::plan(here.tx, self.account).await?;
        if plan.wanted == self.wanted {
            return Ok(());
        }
        digests::save(here.tx, self.account, Plan { wanted: self.wanted, ..plan }).await?;
        let kind = match self.wanted {
            Switch::On => "digest.turned_on",
            Switch::Off => "digest.turned_off",
        };
        here.record(Draft::new(kind, self.principal.actor())).await?;
        // So that none of them can quietly keep the others from being told.
        let (account, at) = (account_facts(&here), here.now);
        let by = named(&mut here, user).await?;
        mail_owners(&mut here, &Message::DigestSwitched { account, wanted: self.wanted, by, at }).await
    }
}
