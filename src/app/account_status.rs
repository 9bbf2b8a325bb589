//! Suspending, resuming and closing an account, by its owners; and what time makes of a closing.

use super::{
    app::App,
    error::Error,
    fresh_proof::fresh_proof,
    here::Here,
    principal::Principal,
    rights,
    tell_case::{account_facts, named},
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, CaseId},
    mail::{
        facts::{self, StatusNews},
        message::Message,
    },
    moment::Moment,
    ownership::{
        account::{self, Act, Decision, Status},
        actor::Actor,
        rights::Rights,
    },
    store::{
        accounts::{self, Account},
        db::Unit,
        docket,
        members::Stored,
        tx::Tx,
    },
};

/// An owner changes an account's status.
pub struct ChangeStatus {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// What they make of it.
    pub act: Act,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for ChangeStatus {
    type Out = Account;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Account, Error> {
        let person = self.principal.person_in(self.account)?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let rights = here.rights(&self.principal).await?;
        match decide(here.tx, &here.account, self.act, &rights, &self.principal, here.now).await? {
            Decision::AlreadySo => {}
            Decision::Becomes(status) => {
                let draft = entry(self.act, status, self.principal.actor());
                let by = facts::Actor::Person(named(&mut here, person).await?);
                turn(&mut here, status, draft, news(self.act, status), Some(by)).await?;
            }
        }
        Ok(here.account)
    }
}

/// What an act would make of an account now.
#[derive(Debug)]
pub struct Look {
    /// The account.
    pub account: Account,
    /// What it would become, or why not.
    pub decision: Result<Decision, Error>,
}

/// Looks what an act would make of an account. Nothing is changed.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not know of the account.
pub async fn preview(app: &App, principal: &Principal, id: AccountId, act: Act) -> Result<Look, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, id).await?;
    let rights = rights::rights(tx, principal, id, app.preset_of(&account)?).await?;
    let decision = decide(tx, &account, act, &rights, principal, app.now()).await;
    Ok(Look { account, decision })
}

async fn decide(
    tx: &mut Tx,
    account: &Account,
    act: Act,
    rights: &Rights,
    principal: &Principal,
    now: Moment,
) -> Result<Decision, Error> {
    // First of all: whoever is no owner is not asked to prove anything.
    rights.require_owner()?;
    let proof = fresh_proof(tx, account.id, principal.proof(), now).await?;
    let open_case = docket::open_of(tx, account.id).await?.first().copied();
    Ok(account::decide(account.status, act, rights, proof, open_case, now)?)
}

/// Writes down what time alone has made of an account: its closing becomes final. Every unit of work that locks the
/// account begins with this, so that a late sweep gives nobody more time.
///
/// # Errors
/// When the database fails.
pub async fn settle(here: &mut Here<'_>) -> Result<(), Error> {
    match here.account.status {
        Status::Closing { until } if until <= here.now => {}
        Status::Pending | Status::Active | Status::Suspended | Status::Closing { .. } | Status::Closed => return Ok(()),
    }
    let open_case = docket::open_of(here.tx, here.account.id).await?.first().copied();
    match here.account.status.lapsed(open_case, here.now) {
        None => Ok(()),
        Some(status) => {
            let draft = Draft::new("account.closed", Actor::Service);
            turn(here, status, draft, StatusNews::Closed, None).await
        }
    }
}

/// Writes down what time alone has made of an account, when nobody does anything else in it.
pub struct CloseDue {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
}

impl Unit for CloseDue {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        // Entering does it.
        Here::enter(tx, &self.app, self.account).await.map(drop)
    }
}

/// A recovery has given the account new owners: what the old ones had begun to close stays open.
///
/// # Errors
/// When the database fails.
pub async fn recovered(here: &mut Here<'_>, case: CaseId) -> Result<(), Error> {
    let status = here.account.status.recovered();
    if status == here.account.status {
        return Ok(());
    }
    let draft = Draft::new("account.kept", Actor::Service).case(case);
    turn(here, status, draft, StatusNews::Kept, None).await
}

/// Gives the account another status, and tells everybody who owns or administers it.
async fn turn(
    here: &mut Here<'_>,
    status: Status,
    draft: Draft,
    news: StatusNews,
    by: Option<facts::Actor>,
) -> Result<(), Error> {
    here.account.status = status;
    accounts::save(here.tx, &mut here.account).await?;
    here.record(draft).await?;
    let readers: Vec<_> = here
        .key_people
        .iter()
        .filter(|person| person.member.owner || person.member.is_active_administrator())
        .map(Stored::contact)
        .collect();
    for to in readers {
        let (account, by) = (account_facts(here), by.clone());
        here.mail(&to, &Message::AccountStatus { account, news, by, at: here.now }).await?;
    }
    Ok(())
}

fn entry(act: Act, status: Status, actor: Actor) -> Draft {
    let kind = match act {
        Act::Suspend => "account.suspended",
        Act::Resume => "account.resumed",
        Act::Close => "account.closing",
        Act::UndoClose => "account.kept",
    };
    let draft = Draft::new(kind, actor);
    match status {
        Status::Closing { until } => draft.with("until", until.to_string()),
        Status::Pending | Status::Active | Status::Suspended | Status::Closed => draft,
    }
}

const fn news(act: Act, status: Status) -> StatusNews {
    match (act, status) {
        (Act::Close, Status::Closing { until }) => StatusNews::Closing { until },
        (Act::Close, Status::Pending | Status::Active | Status::Suspended | Status::Closed) => StatusNews::Closed,
        (Act::Suspend, _) => StatusNews::Suspended,
        (Act::Resume, _) => StatusNews::Resumed,
        (Act::UndoClose, _) => StatusNews::Kept,
    }
}
