//! The one door through which a recovery case changes, for people, links and the passing of time alike.

use std::collections::BTreeMap;

use super::{
    app::App,
    authenticate::{Credential, authenticate},
    cast::{self, Casting, Elector as Voter},
    check_case::check_case,
    complete,
    error::Error,
    fresh_proof::supposed,
    here::Here,
    notice,
    principal::Principal,
    record, redeem_key, rights, tell_case,
};
use crate::{
    id::{CaseId, RecoveryUserId, UserId},
    inbound::{gate::MailedBallot, kept::Kept},
    meter::names,
    ownership::actor,
    recovery::{
        action::{Action, Actor, Arrival, Surroundings},
        ballot::Choice,
        case::{Case, State},
        decide::{Decision, decide},
        event::Event,
        policy::BallotWay,
        proof::FreshProof,
        redeem::KeyAndMailbox,
        refusal::Refusal,
        terms::TermsHash,
    },
    store::{
        cases,
        db::Unit,
        docket, links,
        mails::Contact,
        roster,
        scene::{self, Scene},
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

/// What an act made of a case, and the people whom it concerns.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The case afterwards.
    pub case: Case,
    /// Its electors, its opener, and the account's owners.
    pub people: BTreeMap<UserId, Contact>,
    /// The names of those who redeemed paper keys.
    pub redeemers: BTreeMap<RecoveryUserId, String>,
}

/// Does what somebody asks of a case. Most ballots change the count and nothing else, and need no lock.
///
/// # Errors
/// Why it is refused.
pub async fn ask(act: Act) -> Result<Acted, Error> {
    if let Asked::Cast { choice, terms_hash, way: BallotWay::SignedIn } = act.asked {
        let elector = Voter::Known(act.principal.person_everywhere()?, act.principal.proof());
        let casting = Casting { app: &act.app, case: act.case, choice, terms_hash, elector };
        if let Some(acted) = cast::without_lock(casting).await? {
            return Ok(acted);
        }
    }
    act.app.db.clone().run(act).await
}

/// Casts the ballot of whoever presents a token: as [`ask`] does, but who that is comes with the case, in the same read.
///
/// # Errors
/// Why it is refused.
pub async fn vote(
    app: &App,
    credential: &Credential,
    case: CaseId,
    choice: Choice,
    terms_hash: TermsHash,
) -> Result<Acted, Error> {
    if let Some(token) = credential.session() {
        let casting = Casting { app, case, choice, terms_hash, elector: Voter::SignedIn(token) };
        if let Some(acted) = cast::without_lock(casting).await? {
            return Ok(acted);
        }
    }
    let principal = authenticate(app, credential).await?;
    let asked = Asked::Cast { choice, terms_hash, way: BallotWay::SignedIn };
    app.db.run(Act { app: app.clone(), case, asked, principal }).await
}

impl Unit for Act {
    type Out = Acted;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Acted, Error> {
        let person = self.principal.person_everywhere()?;
        let (mut here, scene) = Here::enter_case(tx, &self.app, self.case, Some(person)).await?;
        act(&mut here, scene, self.asked, &self.principal).await
    }
}

/// A person's act on a case of an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub async fn act(here: &mut Here<'_>, scene: Scene, asked: Asked, principal: &Principal) -> Result<Acted, Error> {
    let person = principal.person_everywhere()?;
    rights::may_read_case(here.tx, principal, here.account.id, &scene.case).await?;
    let action = match asked {
        Asked::Cast { choice, terms_hash, way } => {
            let arrival = match way {
                BallotWay::SignedIn => {
                    let cast = |proof| Action::Cast { choice, terms_hash, arrival: Arrival::SignedIn { proof } };
                    Arrival::SignedIn { proof: proof_for(here, &scene, principal, cast).await? }
                }
                BallotWay::MailLink => Arrival::MailLink,
                // There is no mail here; see `mailed`.
                BallotWay::PlainMail => return Err(Refusal::WayNotAllowed { way }.into()),
                // There is nothing signed here; see `sign_ballot`.
                BallotWay::Passkey => return Err(Refusal::SignedSomethingElse.into()),
            };
            Action::Cast { choice, terms_hash, arrival }
        }
        Asked::TakeBack => Action::TakeBack,
        Asked::Pause => Action::Pause,
        Asked::Veto => {
            Action::Veto { proof: proof_for(here, &scene, principal, |proof| Action::Veto { proof }).await? }
        }
        Asked::Withdraw => Action::Withdraw,
    };
    let case = apply(here, &scene, action, Actor::Person(person)).await?;
    Ok(Acted { case, people: scene.people, redeemers: scene.redeemers })
}

/// A ballot that its voter has signed, in a case of an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub(super) async fn signed(
    here: &mut Here<'_>,
    scene: Scene,
    cast: Action,
    principal: &Principal,
) -> Result<Acted, Error> {
    let person = principal.person_everywhere()?;
    rights::may_read_case(here.tx, principal, here.account.id, &scene.case).await?;
    let case = apply(here, &scene, cast, Actor::Person(person)).await?;
    Ok(Acted { case, people: scene.people, redeemers: scene.redeemers })
}

/// A ballot out of a mail that got through the gate, in a case of an account that is locked already. Its sender was shown no
/// hash; they named the people of the terms in force. What is kept of the mail is kept with the entry, if it proves the ballot.
///
/// # Errors
/// Why it is refused.
pub(super) async fn mailed(
    here: &mut Here<'_>,
    scene: &Scene,
    (ballot, kept): (MailedBallot, Option<&Kept>),
    elector: UserId,
) -> Result<Case, Error> {
    let terms_hash = scene.case.case.terms_hash;
    let cast = Action::Cast { choice: ballot.choice(), terms_hash, arrival: Arrival::PlainMail };
    apply_with(here, scene, (cast, Actor::Person(elector)), kept).await
}

/// What the caller has shown, for an act that takes proof. Whatever else is refused comes first: nobody is asked to show who
/// they are for what they may not do.
async fn proof_for(
    here: &mut Here<'_>,
    scene: &Scene,
    principal: &Principal,
    action: impl Fn(FreshProof) -> Action,
) -> Result<FreshProof, Error> {
    let shown = here.fresh_proof(principal).await;
    if shown.is_err() {
        let by = Actor::Person(principal.person_everywhere()?);
        let around = surroundings(here, scene, by).await?;
        decide(&scene.case.case, &around, action(supposed(here.now)?), by, here.now)?;
    }
    shown
}

/// Lets time act on a case: completion, expiry, the end of a pause, reminders.
///
/// # Errors
/// When the database fails; the case then stays as it was, and the next sweep tries again.
pub async fn tick(app: &App, case: CaseId) -> Result<(), Error> {
    app.db.run(Tick { app: app.clone(), case }).await
}

struct Tick {
    app: App,
    case: CaseId,
}

impl Unit for Tick {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (mut here, scene) = Here::enter_case(tx, &self.app, self.case, None).await?;
        apply(&mut here, &scene, Action::Tick, Actor::Service).await.map(drop)
    }
}

/// An owner's act, or their own, took somebody's access away: they lose their ballots in the open cases.
///
/// # Errors
/// When the database fails.
pub async fn lose_ballots(here: &mut Here<'_>, elector: UserId, by: UserId) -> Result<(), Error> {
    for case in docket::open_of(here.tx, here.account.id).await? {
        let scene = scene::load(here.tx, case, Some(elector)).await?.ok_or(Error::NotFound)?;
        if scene.case.case.electors.contains_key(&elector) {
            apply(here, &scene, Action::Lose { elector }, Actor::Person(by)).await?;
        }
    }
    Ok(())
}

/// A further paper key for a case of an account that is locked already. It is spent in the same unit of work.
///
/// # Errors
/// Why it is refused; the key is then as good as before.
pub(super) async fn redeem(
    here: &mut Here<'_>,
    scene: &Scene,
    shown: KeyAndMailbox,
    terms_hash: TermsHash,
) -> Result<Case, Error> {
    apply(here, scene, Action::Redeem { shown, terms_hash }, Actor::RecoveryUser(shown.by())).await
}

/// Whom paper keys name accepts or declines, in a case of an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub(super) async fn nominated(here: &mut Here<'_>, case: CaseId, nominee: UserId, says: Action) -> Result<Case, Error> {
    let scene = scene::load(here.tx, case, Some(nominee)).await?.ok_or(Error::NotFound)?;
    apply(here, &scene, says, Actor::Person(nominee)).await
}

/// An owner removes a recovery user: the paper keys that they redeemed for open cases do not count any more.
///
/// # Errors
/// When the database fails.
pub async fn lose_keys(here: &mut Here<'_>, of: RecoveryUserId, by: UserId) -> Result<(), Error> {
    for case in docket::open_of(here.tx, here.account.id).await? {
        let scene = scene::load(here.tx, case, None).await?.ok_or(Error::NotFound)?;
        if scene.case.case.redeemed.contains_key(&of) {
            apply(here, &scene, Action::LoseKey { of }, Actor::Person(by)).await?;
        }
    }
    Ok(())
}

async fn apply(here: &mut Here<'_>, scene: &Scene, action: Action, by: Actor) -> Result<Case, Error> {
    apply_with(here, scene, (action, by), None).await
}

/// The same, with the mail that asks for it.
async fn apply_with(
    here: &mut Here<'_>,
    scene: &Scene,
    asked: (Action, Actor),
    mail: Option<&Kept>,
) -> Result<Case, Error> {
    let before = scene.case.case.state;
    let decision = step(here, scene, asked, mail).await?;
    let case = decision.case;
    if matches!(case.state, State::Completed { .. }) && !before.is_final() {
        for other in docket::open_of(here.tx, here.account.id).await? {
            let other = scene::load(here.tx, other, None).await?.ok_or(Error::NotFound)?;
            step(here, &other, (Action::Supersede, Actor::Service), None).await?;
        }
        complete::check_owners(here).await?;
    } else if before.holds_place() && !case.state.holds_place() {
        docket::wake_others(here.tx, here.account.id, case.id(), here.now).await?;
    }
    Ok(case)
}

async fn step(
    here: &mut Here<'_>,
    scene: &Scene,
    (action, by): (Action, Actor),
    mail: Option<&Kept>,
) -> Result<Decision, Error> {
    let stored = &scene.case;
    let around = surroundings(here, scene, by).await?;
    let decision = decide(&stored.case, &around, action, by, here.now)?;
    let counted = |event: &Event| matches!(event, Event::QuorumReached { .. } | Event::Completed { .. });
    if decision.events.iter().any(counted) {
        // A ballot that is being cast was checked on its way here.
        check_case(here, &stored.case).await?;
    }
    let case = &decision.case;
    // Also without an event a tick moves the moment at which to look again.
    if !decision.events.is_empty() || action == Action::Tick && !stored.case.state.is_final() {
        cases::save_case(here.tx, stored, case, here.now).await?;
    }
    let actor = match by {
        Actor::Person(user) => actor::Actor::User { user },
        Actor::RecoveryUser(recovery_user) => actor::Actor::RecoveryUser { recovery_user },
        Actor::Service => actor::Actor::Service,
    };
    for event in &decision.events {
        if let Event::KeyRedeemed { by, .. } = event {
            redeem_key::keep(here, case, *by).await?;
        }
        let draft = record::case_event(case, event, actor);
        let draft = record::with_mail(draft, case, event, here.now, mail);
        let draft = notice::with_unreached(here, &stored.case, event, draft).await?;
        here.record(draft).await?;
        here.tx.count(&names::CASE_EVENTS, event.name());
        if let Event::Completed { .. } = event {
            complete::complete(here, case).await?;
        }
        tell_case::tell(here, case, event).await?;
    }
    if case.state.is_final() && !decision.events.is_empty() {
        links::kill_of_case(here.tx, case.id(), here.now).await?;
    }
    Ok(decision)
}

async fn surroundings(here: &mut Here<'_>, scene: &Scene, by: Actor) -> Result<Surroundings, Error> {
    let (case, account) = (&scene.case.case, here.account.id);
    let actor_standing = match by {
        Actor::Person(user) if !case.electors.contains_key(&user) => {
            roster::load(here.tx, account).await?.why_not(user, here.now, &here.owners())
        }
        Actor::Person(_) | Actor::RecoveryUser(_) | Actor::Service => None,
    };
    let (redeemed_elsewhere, redeemer) = match by {
        Actor::RecoveryUser(user) => redeem_key::around(here, case, user).await?,
        Actor::Person(_) | Actor::Service => (None, None),
    };
    let notice = notice::notice(here, case).await?;
    Ok(Surroundings { redeemed_elsewhere, redeemer, notice, actor_standing, ..scene.surroundings() })
}
