//! What each act would make of a case, for one reader: a dry run of the state machine, so that a page offers what will
//! be accepted, and says beforehand what will happen.
//!
//! Nothing is decided here, and the surroundings are those that an act has. The answer holds for the moment at which it was read; the act itself asks again, under the
//! account's lock.

use crate::{
    app::{error::Error, principal::Principal},
    moment::Moment,
    ownership::credential::Proof,
    recovery::{
        action::{Action, Actor, FreshProof},
        ballot::Choice,
        decide::{Decision, decide},
        policy::BallotWay,
        refusal::Refusal,
    },
    store::{roster, scene::Scene, tx::Tx},
};

/// What each act would make of the case. Without events, it would change nothing.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// Casting an approval, signed in.
    pub approve: Result<Decision, Refusal>,
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
    /// Whether the reader's proof is fresh, as a veto needs it.
    pub proof: Result<FreshProof, Refusal>,
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
    let Ok(user) = principal.person() else { return Ok(None) };
    let case = &scene.case.case;
    let mut around = scene.surroundings();
    if !case.electors.contains_key(&user) {
        around.actor_standing = roster::load(tx, scene.account.id).await?.why_not(user, now, &around.owners);
    }
    let would = |action: Action| decide(case, &around, action, Actor::Person(user), now);
    let cast = |choice| would(Action::Cast { choice, terms_hash: case.terms_hash, way: BallotWay::SignedIn });
    Ok(Some(Outlook {
        approve: cast(Choice::Approve),
        reject: cast(Choice::Reject),
        take_back: would(Action::TakeBack),
        pause: would(Action::Pause),
        // As if they had proven who they are just now: where only that is wanting, the page leads to it.
        veto: FreshProof::of(Some(Proof::by_code(now)), now).and_then(|proof| would(Action::Veto { proof })),
        withdraw: would(Action::Withdraw),
        proof: FreshProof::of(principal.proof(), now),
    }))
}
