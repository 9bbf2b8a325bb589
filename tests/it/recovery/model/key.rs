//! When two states are the same: everything that decides what can happen next, and nothing else.
//!
//! Moments count from now, and a moment that is past is past. Attackers are interchangeable, and so are puppets, and
//! so are honest people of one temper. Who contested, when a ballot was cast and how many reminders went out decide
//! nothing. Two states with the same key have the same future, so one of them is explored.

use std::hash::{Hash, Hasher};

use quorate::{
    id::UserId,
    moment::Moment,
    recovery::{
        action::Fitness,
        ballot::Choice,
        case::{Case, Extension, Rejection, State},
        roster::Standing,
    },
};

use super::{
    people,
    scene::Scene,
    world::{Tracked, World},
};

/// What makes a state: equal keys, equal futures.
pub fn key(scene: &Scene, world: &World) -> Vec<u64> {
    let orders = orders_of(scene.attackers);
    let rosters = orders.iter().flat_map(|attackers| {
        orders_of(scene.puppets).into_iter().map(move |puppets| {
            let bodies = attackers.iter().map(|number| people::second_body(*number));
            let bad = attackers.iter().map(|number| people::attacker(*number));
            bad.chain(puppets.into_iter().map(people::puppet)).chain(bodies).collect::<Vec<UserId>>()
        })
    });
    let people = rosters.map(|bad| people_key(scene, world, &bad)).min().unwrap_or_default();
    let mut key = vec![flags(world)];
    key.extend(world.cases.iter().map(|tracked| case_key(world, tracked)));
    key.extend(people);
    key
}

/// Every order of the numbers below that one.
fn orders_of(count: u8) -> Vec<Vec<u8>> {
    let mut orders = vec![Vec::new()];
    for number in 0..count {
        orders = orders
            .into_iter()
            .flat_map(|order: Vec<u8>| {
                (0..=order.len()).map(move |place| {
                    let mut longer = order.clone();
                    longer.insert(place, number);
                    longer
                })
            })
            .collect();
    }
    orders
}

fn people_key(scene: &Scene, world: &World, bad: &[UserId]) -> Vec<u64> {
    let mut key: Vec<u64> = bad.iter().map(|user| person_key(scene, world, bad, *user)).collect();
    let mut honest: Vec<u64> = scene.honest().map(|user| person_key(scene, world, bad, user)).collect();
    honest.sort_unstable();
    key.append(&mut honest);
    key
}

/// Digits of different sizes in one number.
struct Digits(u64);

impl Digits {
    fn push(&mut self, digit: impl Into<u64>, below: u64) {
        let digit = digit.into();
        assert!(digit < below && self.0 < u64::MAX / below, "the key has no room for {digit} below {below}");
        self.0 = self.0 * below + digit;
    }
}

fn person_key(scene: &Scene, world: &World, bad: &[UserId], user: UserId) -> u64 {
    let mut digits = Digits(1);
    digits.push(world.access.contains(&user), 2);
    digits.push(scene.is_silent(user), 2);
    standing(&mut digits, world, user);
    // Who agreed to a change, seen from the one who agreed: so that honest people can be sorted.
    for other in bad {
        digits.push(has_confirmed(world, user, *other), 2);
    }
    if bad.contains(&user) {
        digits.push(0_u64, 2);
    } else {
        // Attackers' confirmations of the removal of an honest person, seen from that person.
        for other in bad {
            digits.push(has_confirmed(world, *other, user), 2);
        }
    }
    for tracked in &world.cases {
        vote(&mut digits, &tracked.case, user);
    }
    let page = world.shown.get(&user).map(|hash| {
        let place = world.cases.iter().position(|tracked| tracked.case.terms_hash == *hash);
        place.map_or(1, |place| u64::try_from(place).unwrap_or(u64::MAX).saturating_add(2))
    });
    digits.push(page.unwrap_or(0), 5);
    digits.0
}

fn standing(digits: &mut Digits, world: &World, user: UserId) {
    let (tag, left) = match world.roster.entries.get(&user).map(|entry| &entry.standing) {
        None => (0_u64, 0),
        Some(Standing::Proposed { .. }) => (1, 0),
        Some(Standing::Stands { from }) => (2, left(world, *from)),
        Some(Standing::Ending { until, .. }) if *until <= world.now => (0, 0),
        Some(Standing::Ending { until, .. }) => (3, left(world, *until)),
        Some(Standing::Contested { .. }) => (4, 0),
    };
    digits.push(tag, 5);
    digits.push(left, 8);
}

fn has_confirmed(world: &World, user: UserId, other: UserId) -> bool {
    world.roster.entries.get(&other).is_some_and(|entry| match &entry.standing {
        Standing::Proposed { confirmed_by, .. } | Standing::Contested { confirmed_by, .. } => {
            confirmed_by.contains(&user)
        }
        Standing::Ending { until, confirmed_by, .. } => world.now < *until && confirmed_by.contains(&user),
        Standing::Stands { .. } => false,
    })
}

fn vote(digits: &mut Digits, case: &Case, user: UserId) {
    let Some(elector) = case.electors.get(&user) else { return digits.push(0_u64, 8) };
    let ballot: u64 = match elector.ballot.as_ref().map(|ballot| (ballot.choice, ballot.terms_hash == case.terms_hash))
    {
        None => 1,
        Some((Choice::Approve, true)) => 2,
        Some((Choice::Approve, false)) => 3,
        Some((Choice::Reject, _)) => 4,
    };
    let lost = if elector.lost_at.is_some() { 3 } else { 0 };
    digits.push(ballot + lost, 8);
    digits.push(case.opener.administrator() == Some(user), 2);
}

fn flags(world: &World) -> u64 {
    let mut digits = Digits(1);
    digits.push(world.owners.contains(&people::owner()), 2);
    digits.push(world.owners.contains(&people::accomplice()), 2);
    digits.push(world.heir == Fitness::Unfit, 2);
    digits.push(world.veto_refused, 2);
    digits.push(u64::try_from(world.cases.len()).unwrap_or(u64::MAX), 4);
    digits.push(world.read.is_some(), 2);
    if let Some(read) = &world.read {
        let same = world.cases.iter().position(|tracked| tracked.case == *read);
        digits.push(same.map_or(0, |place| place as u64 + 1), 4);
        let of = world.cases.iter().position(|tracked| tracked.case.id() == read.id());
        digits.push(of.map_or(0, |place| place as u64 + 1), 4);
        state(&mut digits, world, read);
    }
    digits.0
}

fn case_key(world: &World, tracked: &Tracked) -> u64 {
    let case = &tracked.case;
    let mut digits = Digits(1);
    digits.push(tracked.opening as u64, 4);
    digits.push(tracked.vetoed, 2);
    digits.push(case.terms.nominee.id == people::heir(), 2);
    digits.push(case.terms.required, 16);
    digits.push(left(world, case.terms.closes_at()), 8);
    digits.push(case.pauses, 4);
    digits.push(case.extension == Extension::Used, 2);
    state(&mut digits, world, case);
    digits.0
}

fn state(digits: &mut Digits, world: &World, case: &Case) {
    let (tag, first, second) = match case.state {
        State::Collecting => (0_u64, 0, 0),
        // The model's notice is the moment of the quorum, so its age matters as long as it is too short.
        State::Waiting { since, due_at } => (1, left(world, due_at), u64::from(since == world.now)),
        State::Paused { until, due_at, .. } => (2, left(world, until), left(world, due_at)),
        State::Completed { .. } => (3, 0, 0),
        State::Vetoed { .. } => (4, 0, 0),
        State::Rejected { reason, .. } => (5, u64::from(reason == Rejection::NomineeUnfit), 0),
        State::Expired { .. } => (6, 0, 0),
        State::Withdrawn { .. } => (7, 0, 0),
    };
    digits.push(tag, 8);
    digits.push(first, 8);
    digits.push(second, 8);
}

/// How many ticks from now; 0 for what is past.
fn left(world: &World, moment: Moment) -> u64 {
    u64::try_from(moment.since(world.now).as_mins()).unwrap_or(0)
}

/// A state together with its key.
#[derive(Debug, Clone)]
pub struct Keyed {
    pub world: World,
    key: Vec<u64>,
}

impl Keyed {
    pub fn new(scene: &Scene, world: World) -> Self {
        Self { key: key(scene, &world), world }
    }

    /// Whether the other has the same future.
    pub fn is_like(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl PartialEq for Keyed {
    fn eq(&self, other: &Self) -> bool {
        self.is_like(other)
    }
}

impl Hash for Keyed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}
