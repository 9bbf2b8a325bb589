//! What each act would make of a case, for one reader: a dry run of the state machine, so that a page offers what will
//! be accepted, and says beforehand what will happen.
//!
//! Nothing is decided here, and the surroundings are those that an act has. The answer holds for the moment at which it was read; the act itself asks again, under the
//! account's lock.

use crate::{
    app::{error::Error, fresh_proof, principal::Principal},
    moment::Moment,
    recovery::{
        action::{Action, Actor, Arrival},
        ballot::Choice,
        decide::{Decision, decide},
        proof::FreshProof,
        refusal::Refusal,
        signature::Signed,
    },
    store::{roster, scene::Scene, tx::Tx},
};

/// What each act would make of the case. Without events, it would change nothing.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// Casting an approval, signed in.
    pub approve: Result<Decision, Refusal>,
    /// Casting an approval by a mail of their own.
    pub approve_by_mail: ByMail,
    /// Casting a rejection, signed in.
    pub reject: Result<Decision, Refusal>,
    /// Taking the ballot back.
    pub take_back: Result<Decision, Refusal>,
    /// Pausing.
    pub pause: Result<Decision, Refusal>,
    /// Vetoing, with fresh proof.
    pub veto: Result<Decision, Refusal>,
    /// Withdrawing.
    pub withdraw: Result<Decision, Refusal>,
    /// Whether what the reader has shown is fresh and counts here, as ballots and a veto need it.
    pub proof: Result<FreshProof, Refusal>,
}

/// Whether a mail in which the reader approves would count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByMail {
    /// It would.
    Counts,
    /// It would be refused, or they have approved already.
    ChangesNothing,
}

/// What each act would make of the case if this reader did it now. Tokens do nothing in a case, so they have no outlook.
///
/// # Errors
/// When the database fails.
pub(super) async fn outlook(
    tx: &mut Tx,
    principal: &Principal,
    scene: &Scene,
    now: Moment,
) -> Result<Option<Outlook>, Error> {
    let Ok(user) = principal.person_everywhere() else { return Ok(None) };
    let case = &scene.case.case;
    let mut around = scene.surroundings();
    if !case.electors.contains_key(&user) {
        around.actor_standing = roster::load(tx, scene.account.id).await?.why_not(user, now, &around.owners);
    }
    let would = |action: Action| decide(case, &around, action, Actor::Person(user), now);
    let proof = fresh_proof::shown(tx, scene.account.id, principal, now).await?;
    // As if they had just shown the best that they have: where only that is wanting, the page leads to it. Whatever else is
    // refused comes first, because nothing that they could show would change it.
    let best = fresh_proof::at_best(tx, scene.account.id, user, now).await?;
    let proving = |action: &dyn Fn(FreshProof) -> Action| {
        would(action(fresh_proof::supposed(now)?))?;
        would(action(best.clone()?))
    };
    let cast = |choice| {
        let terms_hash = case.terms_hash;
        let wants_signatures = case.terms.policy.wants_signatures();
        proving(&|proof| {
            let arrival = if wants_signatures {
                Arrival::Signed { proof, signed: Signed::supposed(terms_hash, choice) }
            } else {
                Arrival::SignedIn { proof }
            };
            Action::Cast { choice, terms_hash, arrival }
        })
    };
    let (choice, terms_hash, arrival) = (Choice::Approve, case.terms_hash, Arrival::PlainMail);
    let by_mail = Action::Cast { choice, terms_hash, arrival };
    Ok(Some(Outlook {
        approve: cast(Choice::Approve),
        approve_by_mail: match would(by_mail) {
            Ok(decision) if !decision.events.is_empty() => ByMail::Counts,
            Ok(_) | Err(_) => ByMail::ChangesNothing,
        },
        reject: cast(Choice::Reject),
        take_back: would(Action::TakeBack),
        pause: would(Action::Pause),
        veto: proving(&|proof| Action::Veto { proof }),
        withdraw: would(Action::Withdraw),
        proof,
    }))
}
