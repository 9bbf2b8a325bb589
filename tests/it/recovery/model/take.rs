//! What the real code makes of a step.

use std::sync::Arc;

use quorate::{
    id::UserId,
    moment::Moment,
    recovery::{
        action::{Action, Actor, Fitness},
        ballot::Choice,
        case::Case,
        roster::{Authority, Joined},
        terms::TermsHash,
    },
};

use super::{
    people,
    scene::{Guard, Power, Scene, TICK},
    steps::Step,
    world::World,
};
use crate::harness::proof::{fresh, signed_in};

/// The state after a step, or `None` where it was refused or changes nothing.
pub fn take(scene: &Scene, world: &World, step: Step) -> Option<World> {
    let mut next = world.clone();
    match step {
        Step::Wait => {
            next.now = next.now.after(TICK);
            if !scene.may(Power::Replicas) {
                next.sweep(scene);
            }
        }
        Step::Sweep => next.sweep(scene),
        Step::Remove { by, who } => {
            next.access.remove(&who);
            next.with_roster(|roster, at| roster.remove(who, Authority::Other(by), people::change_of(who), at));
        }
        Step::Leave { who } => leave(scene, &mut next, who)?,
        Step::Add { by, who } => add(scene, &mut next, by, who),
        Step::Contest { .. } if scene.is_off(Guard::Contest) => return None,
        Step::Contest { by, who } => {
            next.with_roster(|roster, at| roster.contest(people::change_of(who), by, at)).ok()?;
        }
        Step::Confirm { by, who } => {
            next.with_roster(|roster, at| roster.confirm(people::change_of(who), by, at)).ok()?;
        }
        Step::Open { by, nominee } => next.open(scene, by, nominee).ok()?,
        Step::Cast { by, case, choice } => {
            let terms_hash = next.cases[case].case.terms_hash;
            next.act(scene, case, cast(choice, terms_hash, next.now), Actor::Person(by)).ok()?;
        }
        Step::TakeBack { by, case } => next.act(scene, case, Action::TakeBack, Actor::Person(by)).ok()?,
        Step::Withdraw { case } => {
            let opener = next.cases[case].case.opener.administrator().unwrap();
            next.act(scene, case, Action::Withdraw, Actor::Person(opener)).ok()?;
        }
        Step::Strip { by, of, case } => {
            let actor = if scene.is_off(Guard::BallotsAreKept) { of } else { by };
            next.act(scene, case, Action::Lose { elector: of }, Actor::Person(actor)).ok()?;
        }
        Step::Show { to, case } => {
            next.shown.insert(to, next.cases[case].case.terms_hash);
        }
        Step::Click { by, case } => {
            let shown = next.shown.remove(&by)?;
            let hash = if scene.is_off(Guard::TermsHash) { next.cases[case].case.terms_hash } else { shown };
            next.act(scene, case, cast(Choice::Approve, hash, next.now), Actor::Person(by)).ok()?;
        }
        Step::Pause { case } => next.act(scene, case, Action::Pause, Actor::Person(people::owner())).ok()?,
        Step::Veto { case } => veto(scene, &mut next, case),
        Step::Read { case } => next.read = Some(next.cases[case].case.clone()),
        Step::SweepWhatWasRead { case } => {
            let read = next.read.take()?;
            sweep_what_was_read(scene, &mut next, case, &read);
        }
        Step::SuspendNominee => next.heir = Fitness::Unfit,
        Step::RestoreNominee => next.heir = Fitness::Fit,
    }
    next.forget_ended();
    Some(next)
}

fn cast(choice: Choice, terms_hash: TermsHash, now: Moment) -> Action {
    Action::Cast { choice, terms_hash, arrival: signed_in(now) }
}

fn leave(scene: &Scene, next: &mut World, who: UserId) -> Option<()> {
    next.access.remove(&who);
    next.with_roster(|roster, at| roster.remove(who, Authority::Themselves, people::change_of(who), at));
    for case in 0..next.cases.len() {
        next.act(scene, case, Action::Lose { elector: who }, Actor::Person(who)).ok()?;
    }
    Some(())
}

fn add(scene: &Scene, next: &mut World, by: UserId, who: UserId) {
    if scene.is_off(Guard::SamePerson) && scene.attackers().any(|attacker| attacker == who) {
        return add_as_somebody_new(next, people::body_of(who));
    }
    let authority = if scene.is_off(Guard::AdditionsAreConfirmed) { Authority::Owner } else { Authority::Other(by) };
    next.access.insert(who);
    next.with_roster(|roster, at| roster.add(who, Joined::Yes, authority, people::change_of(who), at));
}

fn add_as_somebody_new(next: &mut World, body: UserId) {
    next.access.insert(body);
    next.with_roster(|roster, at| {
        roster.add(body, Joined::Yes, Authority::Founding, people::change_of(body), at);
    });
    for tracked in &mut next.cases {
        let tracked = Arc::make_mut(tracked);
        tracked.case.electors.entry(body).or_default();
        tracked.case.terms.electorate.insert(body);
    }
}

fn veto(scene: &Scene, next: &mut World, case: usize) {
    if scene.is_off(Guard::VetoGoesFirst) {
        next.sweep(scene);
    }
    let proof = fresh(next.now);
    if next.act(scene, case, Action::Veto { proof }, Actor::Person(people::owner())).is_err() {
        next.veto_refused = true;
    }
}

fn sweep_what_was_read(scene: &Scene, next: &mut World, case: usize, read: &Case) {
    let unchanged = next.cases[case].case == *read;
    if unchanged || scene.is_off(Guard::CompareAndSet) {
        next.save(scene, case, read, Action::Tick, Actor::Service).expect("time is the service's");
    }
}
