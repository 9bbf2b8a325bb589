//! Ballots that change the count and nothing else: decided without the account's lock, and saved in one statement.
//!
//! Everything else is left to the lock: whatever is refused, moves the case on, mails somebody, or was overtaken.

use super::{
    act::{Act, Acted, Asked},
    error::Error,
    record,
};
use crate::{
    activity::chain::{self, Sealed},
    id::UserId,
    meter::names,
    ownership::actor,
    recovery::{
        action::{Action, Actor},
        ballot::Ballot,
        case::Case,
        decide::decide,
        event::Event,
        policy::BallotWay,
    },
    store::{
        accounts::Account,
        ballots::{self, Saved},
        db::Unit,
        error::DbError,
        scene,
        tx::Tx,
    },
};

/// How often a ballot that was overtaken is decided anew before it queues for the lock like everything else.
const ATTEMPTS: usize = 3;

enum Attempt {
    Done(Box<Acted>),
    Overtaken,
    NeedsLock,
}

/// Casts a ballot if that needs no lock; `None`, with nothing done, if it does.
pub(super) async fn without_lock(act: &Act) -> Result<Option<Acted>, Error> {
    for _ in 0..ATTEMPTS {
        match attempt(act).await? {
            Attempt::Done(acted) => return Ok(Some(*acted)),
            Attempt::Overtaken => {}
            Attempt::NeedsLock => break,
        }
    }
    Ok(None)
}

async fn attempt(act: &Act) -> Result<Attempt, Error> {
    // A ballot from a session is told to nobody by mail, see `tell_case`.
    let Asked::Cast { choice, terms_hash, way: way @ BallotWay::SignedIn } = act.asked else {
        return Ok(Attempt::NeedsLock);
    };
    let app = &act.app;
    let elector = act.principal.person()?;
    let found = scene::load(&mut app.db.read().await?, act.case, Some(elector)).await?;
    let Some(scene) = found.filter(|scene| scene.case.case.electors.contains_key(&elector)) else {
        return Ok(Attempt::NeedsLock);
    };
    let (before, now) = (&scene.case.case, app.now());
    let action = Action::Cast { choice, terms_hash, way };
    let Ok(decision) = decide(before, &scene.surroundings(), action, Actor::Person(elector), now) else {
        return Ok(Attempt::NeedsLock);
    };
    let case = decision.case;
    let ballot = case.electors.get(&elector).and_then(|elector| elector.ballot.clone());
    match (decision.events.as_slice(), ballot) {
        ([], _) => {}
        ([event @ Event::BallotCast { .. }], Some(ballot)) => {
            let draft = record::case_event(&case, event, actor::Actor::User { user: elector });
            let corrupt = |_| DbError::corrupt("activity", scene.account.id);
            let sealed = chain::seal(scene.account.id, scene.account.head, now, draft, || app.chance.bytes());
            let sealed = sealed.map_err(corrupt)?;
            let save =
                Save { account: scene.account, case: case.clone(), elector, ballot, sealed, event: event.name() };
            match app.db.run_one(save).await {
                Ok(Saved::Whole) => {}
                Ok(Saved::Overtaken) => return Ok(Attempt::Overtaken),
                // Under the lock it is seen whether a ballot of which nobody knows was saved: then nothing is left to do.
                Err(Error::Internal(DbError::Unsure(_))) => return Ok(Attempt::NeedsLock),
                Err(error) => return Err(error),
            }
        }
        _ => return Ok(Attempt::NeedsLock),
    }
    Ok(Attempt::Done(Box::new(Acted { case, people: scene.people })))
}

struct Save {
    account: Account,
    case: Case,
    elector: UserId,
    ballot: Ballot,
    sealed: Sealed,
    event: &'static str,
}

impl Unit for Save {
    type Out = Saved;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Saved, Error> {
        let ballot = (self.elector, &self.ballot);
        let saved = ballots::save_alone(tx, &self.account, &self.case, ballot, self.sealed.clone()).await?;
        match saved {
            Saved::Whole => tx.count(&names::CASE_EVENTS, self.event),
            Saved::Overtaken => {}
        }
        Ok(saved)
    }
}
