//! An administrator opens a recovery case.

use super::{app::App, error::Error, here::Here, principal::Principal, record, rights, tell_case};
use crate::{
    id::{AccountId, UserId},
    meter::names,
    ownership::{account, actor::Actor, member::Status, refusal},
    recovery::{
        action::Fitness,
        case::Case,
        event::Event,
        open::{self, Proposal, open},
        refusal::{NomineeUnfit, Refusal},
        terms::Kind,
    },
    store::{cases, db::Unit, docket, members, roster, tx::Tx},
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
    let opener = asked.principal.person()?;
    let id = here.account.id;
    let roster = roster::load(here.tx, id).await?;
    // Whom others removed may still open a case while they have standing; for the rest, the account must be theirs.
    if roster.why_not(opener, here.now, &here.owners()).is_some() {
        rights::may_read(here.tx, &asked.principal, id).await?;
    }
    match here.account.status {
        account::Status::Pending => return Err(refusal::Refusal::AccountPending.into()),
        account::Status::Active => {}
    }
    let unfit = || Refusal::NomineeUnfit(NomineeUnfit::NotActiveMember);
    let nominee = members::find(here.tx, id, asked.nominee).await?.ok_or_else(unfit)?;
    let fit = nominee.member.status == Status::Active && nominee.member.confirmed;
    let history = docket::history(here.tx, id, opener, asked.nominee).await?;
    let owners = here.key_people.iter().filter(|person| person.member.owner);
    let account = open::Account {
        id,
        owners: owners.map(members::Stored::person).collect(),
        policy: here.account.policy.clone(),
        roster,
        administrators: here.administrators(),
        nominee: if fit { Fitness::Fit } else { Fitness::Unfit },
        open_case_of_opener: history.open,
        opener_failed_at: history.failed_at,
        nominee_vetoed_at: history.vetoed_at,
    };
    let proposal = Proposal {
        case: here.app.chance.id(here.now),
        kind: asked.kind,
        nominee: nominee.person(),
        statement: asked.statement.clone(),
        opener,
    };
    let case = open(&account, proposal, here.now)?;
    cases::insert_case(here.tx, &case, here.now).await?;
    here.record(record::case_event(&case, &Event::Opened, Actor::User { user: opener })).await?;
    here.tx.count(&names::CASE_EVENTS, Event::Opened.name());
    tell_case::tell(here, &case, &Event::Opened).await?;
    Ok(case)
}
