//! The account's one place for a case with a quorum.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    moment::Moment,
    recovery::{
        action::{Action, Actor},
        ballot::Choice,
        case::State,
        terms::Kind,
    },
};

use super::{
    fixtures::{START, hours, policy, standing, user, veto},
    invariants,
    world::{Access, World},
};
use crate::harness::proof::signed_in;

fn later(count: i64) -> Moment {
    START.after(hours(count))
}

/// A quorum reached while another case waits stays collecting, beyond its own window, and waits a full period of its
/// own once the place is free.
#[test]
fn a_second_quorum_waits_for_the_place() {
    let access = [
        (1, Access::Plain),
        (31, Access::Plain),
        (11, Access::Administrator),
        (12, Access::Plain),
        (13, Access::Plain),
    ];
    let access: BTreeMap<_, _> = access.into_iter().map(|(who, access)| (user(who), access)).collect();
    let mut world = World::new(START, policy(), BTreeSet::from([user(1)]), access);
    world.roster = standing(&BTreeSet::from([user(11)]));
    let approve = |world: &mut World, id, who| {
        let terms_hash = world.cases[&id].opened.terms_hash;
        let cast = Action::Cast { choice: Choice::Approve, terms_hash, arrival: signed_in(world.now) };
        world.act(id, cast, Actor::Person(user(who))).unwrap();
    };
    let first = world.open(user(11), user(31), Kind::Replace).unwrap();
    world.add(user(12), user(1));
    world.add(user(13), user(1));
    world.now = later(72);
    let second = world.open(user(12), user(31), Kind::Replace).unwrap();
    world.now = later(330);
    approve(&mut world, first, 11);
    assert_eq!(world.cases[&first].case.state, State::Waiting { since: later(330), due_at: later(402) });
    world.now = later(400);
    world.act(first, Action::Pause, Actor::Person(user(1))).unwrap();
    approve(&mut world, second, 12);
    approve(&mut world, second, 13);
    let waits = |world: &mut World, hour| {
        world.now = later(hour);
        world.sweep();
        invariants::check(world);
        let case = &world.cases[&second].case;
        assert_eq!((case.state, case.count().approvals), (State::Collecting, 2));
        assert_eq!(
            case.wake_at(world.now),
            Some(world.now.after(jiff::SignedDuration::from_mins(1))).max(case.next_reminder())
        );
    };
    // Its window closes at 408 hours; the first case has the place until the owner ends it.
    for hour in [400, 408, 420] {
        waits(&mut world, hour);
    }
    assert!(world.seen.contains_key("a quorum that waits for the place"));
    // Its ballots may still change; but once it has no quorum any more, nothing keeps its window open.
    let mut other = world.clone();
    let terms_hash = other.cases[&second].opened.terms_hash;
    let now = other.now;
    let cast = |choice| Action::Cast { choice, terms_hash, arrival: signed_in(now) };
    other.act(second, cast(Choice::Reject), Actor::Person(user(11))).unwrap();
    other.act(second, Action::TakeBack, Actor::Person(user(13))).unwrap();
    let refused = other.act(second, cast(Choice::Approve), Actor::Person(user(13))).unwrap_err();
    assert_eq!(refused.code(), "case_ended");
    let now = world.now;
    world.act(first, veto(now), Actor::Person(user(1))).unwrap();
    world.now = later(421);
    world.sweep();
    assert_eq!(world.cases[&second].case.state, State::Waiting { since: later(421), due_at: later(493) });
}
