//! INVARIANT 36: fewer than half of the roster never win, whatever they try, as long as those whom they remove contest
//! within S. Everybody else does nothing at all here, and the owner is gone.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, sample::select};
use quorate::{
    id::{CaseId, UserId},
    moment::Moment,
    recovery::{
        action::{Action, Actor},
        ballot::Choice,
        event::Event,
        roster::Standing,
        terms::Kind,
    },
};

use super::{
    fixtures::{START, TICK, hours, policy, standing, user},
    invariants,
    properties::rounds,
    world::{Access, World},
};
use crate::harness::proof::signed_in;

/// What the conspirators do. They are 11 and the next ones on the roster, with the puppets 21 to 23 and the member 31.
#[derive(Debug, Clone, Copy)]
enum Move {
    Add { who: u128, by: u128 },
    Join(u128),
    Remove { who: u128, by: u128 },
    Leave(u128),
    Meddle(Meddling),
    Open { opener: u128, nominee: u128 },
    Approve,
    TakeBack(u128),
    Withdraw,
    Wait(i64),
    WaitForTheNextChange,
}

/// What they do to every change of the roster at once.
#[derive(Debug, Clone, Copy)]
enum Meddling {
    Contest,
    Confirm,
}

/// Whether those who are removed speak up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victims {
    Contest,
    StaySilent,
}

struct Conspiracy {
    world: World,
    conspirators: BTreeSet<UserId>,
    victims: Victims,
    quorums: usize,
    contests: usize,
}

fn moves() -> impl Strategy<Value = Move> {
    let one = || select(vec![11, 12, 13, 21, 22, 23]);
    let anybody = || select(vec![11, 12, 13, 14, 15, 16, 17, 21, 22, 23, 31]);
    prop_oneof![
        4 => (anybody(), one()).prop_map(|(who, by)| Move::Add { who, by }),
        3 => select(vec![21, 22, 23]).prop_map(Move::Join),
        8 => (anybody(), one()).prop_map(|(who, by)| Move::Remove { who, by }),
        1 => one().prop_map(Move::Leave),
        1 => Just(Move::Meddle(Meddling::Contest)),
        4 => Just(Move::Meddle(Meddling::Confirm)),
        4 => (one(), anybody()).prop_map(|(opener, nominee)| Move::Open { opener, nominee }),
        4 => Just(Move::Approve),
        1 => one().prop_map(Move::TakeBack),
        1 => Just(Move::Withdraw),
        2 => (1..200_i64).prop_map(Move::Wait),
        4 => Just(Move::WaitForTheNextChange),
    ]
}

impl Conspiracy {
    fn new(roster: u128, minority: u128, victims: Victims) -> Self {
        let administrators: BTreeSet<UserId> = (11..11 + roster).map(user).collect();
        let mut access: BTreeMap<_, _> = administrators.iter().map(|who| (*who, Access::Administrator)).collect();
        access.extend([(user(1), Access::Plain), (user(31), Access::Plain)]);
        let mut world = World::new(START, policy(), BTreeSet::from([user(1)]), access);
        world.roster = standing(&administrators);
        let puppets = [21, 22, 23, 31];
        let conspirators = (11..11 + minority).chain(puppets).map(user).collect();
        Self { world, conspirators, victims, quorums: 0, contests: 0 }
    }

    fn conspires(&self, number: u128) -> bool {
        self.conspirators.contains(&user(number))
    }

    fn play(&mut self, next: Move) {
        self.world.changes.clear();
        match next {
            Move::Add { who, by } if self.conspires(by) => self.world.add(user(who), user(by)),
            Move::Remove { who, by } if self.conspires(by) && who != by => self.world.remove(user(who), user(by)),
            Move::Leave(who) if self.conspires(who) => self.world.remove(user(who), user(who)),
            Move::Open { opener, nominee } if self.conspires(opener) => {
                drop(self.world.open(user(opener), user(nominee), Kind::Replace));
            }
            Move::Add { .. } | Move::Remove { .. } | Move::Leave(_) | Move::Open { .. } => {}
            Move::Join(who) => self.world.join(user(who)),
            Move::Meddle(how) => self.meddle(how),
            Move::Approve => self.each_case(|case, id, who| {
                let terms_hash = case.cases[&id].opened.terms_hash;
                let cast = Action::Cast { choice: Choice::Approve, terms_hash, arrival: signed_in(case.now) };
                drop(case.act(id, cast, Actor::Person(who)));
            }),
            Move::TakeBack(who) if self.conspires(who) => self.each_case(|world, id, each| {
                if each == user(who) {
                    drop(world.act(id, Action::TakeBack, Actor::Person(each)));
                }
            }),
            Move::TakeBack(_) => {}
            Move::Withdraw => {
                self.each_case(|world, id, who| drop(world.act(id, Action::Withdraw, Actor::Person(who))));
            }
            Move::Wait(length) => self.wait_until(self.world.now.after(hours(length))),
            Move::WaitForTheNextChange => {
                let next = self.world.moments().into_iter().find(|moment| *moment > self.world.now);
                self.wait_until(next.unwrap_or(self.world.now));
            }
        }
        invariants::check(&self.world);
        let reached = self.world.changes.iter().flat_map(|change| &change.events);
        self.quorums += reached.filter(|event| matches!(event, Event::QuorumReached { .. })).count();
    }

    fn each_case(&mut self, act: impl Fn(&mut World, CaseId, UserId)) {
        for id in self.world.open_cases() {
            for who in self.conspirators.clone() {
                act(&mut self.world, id, who);
            }
        }
    }

    /// They contest, or confirm, every change there is.
    fn meddle(&mut self, how: Meddling) {
        let changes: Vec<_> = self
            .world
            .roster
            .entries
            .values()
            .filter_map(|entry| match entry.standing {
                Standing::Proposed { change, .. }
                | Standing::Ending { change, .. }
                | Standing::Contested { change, .. } => Some(change),
                Standing::Stands { .. } => None,
            })
            .collect();
        for change in changes {
            for who in self.conspirators.clone() {
                match how {
                    Meddling::Contest => self.world.contest(change, Some(who)),
                    Meddling::Confirm => self.world.confirm(change, who),
                }
            }
        }
    }

    /// Time passes; whoever was removed contests it in the last microsecond, and sweeps come whenever something is due.
    fn wait_until(&mut self, until: Moment) {
        while let Some((ends, change)) = self.next_victim().filter(|(ends, _)| *ends <= until) {
            self.world.now = ends.before(TICK).max(self.world.now);
            self.world.contest(change, None);
            self.contests += 1;
        }
        self.world.now = until;
        self.world.sweep();
    }

    fn next_victim(&self) -> Option<(Moment, quorate::id::ChangeId)> {
        let now = self.world.now;
        let victims = self.world.roster.entries.iter().filter(|(who, _)| !self.conspirators.contains(who));
        let removed = victims.filter_map(|(_, entry)| match entry.standing {
            Standing::Ending { until, change, .. } if now < until => Some((until, change)),
            Standing::Ending { .. }
            | Standing::Proposed { .. }
            | Standing::Stands { .. }
            | Standing::Contested { .. } => None,
        });
        removed.min().filter(|_| self.victims == Victims::Contest)
    }
}

proptest! {
    #![proptest_config(rounds())]

    #[test]
    fn inv_36_a_minority_never_wins(
        (roster, minority) in (3..=7_u128).prop_flat_map(|roster| (Just(roster), 1..=(roster - 1) / 2)),
        moves in prop::collection::vec(moves(), 1..=120),
    ) {
        let mut conspiracy = Conspiracy::new(roster, minority, Victims::Contest);
        for next in moves {
            conspiracy.play(next);
            prop_assert_eq!(conspiracy.quorums, 0, "{} of {} made a quorum", minority, roster);
        }
    }
}

/// Two of five remove the other three, and the puppets help as they can.
fn purge(victims: Victims) -> Conspiracy {
    let mut conspiracy = Conspiracy::new(5, 2, victims);
    for next in [
        Move::Remove { who: 13, by: 11 },
        Move::Remove { who: 14, by: 12 },
        Move::Remove { who: 15, by: 11 },
        Move::Add { who: 21, by: 11 },
        Move::Join(21),
        Move::Meddle(Meddling::Confirm),
        Move::Wait(73),
        Move::Open { opener: 11, nominee: 31 },
        Move::Approve,
    ] {
        conspiracy.play(next);
    }
    conspiracy
}

#[test]
fn without_contests_the_same_minority_would_win() {
    let stopped = purge(Victims::Contest);
    assert_eq!((stopped.quorums, stopped.contests), (0, 3));
    assert_eq!(purge(Victims::StaySilent).quorums, 1);
}

#[test]
fn a_majority_wins() {
    let mut conspiracy = Conspiracy::new(5, 3, Victims::Contest);
    conspiracy.play(Move::Open { opener: 11, nominee: 31 });
    conspiracy.play(Move::Approve);
    assert_eq!(conspiracy.quorums, 1);
}

/// The boundary that the threat model states: of three removed, one contest is not enough, and two are.
#[test]
fn if_only_one_of_three_removed_contests_two_of_five_win() {
    for (contesting, quorums) in [(0, 1), (1, 1), (2, 0), (3, 0)] {
        let mut conspiracy = Conspiracy::new(5, 2, Victims::StaySilent);
        for who in [13, 14, 15] {
            conspiracy.play(Move::Remove { who, by: 11 });
        }
        for who in 13..13 + contesting {
            let Standing::Ending { change, .. } = conspiracy.world.roster.entries[&user(who)].standing else {
                panic!("{who} was not removed");
            };
            conspiracy.world.contest(change, None);
        }
        for next in [Move::Wait(73), Move::Open { opener: 11, nominee: 31 }, Move::Approve] {
            conspiracy.play(next);
        }
        assert_eq!(conspiracy.quorums, quorums, "{contesting} of three contested");
    }
}
