//! Ballots that change the count and nothing else: decided without the account's lock on one read, and saved in one
//! statement.
//!
//! Everything else is left to the lock: whatever is refused, moves the case on, mails somebody, or was overtaken.

use super::{act::Acted, app::App, error::Error, record};
use crate::{
    activity::chain,
    id::{CaseId, UserId},
    meter::names,
    ownership::{actor, credential::Proof},
    recovery::{
        action::{Action, Actor, Arrival},
        ballot::Choice,
        decide::decide,
        event::Event,
        proof::{FreshProof, Told},
        terms::TermsHash,
    },
    secret::TokenHash,
    store::{
        ballots::{self, Alone, Saved},
        db::Unit,
        error::DbError,
        scene::{self, Scene},
        tx::Tx,
    },
};

/// A ballot of somebody who has signed in. It is told to nobody by mail, see `tell_case`.
pub(super) struct Casting<'a> {
    pub app: &'a App,
    pub case: CaseId,
    pub choice: Choice,
    pub terms_hash: TermsHash,
    pub elector: Elector,
}

/// Whose ballot it is.
pub(super) enum Elector {
    /// They are known already, with what they have shown.
    Known(UserId, Option<Proof>),
    /// Whoever has the session with this token, which is looked up together with the case.
    SignedIn(TokenHash),
}

/// How often a ballot that was overtaken is decided anew before it queues for the lock like everything else.
const ATTEMPTS: usize = 3;

enum Attempt {
    Done(Box<Acted>),
    Overtaken,
    NeedsLock,
}

/// Casts a ballot if that needs no lock; `None`, with nothing done, if it does, or if the session has ended.
pub(super) async fn without_lock(casting: Casting<'_>) -> Result<Option<Acted>, Error> {
    for _ in 0..ATTEMPTS {
        match attempt(&casting).await? {
            Attempt::Done(acted) => return Ok(Some(*acted)),
            Attempt::Overtaken => {}
            Attempt::NeedsLock => break,
        }
    }
    Ok(None)
}

async fn attempt(casting: &Casting<'_>) -> Result<Attempt, Error> {
    let Casting { app, choice, terms_hash, .. } = *casting;
    let found = look(casting).await?;
    let Some((elector, shown, scene)) =
        found.filter(|(elector, _, scene)| scene.case.case.electors.contains_key(elector))
    else {
        return Ok(Attempt::NeedsLock);
    };
    let (before, now) = (&scene.case.case, app.now());
    // Where it matters who was told, that is looked up under the lock.
    let Ok(proof) = FreshProof::of(shown, Told::NotAll, now) else { return Ok(Attempt::NeedsLock) };
    let action = Action::Cast { choice, terms_hash, arrival: Arrival::SignedIn { proof } };
    let Ok(decision) = decide(before, &scene.surroundings(), action, Actor::Person(elector), now) else {
        return Ok(Attempt::NeedsLock);
    };
    let case = decision.case;
    let ballot = case.electors.get(&elector).and_then(|elector| elector.ballot.clone());
    match (decision.events.as_slice(), ballot) {
        ([], _) => {}
        ([event @ Event::BallotCast { .. }], Some(ballot)) => {
            let (account, head) = (scene.account.id, scene.account.head);
            let draft = record::case_event(&case, event, actor::Actor::User { user: elector });
            let corrupt = |_| DbError::corrupt("activity", account);
            let sealed = chain::seal(account, head, now, draft, || app.chance.bytes()).map_err(corrupt)?;
            let alone = Alone { account, head: head.hash, case: case.id(), elector, ballot, sealed };
            match app.db.run_one(Save { alone, event: event.name() }).await {
                Ok(Saved::Whole) => {}
                Ok(Saved::Overtaken) => return Ok(Attempt::Overtaken),
                // Under the lock it is seen whether a ballot of which nobody knows was saved: then nothing is left to do.
                Err(Error::Internal(DbError::Unsure(_))) => return Ok(Attempt::NeedsLock),
                Err(error) => return Err(error),
            }
        }
        _ => return Ok(Attempt::NeedsLock),
    }
    Ok(Attempt::Done(Box::new(Acted { case, people: scene.people, redeemers: scene.redeemers })))
}

async fn look(casting: &Casting<'_>) -> Result<Option<(UserId, Option<Proof>, Scene)>, Error> {
    let app = casting.app;
    let mut tx = app.db.read().await?;
    Ok(match &casting.elector {
        Elector::Known(user, shown) => {
            scene::load(&mut tx, casting.case, Some(*user)).await?.map(|scene| (*user, *shown, scene))
        }
        Elector::SignedIn(token) => scene::load_signed_in(&mut tx, casting.case, token, app.now()).await?,
    })
}

struct Save {
    alone: Alone,
    event: &'static str,
}

impl Unit for Save {
    type Out = Saved;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Saved, Error> {
        let saved = ballots::save_alone(tx, &self.alone).await?;
        match saved {
            Saved::Whole => tx.count(&names::CASE_EVENTS, self.event),
            Saved::Overtaken => {}
        }
        Ok(saved)
    }
}
