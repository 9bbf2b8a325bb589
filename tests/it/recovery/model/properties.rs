//! What must always hold, and what must happen sometimes so that the rest is not empty.

use quorate::{
    id::UserId,
    recovery::{
        ballot::Choice,
        case::{Case, Rejection, State},
        quorum::Count,
    },
};
use stateright::{Model, Property};

use super::{
    key::Keyed,
    people::{self, Side},
    scene::Scene,
    steps::{self, Step},
    take::take,
    world::{Opening, Tracked, World},
};

pub const NO_TAKEOVER: &str = "no nominee of the attackers becomes owner";
pub const REMOVE_THEN_OPEN: &str = "removing the others, then opening, does not win";
pub const REMOVE_WAIT_OPEN: &str = "removing the others, waiting S, then opening, does not win";
pub const PACK_WAIT_OPEN: &str = "adding puppets, waiting S, then opening, does not win";
pub const NO_BAIT: &str = "no honest approval counts for the attackers' nominee";
pub const ONE_HUMAN_ONE_VOTE: &str = "an approver removed and added again counts once";
pub const BALLOTS_STAY: &str = "suspending voters voids no approval";
pub const QUORUM_STAYS: &str = "a case with enough honest approvals does not fall short";
pub const VETO_WINS: &str = "a veto and a completion never both win";
pub const VETO_IN_TIME: &str = "a veto at the due instant is not refused";
pub const EXIT: &str = "a case that nobody touches any more ends";

pub const RECOVERED: &str = "an honest majority completes a recovery";
pub const VETOED: &str = "a veto wins";
pub const RACED: &str = "a veto is possible in a case that is due";
pub const PAUSED: &str = "a case is paused";
pub const ATTEMPTED: &str = "attackers have a case with all their approvals";
pub const PURGED: &str = "every honest administrator is removed";
pub const CONTESTED: &str = "every honest administrator contests their removal";
pub const PROPOSED: &str = "every puppet is an administrator without standing";
pub const STRUCK_BACK: &str = "the honest end the standing of an attacker";
pub const STRIPPED_IN_VAIN: &str = "an elector without access holds a counted approval";
pub const BAITED: &str = "an honest person holds a page of terms that are not in force";
pub const NOMINEE_LOST: &str = "a case with its quorum fails because its nominee was suspended";

/// A scene, explored with the real code.
impl Model for Scene {
    type State = Keyed;
    type Action = Step;

    fn init_states(&self) -> Vec<Keyed> {
        vec![Keyed::new(self, World::begin(self))]
    }

    fn actions(&self, state: &Keyed, steps: &mut Vec<Step>) {
        steps::possible(self, &state.world, steps);
    }

    fn next_state(&self, state: &Keyed, step: Step) -> Option<Keyed> {
        let next = Keyed::new(self, take(self, &state.world, step)?);
        (!next.is_like(state)).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(REMOVE_THEN_OPEN, |_, state: &Keyed| !won(state, Opening::ThinnedAtOnce)),
            Property::always(REMOVE_WAIT_OPEN, |_, state: &Keyed| !won(state, Opening::ThinnedSlowly)),
            Property::always(PACK_WAIT_OPEN, |_, state: &Keyed| !won(state, Opening::Packed)),
            Property::always(NO_BAIT, |_, state: &Keyed| {
                let bad = |case: &&Case| people::side(case.terms.nominee.id) == Side::Bad;
                cases(state).filter(bad).flat_map(approvers).all(|user| people::side(user) == Side::Bad)
            }),
            Property::always(ONE_HUMAN_ONE_VOTE, |_, state: &Keyed| cases(state).all(counts_humans)),
            Property::always(NO_TAKEOVER, |_, state: &Keyed| !state.world.owners.contains(&people::accomplice())),
            Property::always(BALLOTS_STAY, |_, state: &Keyed| {
                let honest = |user: &UserId| people::side(*user) == Side::Good;
                cases(state).flat_map(|case| &case.electors).all(|(user, it)| !honest(user) || it.lost_at.is_none())
            }),
            Property::always(QUORUM_STAYS, |_, state: &Keyed| keeps_its_quorum(state)),
            Property::always(VETO_WINS, |_, state: &Keyed| {
                state.world.cases.iter().all(|it| !(it.vetoed && is_completed(&it.case)))
            }),
            Property::always(VETO_IN_TIME, |_, state: &Keyed| !state.world.veto_refused),
            Property::always(EXIT, ends_by_itself),
            Property::sometimes(RECOVERED, |_, state: &Keyed| state.world.owners.contains(&people::heir())),
            Property::sometimes(VETOED, |_, state: &Keyed| state.world.cases.iter().any(|it| it.vetoed)),
            Property::sometimes(RACED, |_, state: &Keyed| {
                cases(state)
                    .any(|case| matches!(case.state, State::Waiting { due_at, .. } if due_at <= state.world.now))
            }),
            Property::sometimes(PAUSED, |_, state: &Keyed| {
                cases(state).any(|case| matches!(case.state, State::Paused { .. }))
            }),
            Property::sometimes(ATTEMPTED, |scene: &Self, state: &Keyed| {
                let all = |case: &Case| approvers(case).count() >= usize::from(scene.attackers);
                cases(state).any(|case| people::side(case.terms.nominee.id) == Side::Bad && all(case))
            }),
            Property::sometimes(PURGED, |scene: &Self, state: &Keyed| {
                scene.honest().all(|who| !state.world.access.contains(&who))
            }),
            Property::sometimes(CONTESTED, |scene: &Self, state: &Keyed| {
                scene.honest().all(|who| state.world.is_contested(who))
            }),
            Property::sometimes(PROPOSED, |scene: &Self, state: &Keyed| {
                let mut puppets = scene.bad().filter(|who| people::is_puppet(*who)).peekable();
                puppets.peek().is_some() && puppets.all(|who| state.world.roster.needs_confirmation(who))
            }),
            Property::sometimes(STRUCK_BACK, |scene: &Self, state: &Keyed| {
                scene.attackers().any(|who| !state.world.roster.entries.contains_key(&who))
            }),
            Property::sometimes(STRIPPED_IN_VAIN, |_, state: &Keyed| {
                cases(state).flat_map(approvers).any(|who| !state.world.access.contains(&who))
            }),
            Property::sometimes(BAITED, |_, state: &Keyed| {
                let in_force = |hash| cases(state).any(|case| case.terms_hash == hash);
                !state.world.cases.is_empty() && state.world.shown.values().any(|hash| !in_force(*hash))
            }),
            Property::sometimes(NOMINEE_LOST, |_, state: &Keyed| {
                let unfit = |case: &Case| matches!(case.state, State::Rejected { reason: Rejection::NomineeUnfit, .. });
                cases(state).any(unfit)
            }),
        ]
    }
}

fn cases(state: &Keyed) -> impl Iterator<Item = &Case> {
    state.world.cases.iter().map(|tracked| &tracked.case)
}

const fn is_completed(case: &Case) -> bool {
    matches!(case.state, State::Completed { .. })
}

/// Whether the attackers' nominee became owner by a case with such an electorate.
fn won(state: &Keyed, opening: Opening) -> bool {
    let by_it = |it: &Tracked| it.opening == opening && people::side(it.case.terms.nominee.id) == Side::Bad;
    state.world.cases.iter().any(|it| by_it(it) && is_completed(&it.case))
}

/// Whose approvals are recorded, and not lost.
fn approvers(case: &Case) -> impl Iterator<Item = UserId> {
    let approves = case.electors.iter().filter(|(_, elector)| {
        elector.lost_at.is_none() && elector.ballot.as_ref().is_some_and(|ballot| ballot.choice == Choice::Approve)
    });
    approves.map(|(user, _)| *user)
}

fn counts_humans(case: &Case) -> bool {
    let humans: std::collections::BTreeSet<UserId> = approvers(case).map(people::human).collect();
    Count::of(case).approvals as usize <= humans.len()
}

/// Honest people take nothing back here, so only a guard that failed can undo what they made.
fn keeps_its_quorum(state: &Keyed) -> bool {
    let cast = |case: &Case, user: UserId| {
        let ballot = case.electors[&user].ballot.as_ref();
        ballot.is_some_and(|it| it.choice == Choice::Approve && it.terms_hash == case.terms_hash)
    };
    let taken = cases(state).any(|case| case.state.holds_place());
    cases(state).all(|case| {
        let honest =
            case.electors.keys().filter(|user| people::side(**user) == Side::Good && cast(case, **user)).count();
        honest < case.terms.required as usize
            || (Count::of(case).approvals as usize >= honest && (case.state != State::Collecting || taken))
    })
}

/// Time alone, woken as the service is, brings every open case to an end. No owner acts.
fn ends_by_itself(scene: &Scene, state: &Keyed) -> bool {
    const WAKINGS: usize = 12;
    if state.world.cases.is_empty() {
        return true;
    }
    let mut later = state.world.clone();
    for _ in 0..WAKINGS {
        later.sweep(scene);
        let Some(wake) = later.cases.iter().filter_map(|it| it.case.wake_at(later.now)).min() else { return true };
        later.now = later.now.max(wake);
    }
    false
}
