//! An administrator opens a recovery case.

use super::{app::App, error::Error, here::Here, principal::Principal, record, rights, tell_case};
use crate::{
    id::{AccountId, UserId},
    meter::names,
    moment::Moment,
    ownership::{account::Use, actor::Actor, member::Status},
    recovery::{
        action::Fitness,
        case::Case,
        event::Event,
        open::{self, Proposal, open},
        refusal::{NomineeUnfit, Refusal},
        terms::Kind,
    },
    store::{
        accounts::{self, Account},
        cases,
        db::Unit,
        docket,
        members::{self, Stored},
        roster, ties,
        tx::Tx,
    },
};

/// Opening a case.
pub struct OpenCase {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// What it would do to the incumbents.
    pub kind: Kind,
    /// Who would become owner.
    pub nominee: UserId,
    /// Why, in the opener's words.
    pub statement: String,
    /// Who opens it.
    pub principal: Principal,
}

impl Unit for OpenCase {
    type Out = Case;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Case, Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        open_case(&mut here, self).await
    }
}

/// Opens a case in an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub async fn open_case(here: &mut Here<'_>, asked: &OpenCase) -> Result<Case, Error> {
    let opener = asked.principal.person_everywhere()?;
    let case = attempt(here.tx, &here.account, &here.key_people, asked, here.now).await?;
    cases::insert_case(here.tx, &case, here.now).await?;
    here.record(record::case_event(&case, &Event::Opened, Actor::User { user: opener })).await?;
    here.tx.count(&names::CASE_EVENTS, Event::Opened.name());
    tell_case::tell(here, &case, &Event::Opened).await?;
    Ok(case)
}

/// The case as it would be if it were opened now. Nothing is opened.
///
/// # Errors
/// Why it would be refused.
pub async fn preview(asked: &OpenCase) -> Result<Case, Error> {
    let mut tx = asked.app.db.snapshot().await?;
    let account = accounts::find(&mut tx, asked.account).await?.ok_or(Error::NotFound)?;
    let key_people = members::key_people(&mut tx, account.id).await?;
    attempt(&mut tx, &account, &key_people, asked, asked.app.now()).await
}

async fn attempt(
    tx: &mut Tx,
    account: &Account,
    key_people: &[Stored],
    asked: &OpenCase,
    now: Moment,
) -> Result<Case, Error> {
    let opener = asked.principal.person_everywhere()?;
    let id = account.id;
    let roster = roster::load(tx, id).await?;
    let owners = || key_people.iter().filter(|person| person.member.owner);
    // Whom others removed may still open a case while they have standing; for the rest, the account must be theirs.
    if roster.why_not(opener, now, &owners().map(|owner| owner.member.user).collect()).is_some() {
        rights::may_read(tx, &asked.principal, id).await?;
    }
    account.status.allows(Use::Recover)?;
    let unfit = || Refusal::NomineeUnfit(NomineeUnfit::NotActiveMember);
    let nominee = members::find(tx, id, asked.nominee).await?.ok_or_else(unfit)?;
    let fit = nominee.member.status == Status::Active && nominee.member.confirmed;
    let history = docket::history(tx, id, opener, asked.nominee).await?;
    let administrators = key_people.iter().filter(|person| person.member.is_active_administrator());
    let account = open::Account {
        id,
        owners: owners().map(Stored::person).collect(),
        policy: account.policy.clone(),
        address_changed: ties::address_changes(tx, id).await?,
        roster,
        administrators: administrators.map(|person| person.member.user).collect(),
        nominee: if fit { Fitness::Fit } else { Fitness::Unfit },
        open_case_of_opener: history.open,
        opener_failed_at: history.failed_at,
        nominee_vetoed_at: history.vetoed_at,
    };
    let proposal = Proposal {
        case: asked.app.chance.id(now),
        kind: asked.kind,
        nominee: nominee.person(),
        statement: asked.statement.clone(),
        opener,
    };
    Ok(open(&account, proposal, now)?)
}
