//! What can happen in a state: whose steps there are.

use quorate::{
    id::UserId,
    recovery::{action::Fitness, ballot::Choice, case::State, roster::Standing},
};

use super::{
    people::{self, Side},
    scene::{Guard, Power, Scene, TICK},
    world::World,
};

/// Something that somebody does, or that happens. A case is named by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A tick passes.
    Wait,
    /// The service lets time act on every case.
    Sweep,
    Remove {
        by: UserId,
        who: UserId,
    },
    Leave {
        who: UserId,
    },
    Add {
        by: UserId,
        who: UserId,
    },
    Contest {
        by: UserId,
        who: UserId,
    },
    Confirm {
        by: UserId,
        who: UserId,
    },
    Open {
        by: UserId,
        nominee: UserId,
    },
    Cast {
        by: UserId,
        case: usize,
        choice: Choice,
    },
    TakeBack {
        by: UserId,
        case: usize,
    },
    Withdraw {
        case: usize,
    },
    /// Somebody tries to take away another's ballot.
    Strip {
        by: UserId,
        of: UserId,
        case: usize,
    },
    /// An honest person opens the page of a case.
    Show {
        to: UserId,
        case: usize,
    },
    /// They approve what they were shown; it arrives at that case.
    Click {
        by: UserId,
        case: usize,
    },
    Pause {
        case: usize,
    },
    Veto {
        case: usize,
    },
    /// A replica reads a case to sweep it, and is slow.
    Read {
        case: usize,
    },
    /// It saves what it decided.
    SweepWhatWasRead {
        case: usize,
    },
    SuspendNominee,
    RestoreNominee,
}

/// Every step that may be worth trying. The real code refuses some of them.
pub fn possible(scene: &Scene, world: &World, steps: &mut Vec<Step>) {
    if world.cases.iter().any(|tracked| matches!(tracked.case.state, State::Completed { .. })) {
        return;
    }
    if scene.may(Power::Replicas) {
        replicas(world, steps);
    }
    if world.is_over() {
        return;
    }
    // The honest speak up in time: no tick passes over the end of a removal that its victim would still contest.
    if !world.roster.entries.keys().any(|who| must_contest_now(scene, world, *who)) {
        steps.push(Step::Wait);
    }
    bad_on_roster(scene, world, steps);
    honest_on_roster(scene, world, steps);
    openings(scene, world, steps);
    for case in 0..world.cases.len() {
        bad_in_case(scene, world, case, steps);
        honest_in_case(scene, world, case, steps);
        if scene.may(Power::Object) {
            steps.extend([Step::Pause { case }, Step::Veto { case }]);
        }
    }
}

fn replicas(world: &World, steps: &mut Vec<Step>) {
    if !world.is_over() {
        steps.push(Step::Sweep);
    }
    for case in 0..world.cases.len() {
        let tracked = &world.cases[case].case;
        match &world.read {
            None if !tracked.state.is_final() => steps.push(Step::Read { case }),
            Some(read) if read.id() == tracked.id() => steps.push(Step::SweepWhatWasRead { case }),
            None | Some(_) => {}
        }
    }
}

fn must_contest_now(scene: &Scene, world: &World, who: UserId) -> bool {
    let speaks = !scene.is_silent(who) || (scene.may(Power::Colleagues) && colleague(scene, world).is_some());
    if people::side(who) == Side::Bad || !speaks || scene.is_off(Guard::Contest) {
        return false;
    }
    let entry = &world.roster.entries[&who];
    match entry.standing {
        Standing::Ending { until, .. } => world.now < until && until <= world.now.after(TICK),
        Standing::Proposed { .. } | Standing::Stands { .. } | Standing::Contested { .. } => false,
    }
}

/// Somebody who speaks up for others.
fn colleague(scene: &Scene, world: &World) -> Option<UserId> {
    scene.honest().find(|by| !scene.is_silent(*by) && world.stands(*by))
}

fn bad_on_roster(scene: &Scene, world: &World, steps: &mut Vec<Step>) {
    let next_puppet = scene.bad().find(|who| people::is_puppet(*who) && !world.access.contains(who));
    for by in scene.bad().filter(|by| world.access.contains(by)) {
        if scene.may(Power::Thin) {
            steps.extend(scene.honest().filter(|who| world.access.contains(who)).map(|who| Step::Remove { by, who }));
        }
        if scene.may(Power::Shuffle) {
            let others = scene.bad().filter(|who| *who != by && world.access.contains(who));
            steps.extend(others.map(|who| Step::Remove { by, who }));
            steps.push(Step::Leave { who: by });
        }
        if scene.may(Power::AddBack) {
            let gone = scene.attackers().chain(scene.honest()).filter(|who| !world.access.contains(who));
            steps.extend(gone.map(|who| Step::Add { by, who }));
        }
        if scene.may(Power::Pack) {
            steps.extend(next_puppet.map(|who| Step::Add { by, who }));
        }
    }
    for by in scene.bad().filter(|by| world.stands(*by)) {
        for (who, entry) in &world.roster.entries {
            // Also by somebody who has confirmed it before: the roster may have shrunk since.
            let open = match entry.standing {
                Standing::Proposed { .. } | Standing::Ending { .. } | Standing::Contested { .. } => true,
                Standing::Stands { .. } => false,
            };
            if open && *who != by {
                steps.push(Step::Confirm { by, who: *who });
            }
        }
    }
    for who in scene.bad().filter(|who| world.is_ending(*who)) {
        steps.push(Step::Contest { by: who, who });
    }
    if scene.may(Power::SuspendNominee) && world.heir == Fitness::Fit {
        steps.push(Step::SuspendNominee);
    }
}

fn honest_on_roster(scene: &Scene, world: &World, steps: &mut Vec<Step>) {
    for who in scene.honest().filter(|who| world.is_ending(*who)) {
        if !scene.is_silent(who) {
            steps.push(Step::Contest { by: who, who });
        } else if scene.may(Power::Colleagues) {
            steps.extend(colleague(scene, world).map(|by| Step::Contest { by, who }));
        }
    }
    if scene.may(Power::StrikeBack) {
        for by in scene.honest().filter(|by| world.access.contains(by)) {
            steps.extend(scene.bad().filter(|who| world.access.contains(who)).map(|who| Step::Remove { by, who }));
            let gone = scene.honest().filter(|who| !world.access.contains(who));
            steps.extend(gone.map(|who| Step::Add { by, who }));
        }
        for by in scene.honest().filter(|by| world.stands(*by)) {
            let gone = scene.bad().filter(|who| world.is_ending(*who) || world.is_contested(*who));
            steps.extend(gone.map(|who| Step::Confirm { by, who }));
        }
    }
    if world.heir == Fitness::Unfit && scene.honest().any(|who| world.access.contains(&who)) {
        steps.push(Step::RestoreNominee);
    }
}

/// One open case for each nominee is enough: the rules already allow a person one open case and one approval.
fn openings(scene: &Scene, world: &World, steps: &mut Vec<Step>) {
    let proposed = |nominee: UserId| world.cases.iter().any(|tracked| tracked.case.terms.nominee.id == nominee);
    for by in scene.bad() {
        if scene.may(Power::Grab) && !proposed(people::accomplice()) {
            steps.push(Step::Open { by, nominee: people::accomplice() });
        }
        if scene.may(Power::Bait) && !proposed(people::heir()) {
            steps.push(Step::Open { by, nominee: people::heir() });
        }
    }
    if scene.may(Power::Recover) && !proposed(people::heir()) {
        steps.extend(scene.honest().map(|by| Step::Open { by, nominee: people::heir() }));
    }
}

fn bad_in_case(scene: &Scene, world: &World, case: usize, steps: &mut Vec<Step>) {
    let tracked = &world.cases[case].case;
    for by in scene.bad() {
        let Some(elector) = tracked.electors.get(&by) else { continue };
        let choice = elector.ballot.as_ref().map(|ballot| ballot.choice);
        if choice != Some(Choice::Approve) || scene.may(Power::AddBack) {
            steps.push(Step::Cast { by, case, choice: Choice::Approve });
        }
        if scene.may(Power::Retreat) {
            if choice != Some(Choice::Reject) {
                steps.push(Step::Cast { by, case, choice: Choice::Reject });
            }
            steps.extend(choice.map(|_| Step::TakeBack { by, case }));
        }
    }
    if scene.may(Power::Retreat) && people::side(tracked.opener.administrator().unwrap()) == Side::Bad {
        steps.push(Step::Withdraw { case });
    }
    if scene.may(Power::Strip) {
        for (of, _) in
            tracked.electors.iter().filter(|(of, elector)| **of != people::owner() && elector.ballot.is_some())
        {
            steps.extend(scene.bad().filter(|by| by != of).map(|by| Step::Strip { by, of: *of, case }));
        }
    }
}

fn honest_in_case(scene: &Scene, world: &World, case: usize, steps: &mut Vec<Step>) {
    let tracked = &world.cases[case].case;
    for by in scene.honest() {
        if scene.may(Power::Bait) {
            if world.side(case) == Side::Good && world.shown.get(&by) != Some(&tracked.terms_hash) {
                steps.push(Step::Show { to: by, case });
            }
            if world.shown.contains_key(&by) {
                steps.push(Step::Click { by, case });
            }
        } else if scene.may(Power::Recover)
            && world.side(case) == Side::Good
            && tracked.electors.get(&by).is_some_and(|elector| elector.ballot.is_none())
        {
            steps.push(Step::Cast { by, case, choice: Choice::Approve });
        }
    }
}
