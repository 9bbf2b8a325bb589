//! The one door through which a recovery case changes, for people, links and the passing of time alike.

use super::{app::App, error::Error, here::Here, principal::Principal, record, rights, tell_case};
use crate::{
    id::{AccountId, CaseId, UserId},
    meter::names,
    ownership::{actor, member::Status},
    recovery::{
        action::{Action, Actor, Fitness, FreshProof, Place, Surroundings},
        ballot::Choice,
        case::{Case, State},
        decide::{Decision, decide},
        event::Event,
        policy::BallotWay,
        terms::TermsHash,
    },
    store::{
        activity,
        cases::{self, Stored},
        db::Unit,
        docket,
        error::DbError,
        links, mails, members, roster, sessions,
        tx::Tx,
    },
};

/// What somebody asks of a case.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// Cast a ballot, or change it.
    Cast {
        /// The choice.
        choice: Choice,
        /// The terms that the voter was shown.
        terms_hash: TermsHash,
        /// How the ballot arrives.
        way: BallotWay,
    },
    /// Take the ballot back.
    TakeBack,
    /// Stop the clock for one waiting period.
    Pause,
    /// End the case, with fresh proof.
    Veto,
    /// Take the case back.
    Withdraw,
}

/// A person's act on a case.
pub struct Act {
    /// The service.
    pub app: App,
    /// The case.
    pub case: CaseId,
    /// What is asked.
    pub asked: Asked,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for Act {
    type Out = Case;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Case, Error> {
        let account = rights::account_of_case(tx, self.case).await?;
        let mut here = Here::enter(tx, &self.app, account).await?;
        act(&mut here, self.case, self.asked, &self.principal).await
    }
}

/// A person's act on a case of an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub async fn act(here: &mut Here<'_>, case: CaseId, asked: Asked, principal: &Principal) -> Result<Case, Error> {
    let person = principal.person()?;
    let stored = cases::load(here.tx, case).await?.ok_or(Error::NotFound)?;
    rights::may_read_case(here.tx, principal, here.account.id, &stored).await?;
    let action = match asked {
        Asked::Cast { choice, terms_hash, way } => Action::Cast { choice, terms_hash, way },
        Asked::TakeBack => Action::TakeBack,
        Asked::Pause => Action::Pause,
        Asked::Veto => Action::Veto { proof: FreshProof::of(principal.proven_at(), here.now)? },
        Asked::Withdraw => Action::Withdraw,
    };
    apply(here, stored, action, Actor::Person(person)).await
}

/// Lets time act on a case: completion, expiry, the end of a pause, reminders.
///
/// # Errors
/// When the database fails; the case then stays as it was, and the next sweep tries again.
pub async fn tick(app: &App, case: CaseId) -> Result<(), Error> {
    let account = cases::account_of(&mut app.db.read().await?, case).await?.ok_or(Error::NotFound)?;
    app.db.run(Tick { app: app.clone(), account, case }).await
}

struct Tick {
    app: App,
    account: AccountId,
    case: CaseId,
}

impl Unit for Tick {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let stored = cases::load(here.tx, self.case).await?.ok_or(Error::NotFound)?;
        apply(&mut here, stored, Action::Tick, Actor::Service).await.map(drop)
    }
}

/// An owner's act, or their own, took somebody's access away: they lose their ballots in the open cases.
///
/// # Errors
/// When the database fails.
pub async fn lose_ballots(here: &mut Here<'_>, elector: UserId, by: UserId) -> Result<(), Error> {
    for case in docket::open_of(here.tx, here.account.id).await? {
        let stored = cases::load(here.tx, case).await?.ok_or(Error::NotFound)?;
        if stored.case.electors.contains_key(&elector) {
            apply(here, stored, Action::Lose { elector }, Actor::Person(by)).await?;
        }
    }
    Ok(())
}

async fn apply(here: &mut Here<'_>, stored: Stored, action: Action, by: Actor) -> Result<Case, Error> {
    let held_place = stored.case.state.holds_place();
    let decision = step(here, &stored, action, by).await?;
    let case = decision.case;
    if matches!(case.state, State::Completed { .. }) && !stored.case.state.is_final() {
        for other in docket::open_of(here.tx, here.account.id).await? {
            let other = cases::load(here.tx, other).await?.ok_or(Error::NotFound)?;
            step(here, &other, Action::Supersede, Actor::Service).await?;
        }
        check_owners(here).await?;
    } else if held_place && !case.state.holds_place() {
        docket::wake_others(here.tx, here.account.id, case.id(), here.now).await?;
    }
    Ok(case)
}

async fn step(here: &mut Here<'_>, stored: &Stored, action: Action, by: Actor) -> Result<Decision, Error> {
    let around = surroundings(here, &stored.case, by).await?;
    let decision = decide(&stored.case, &around, action, by, here.now)?;
    let case = &decision.case;
    // Also without an event a tick moves the moment at which to look again.
    if !decision.events.is_empty() || action == Action::Tick && !stored.case.state.is_final() {
        cases::save_case(here.tx, stored, case, here.now).await?;
    }
    let actor = match by {
        Actor::Person(user) => actor::Actor::User { user },
        Actor::Service => actor::Actor::Service,
    };
    for event in &decision.events {
        here.record(record::case_event(case, event, actor)).await?;
        here.tx.count(&names::CASE_EVENTS, event.name());
        if let Event::Completed { .. } = event {
            complete(here, case).await?;
        }
        tell_case::tell(here, case, event).await?;
    }
    if case.state.is_final() && !decision.events.is_empty() {
        links::kill_of_case(here.tx, case.id(), here.now).await?;
    }
    Ok(decision)
}

async fn surroundings(here: &mut Here<'_>, case: &Case, by: Actor) -> Result<Surroundings, Error> {
    let owners = here.owners();
    let account = here.account.id;
    let taken = docket::place_taken_by(here.tx, account, case.id()).await?;
    let nominee = members::find(here.tx, account, case.terms.nominee.id).await?;
    let fit = nominee.is_some_and(|nominee| nominee.member.status == Status::Active && nominee.member.confirmed);
    let (approval_elsewhere, actor_standing) = match by {
        Actor::Service => (None, None),
        Actor::Person(user) if case.electors.contains_key(&user) => {
            (docket::approval_elsewhere(here.tx, account, case.id(), user).await?, None)
        }
        Actor::Person(user) => (None, roster::load(here.tx, account).await?.why_not(user, here.now, &owners)),
    };
    let notice = match case.state {
        State::Waiting { since, due_at } if due_at <= here.now => {
            let owners: Vec<UserId> = case.terms.owner_ids().into_iter().collect();
            mails::notice(here.tx, case.id(), &owners, since).await?
        }
        State::Collecting
        | State::Waiting { .. }
        | State::Paused { .. }
        | State::Completed { .. }
        | State::Vetoed { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => None,
    };
    Ok(Surroundings {
        owners,
        place: if taken.is_some() { Place::Taken } else { Place::Free },
        nominee: if fit { Fitness::Fit } else { Fitness::Unfit },
        approval_elsewhere,
        notice,
        actor_standing,
    })
}

/// Does what the terms say, and ends everything by which the replaced owners could act.
async fn complete(here: &mut Here<'_>, case: &Case) -> Result<(), Error> {
    let account = here.account.id;
    let removed = case.terms.removed_owners();
    let mut owner_members = here.owner_members();
    owner_members.retain(|owner| removed.contains(&owner.user));
    let before = roster::load(here.tx, account).await?;
    let mut after = before.clone();
    for mut owner in owner_members {
        owner.owner = false;
        owner.status = Status::Suspended;
        members::save(here.tx, account, &owner).await?;
        sessions::end_all(here.tx, owner.user, here.now).await?;
        links::kill_of_user_in_account(here.tx, owner.user, account, here.now).await?;
        // A replaced owner has no standing; given access again, they season like anybody else.
        after.entries.remove(&owner.user);
    }
    roster::save(here.tx, account, &before, &after).await?;
    let nominee = members::find(here.tx, account, case.terms.nominee.id).await?.ok_or(Error::NotFound)?;
    let mut nominee = nominee.member;
    nominee.owner = true;
    members::save(here.tx, account, &nominee).await?;
    here.look_again().await
}

/// INVARIANT 1 and 29, in production: the account has an owner who can act, and the log tells of the same owners as the
/// tables. Otherwise nothing completes.
async fn check_owners(here: &mut Here<'_>) -> Result<(), Error> {
    let effective = here.key_people.iter().any(|person| person.member.is_effective_owner());
    let recorded = activity::owners(here.tx, here.account.id).await?;
    if effective && recorded == here.owners() {
        return Ok(());
    }
    tracing::error!(account = %here.account.id, "a completion was stopped: the owners are not those that the activity log tells of; run `quorate audit verify`");
    Err(DbError::corrupt("members", here.account.id).into())
}
