//! Who is written to when something happens to a case, and what they are told.

use super::{
    error::Error,
    fresh_proof,
    here::{Bound, Here},
};
use crate::{
    id::{LinkId, UserId},
    mail::{
        facts::{self, AccountFacts, BallotAct, CaseEvent, CaseFacts, CaseKind, KeyFacts, KeyReader, NewOwnership},
        message::Message,
    },
    recovery::{
        ballot::Choice,
        case::{Case, Opener, Rejection},
        event::Event,
        policy::BallotWay,
        terms::{Kind, Person, Route},
    },
    store::{
        accounts::Account,
        links::{self, Purpose},
        mails::Contact,
        recovery_users, redemptions, users,
    },
};

/// Queues the mails that an event of a case calls for, in the transaction of the event.
///
/// # Errors
/// When the database fails.
pub async fn tell(here: &mut Here<'_>, case: &Case, event: &Event) -> Result<(), Error> {
    let facts = case_facts(here, case).await?;
    match event {
        Event::Opened => {
            tell_owners(here, case, &facts, &CaseEvent::Opened).await?;
            ask_nominee(here, case, &facts).await?;
            ask_electors(here, case, &facts, Ask::First).await
        }
        Event::Reminded => ask_electors(here, case, &facts, Ask::Again).await,
        Event::BallotCast { elector, choice, way, .. } => match way {
            BallotWay::MailLink | BallotWay::PlainMail => receipt(here, case, facts, *elector, *choice).await,
            BallotWay::SignedIn | BallotWay::Passkey => Ok(()),
        },
        Event::KeyRedeemed { by, .. } => {
            let by = recovery_user(&redemptions::name(here.tx, case.id(), *by).await?);
            tell_owners(here, case, &facts, &CaseEvent::KeyRedeemed { by }).await
        }
        Event::BallotTakenBack { .. } | Event::BallotLost { .. } | Event::KeyLost { .. } | Event::Accepted => Ok(()),
        Event::Resumed { due_at } => tell_all(here, case, &facts, CaseEvent::Resumed { due_at: *due_at }).await,
        Event::QuorumReached { due_at, .. } => {
            tell_all(here, case, &facts, CaseEvent::Quorum { due_at: *due_at }).await
        }
        Event::FellShort => {
            links::kill_of_case_for(here.tx, case.id(), Purpose::Pause, here.now).await?;
            tell_all(here, case, &facts, CaseEvent::BackToCollecting).await
        }
        Event::Paused { by, due_at, .. } => {
            let pauses_left = case.terms.policy.pauses.saturating_sub(case.pauses);
            let by = named(here, *by).await?;
            tell_all(here, case, &facts, CaseEvent::Paused { by, due_at: *due_at, pauses_left }).await
        }
        Event::OwnersReminded { due_at } => {
            tell_owners(here, case, &facts, &CaseEvent::Reminder { due_at: *due_at }).await
        }
        Event::Extended { due_at } => tell_all(here, case, &facts, CaseEvent::Extended { due_at: *due_at }).await,
        Event::Completed { .. } => completed(here, case, facts).await,
        Event::Vetoed { by } => {
            let by = named(here, *by).await?;
            tell_all(here, case, &facts, CaseEvent::Vetoed { by }).await
        }
        Event::Rejected { reason } => {
            tell_all(here, case, &facts, CaseEvent::Rejected { reason: rejection(*reason) }).await
        }
        Event::Expired => tell_all(here, case, &facts, CaseEvent::Expired).await,
        Event::Withdrawn => tell_all(here, case, &facts, CaseEvent::Withdrawn).await,
    }
}

/// What mails say of a case.
///
/// # Errors
/// When the database fails.
pub async fn case_facts(here: &mut Here<'_>, case: &Case) -> Result<CaseFacts, Error> {
    let opener = match case.opener {
        Opener::Administrator(user) => named(here, user).await?,
        Opener::RecoveryUser(user) => {
            let name = redemptions::name(here.tx, case.id(), user).await?;
            recovery_user(&name)
        }
    };
    Ok(facts_of(case, account_facts(here), opener))
}

/// The same, of an account and an opener that are known. Pages say of a case what mails say of it.
#[must_use]
pub fn facts_of(case: &Case, account: AccountFacts, opener: facts::Person) -> CaseFacts {
    CaseFacts {
        id: case.id(),
        account,
        kind: match case.terms.kind {
            Kind::Replace => CaseKind::Replace,
            Kind::Add => CaseKind::Add,
        },
        opener,
        nominee: person(&case.terms.nominee),
        owners: case.terms.owners.iter().map(person).collect(),
        statement: case.terms.statement.clone(),
        electorate: u32::try_from(case.electors.len()).unwrap_or(u32::MAX),
        required: case.terms.required,
        approvals: case.count().approvals,
        opened_at: case.terms.opened_at,
        closes_at: case.terms.closes_at(),
        due_at: case.state.due_at(),
        waiting_period: case.terms.waiting_period(),
        keys: match case.terms.route {
            Route::Vote => None,
            Route::Keys => Some(KeyFacts { redeemed: case.count().keys, required: case.terms.keys_required() }),
        },
    }
}

/// How a recovery user is named: by name alone, because only owners know their addresses.
#[must_use]
pub fn recovery_user(name: &str) -> facts::Person {
    facts::Person { name: name.to_owned(), address: String::new() }
}

/// What mails say of the account.
#[must_use]
pub fn account_facts(here: &Here<'_>) -> AccountFacts {
    account_of(&here.account)
}

/// The same where the account is not locked.
#[must_use]
pub fn account_of(account: &Account) -> AccountFacts {
    AccountFacts { id: account.id, name: account.name.clone() }
}

/// How mails name somebody.
///
/// # Errors
/// When the database fails, or there is no such person.
pub async fn named(here: &mut Here<'_>, user: UserId) -> Result<facts::Person, Error> {
    let contact = contact(here, user).await?;
    Ok(facts::Person { name: contact.name, address: contact.email })
}

pub(super) async fn contact(here: &mut Here<'_>, user: UserId) -> Result<Contact, Error> {
    if let Some(known) = here.key_people.iter().find(|person| person.member.user == user) {
        return Ok(known.contact());
    }
    Ok(users::contact(here.tx, user).await?)
}

fn person(person: &Person) -> facts::Person {
    facts::Person { name: person.name.clone(), address: person.email.clone() }
}

async fn tell_all(here: &mut Here<'_>, case: &Case, facts: &CaseFacts, event: CaseEvent) -> Result<(), Error> {
    tell_owners(here, case, facts, &event).await?;
    tell_electors(here, case, facts, &event).await?;
    tell_holders(here, case, facts, &event).await?;
    tell_nominee(here, case, facts, &event).await
}

async fn tell_owners(here: &mut Here<'_>, case: &Case, facts: &CaseFacts, event: &CaseEvent) -> Result<(), Error> {
    // Completion relies on these alerts of the present waiting period having been accepted.
    let (may_pause, mark) = match event {
        CaseEvent::Quorum { .. } => (true, Some("quorum")),
        CaseEvent::Extended { .. } => (true, Some("extended")),
        CaseEvent::Resumed { .. } => (true, Some("resumed")),
        CaseEvent::Reminder { .. } => (true, Some("reminder")),
        CaseEvent::Opened
        | CaseEvent::KeyRedeemed { .. }
        | CaseEvent::Paused { .. }
        | CaseEvent::BackToCollecting
        | CaseEvent::Completed
        | CaseEvent::Vetoed { .. }
        | CaseEvent::Expired
        | CaseEvent::Rejected { .. }
        | CaseEvent::Withdrawn => (false, None),
    };
    for owner in case.terms.owner_ids() {
        let to = contact(here, owner).await?;
        let pause = if may_pause && case.pauses < case.terms.policy.pauses {
            Some(here.link(Purpose::Pause, owner, Bound::Case(case.id())).await?)
        } else {
            None
        };
        let message = Message::OwnerAlert { case: facts.clone(), event: event.clone(), at: here.now, pause };
        here.mail_about(&to, &message, Some(case.id()), mark).await?;
    }
    Ok(())
}

async fn tell_electors(here: &mut Here<'_>, case: &Case, facts: &CaseFacts, event: &CaseEvent) -> Result<(), Error> {
    for elector in case.electors.keys().filter(|elector| accepted(case) != Some(**elector)) {
        let to = contact(here, *elector).await?;
        let message = Message::CaseOutcome { case: facts.clone(), event: event.clone(), at: here.now };
        here.mail_about(&to, &message, Some(case.id()), None).await?;
    }
    Ok(())
}

/// Tells those who redeemed keys that count. They need not be anybody who signs in.
async fn tell_holders(here: &mut Here<'_>, case: &Case, facts: &CaseFacts, event: &CaseEvent) -> Result<(), Error> {
    for (holder, redeemed) in &case.redeemed {
        if redeemed.lost_at.is_some() {
            continue;
        }
        let Some(holder) = recovery_users::find(here.tx, *holder).await? else { continue };
        let (case_facts, reader) = (facts.clone(), KeyReader::Holder);
        let message = Message::KeyCaseNews { case: case_facts, event: event.clone(), reader, at: here.now, link: None };
        for address in &holder.user.addresses {
            here.mail_about(&holder.contact(address), &message, Some(case.id()), None).await?;
        }
    }
    Ok(())
}

/// Tells whom paper keys name, if they have accepted. As long as they can still decline, the mail has a link that does.
async fn tell_nominee(here: &mut Here<'_>, case: &Case, facts: &CaseFacts, event: &CaseEvent) -> Result<(), Error> {
    let Some(nominee) = accepted(case) else { return Ok(()) };
    let to = contact(here, nominee).await?;
    let link = if case.state.is_final() {
        None
    } else {
        Some(here.link(Purpose::Nomination, nominee, Bound::Case(case.id())).await?)
    };
    let (case_facts, reader) = (facts.clone(), KeyReader::Nominee);
    let message = Message::KeyCaseNews { case: case_facts, event: event.clone(), reader, at: here.now, link };
    here.mail_about(&to, &message, Some(case.id()), None).await
}

/// Whom paper keys name, if they have accepted.
fn accepted(case: &Case) -> Option<UserId> {
    case.accepted_at.map(|_| case.terms.nominee.id)
}

/// Asks whom paper keys name. Who is voted on is a member, and asked by those who vote.
async fn ask_nominee(here: &mut Here<'_>, case: &Case, facts: &CaseFacts) -> Result<(), Error> {
    match case.terms.route {
        Route::Vote => Ok(()),
        Route::Keys => {
            let nominee = case.terms.nominee.id;
            let to = contact(here, nominee).await?;
            let link = here.link(Purpose::Nomination, nominee, Bound::Case(case.id())).await?;
            let message = Message::Nomination { case: facts.clone(), link };
            here.mail_about(&to, &message, Some(case.id()), None).await
        }
    }
}

#[derive(Clone, Copy)]
enum Ask {
    First,
    Again,
}

/// Asks every elector who holds a ballot and has not cast it, each in a mail of their own.
async fn ask_electors(here: &mut Here<'_>, case: &Case, facts: &CaseFacts, ask: Ask) -> Result<(), Error> {
    let policy = &case.terms.policy;
    let by_link = policy.takes(BallotWay::MailLink);
    // Only where somebody has said where the answers go.
    let by_answer = policy.takes(BallotWay::PlainMail) && here.app.inbound.is_some();
    let by_mail = by_link || by_answer;
    for (user, elector) in &case.electors {
        if elector.lost_at.is_some() || elector.ballot.is_some() {
            continue;
        }
        let to = contact(here, *user).await?;
        let held = case.terms.signed_in_only.get(user).copied();
        let made = if by_mail && held.is_none() {
            Some(here.link(Purpose::Ballot, *user, Bound::Case(case.id())).await?)
        } else {
            None
        };
        let (link, answer) = (made.filter(|_| by_link), made.filter(|_| by_answer));
        let (case_facts, address_changed) = (facts.clone(), held.filter(|_| by_mail));
        let message = match ask {
            Ask::First => Message::BallotRequest { case: case_facts, link, answer, address_changed },
            Ask::Again => Message::BallotReminder { case: case_facts, link, answer, address_changed },
        };
        here.mail_about(&to, &message, Some(case.id()), None).await?;
    }
    Ok(())
}

async fn receipt(
    here: &mut Here<'_>,
    case: &Case,
    facts: CaseFacts,
    elector: UserId,
    choice: Choice,
) -> Result<(), Error> {
    let to = contact(here, elector).await?;
    let link = here.link(Purpose::Disown, elector, Bound::Case(case.id())).await?;
    let act = match choice {
        Choice::Approve => BallotAct::Approved,
        Choice::Reject => BallotAct::Rejected,
    };
    let message = Message::BallotReceipt { case: facts, act, at: here.now, link };
    here.mail_about(&to, &message, Some(case.id()), None).await
}

async fn completed(here: &mut Here<'_>, case: &Case, facts: CaseFacts) -> Result<(), Error> {
    let at = here.now;
    for owner in case.terms.owner_ids() {
        let to = contact(here, owner).await?;
        let message = match case.terms.kind {
            Kind::Replace => Message::ReplacedOwner { case: facts.clone(), at },
            Kind::Add => Message::OwnerAlert { case: facts.clone(), event: CaseEvent::Completed, at, pause: None },
        };
        here.mail_about(&to, &message, Some(case.id()), None).await?;
    }
    tell_electors(here, case, &facts, &CaseEvent::Completed).await?;
    tell_holders(here, case, &facts, &CaseEvent::Completed).await?;
    let to = contact(here, case.terms.nominee.id).await?;
    let how = NewOwnership::Recovered(Box::new(facts));
    let enrol = enrol_link(here, case).await?;
    let message = Message::NewOwnerWelcome { account: account_facts(here), how, at, enrol };
    here.mail_about(&to, &message, Some(case.id()), None).await
}

/// The link by which a new owner's device makes a passkey, where paper keys named them and they have nothing that counts.
async fn enrol_link(here: &mut Here<'_>, case: &Case) -> Result<Option<LinkId>, Error> {
    let nominee = case.terms.nominee.id;
    let can_act = fresh_proof::at_best(here.tx, here.account.id, nominee, here.now).await?.is_ok();
    match case.terms.route {
        Route::Keys if !can_act => Ok(Some(here.link(Purpose::Enrol, nominee, Bound::Account).await?)),
        Route::Keys | Route::Vote => Ok(None),
    }
}

/// The reason why a case was rejected, as mails say it.
#[must_use]
pub const fn rejection(reason: Rejection) -> facts::Rejection {
    match reason {
        Rejection::OutOfReach => facts::Rejection::OutOfReach,
        Rejection::FellShort => facts::Rejection::CountFellShort,
        Rejection::NomineeUnfit => facts::Rejection::NomineeChanged,
        Rejection::OwnersChanged => facts::Rejection::OwnersChanged,
        Rejection::Superseded => facts::Rejection::OtherCaseCompleted,
        Rejection::Declined => facts::Rejection::NomineeDeclined,
    }
}
