//! Random play: how the world takes what somebody tries.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    id::{CaseId, ChangeId, UserId},
    moment::Moment,
    ownership::identity::{self, Part, Pinned, Ties},
    recovery::{
        action::{Action, Actor, Arrival, Fitness},
        ballot::Choice,
        case::State,
        policy::{BallotWay, OwnersAllowed},
        proof::{FreshProof, Told},
        roster::{Authority, Entry, Joined, Standing},
        terms::TermsHash,
    },
};

use super::{
    fixtures::{START, TICK, change, hours, signed, standing, user},
    steps::{Leap, PEOPLE, Pick, Setup, Shown, Step, Voter},
    world::{Access, World},
};
use crate::harness::proof::{shown, signed_in};

impl Setup {
    pub fn world(&self) -> World {
        let owners: BTreeSet<UserId> = (1..=self.owners).map(user).collect();
        let administrators: BTreeSet<UserId> = (11..11 + self.administrators).map(user).collect();
        let mut access: BTreeMap<_, _> = PEOPLE.iter().map(|number| (user(*number), Access::Outsider)).collect();
        access.extend(owners.iter().chain(&[user(31), user(32)]).map(|member| (*member, Access::Plain)));
        access.extend(administrators.iter().map(|administrator| (*administrator, Access::Administrator)));
        let mut roster = standing(&administrators);
        if self.owner_is_administrator {
            access.insert(user(1), Access::Administrator);
            roster.entries.extend(standing(&BTreeSet::from([user(1)])).entries);
        }
        let mut world = World::new(START, self.policy.clone(), owners, access);
        world.roster = roster;
        // One more was invited when the account was created and has not answered; an owner's puppet is seasoning.
        let owners = world.owners.clone();
        let at = world.at(&owners);
        world.roster.add(user(21), Joined::NotYet, Authority::Founding, change(1), at);
        world.access.insert(user(21), Access::Invited);
        world
    }
}

fn nth<T: Copy>(from: &[T], pick: Pick) -> Option<T> {
    from.get(usize::from(pick) % from.len().max(1)).copied()
}

impl World {
    /// Lets somebody try something. What is refused changes nothing.
    pub fn play(&mut self, step: &Step) {
        self.changes.clear();
        match *step {
            Step::Open { opener, nominee, kind } => drop(self.open(opener, nominee, kind)),
            Step::Vote { case, voter, choice, way, shown } => {
                let Some(id) = self.some_case(case) else { return };
                let terms_hash = match shown {
                    Shown::InForce => self.cases[&id].opened.terms_hash,
                    Shown::Other => TermsHash::from_bytes([7; 32]),
                };
                let voter = self.voter(id, voter);
                let again = self.cases[&id].case.clone();
                let arrival = match way {
                    BallotWay::SignedIn => signed_in(self.now),
                    BallotWay::Passkey => signed(terms_hash, choice, self.now),
                    BallotWay::MailLink => Arrival::MailLink,
                    BallotWay::PlainMail => Arrival::PlainMail,
                };
                let cast = Action::Cast { choice, terms_hash, arrival };
                if self.act(id, cast, voter).is_ok() && again.state == State::Collecting {
                    self.assert_repeating_changes_nothing(id, cast, voter);
                }
            }
            Step::Rally { case } => {
                let Some(id) = self.some_case(case) else { return };
                let terms_hash = self.cases[&id].opened.terms_hash;
                let cast = Action::Cast { choice: Choice::Approve, terms_hash, arrival: signed_in(self.now) };
                for elector in self.cases[&id].opened.terms.electorate.clone() {
                    drop(self.act(id, cast, Actor::Person(elector)));
                }
            }
            Step::TakeBack { case, voter } => {
                let Some(id) = self.some_case(case) else { return };
                let voter = self.voter(id, voter);
                drop(self.act(id, Action::TakeBack, voter));
            }
            Step::Pause { case, by } => {
                let Some(id) = self.some_case(case) else { return };
                drop(self.act(id, Action::Pause, Actor::Person(by)));
            }
            Step::Veto { case, by, proof_age } => self.veto(case, by, proof_age),
            Step::Withdraw { case, by } => {
                let Some(id) = self.some_case(case) else { return };
                let by = by.or(self.cases[&id].case.opener.administrator()).unwrap();
                drop(self.act(id, Action::Withdraw, Actor::Person(by)));
            }
            Step::Overreach { case, by, how } => self.overreach(case, by, how),
            Step::Add { who, by } => self.add(who, by),
            Step::Join { who } => self.join(who),
            Step::Remove { who, by } => self.remove(who, by),
            Step::Contest { change, by } => drop(self.some_change(change).map(|change| self.contest(change, by))),
            Step::Confirm { change, by } => drop(self.some_change(change).map(|change| self.confirm(change, by))),
            Step::Grant { who } => {
                let allowed = self.policy.owners == OwnersAllowed::Many && self.fitness(who) == Fitness::Fit;
                if allowed && self.open_cases().is_empty() {
                    self.change_owners(self.owners.iter().copied().chain([who]).collect());
                }
            }
            Step::Revoke { who } => {
                let left: BTreeSet<_> = self.owners.iter().copied().filter(|owner| *owner != who).collect();
                if !left.is_empty() && self.open_cases().is_empty() {
                    self.change_owners(left);
                }
            }
            Step::Move { who } => self.change_address(who),
            Step::BehindOurBack { who } => {
                if self.fitness(who) == Fitness::Fit {
                    self.change_owners(BTreeSet::from([who]));
                }
            }
            Step::Deliver => self.deliver(),
            Step::Sweep => self.sweep(),
            Step::Leap(leap) => self.leap(leap),
        }
    }

    /// Open cases come up far more often than ended ones.
    fn some_case(&self, pick: Pick) -> Option<CaseId> {
        let open = self.open_cases();
        let all: Vec<_> = self.cases.keys().copied().collect();
        if pick < 240 && !open.is_empty() { nth(&open, pick) } else { nth(&all, pick) }
    }

    fn some_change(&self, pick: Pick) -> Option<ChangeId> {
        let change = |entry: &Entry| match entry.standing {
            Standing::Proposed { change, .. }
            | Standing::Ending { change, .. }
            | Standing::Contested { change, .. } => Some(change),
            Standing::Stands { .. } => None,
        };
        nth(&self.roster.entries.values().filter_map(change).collect::<Vec<_>>(), pick)
    }

    fn voter(&self, id: CaseId, voter: Voter) -> Actor {
        match voter {
            Voter::Elector(pick) => {
                let electors: Vec<_> = self.cases[&id].opened.terms.electorate.iter().copied().collect();
                nth(&electors, pick).map_or(Actor::Service, Actor::Person)
            }
            Voter::Anybody(user) => Actor::Person(user),
            Voter::Machine => Actor::Service,
        }
    }

    /// INVARIANT 13, the half about repeating.
    fn assert_repeating_changes_nothing(&mut self, id: CaseId, cast: Action, voter: Actor) {
        let before = self.cases[&id].case.clone();
        if !before.state.is_final() {
            self.act(id, cast, voter).unwrap();
            assert_eq!(self.cases[&id].case, before, "the same choice again changed something");
        }
    }

    fn veto(&mut self, case: Pick, by: UserId, proof_age: i64) {
        let Some(id) = self.some_case(case) else { return };
        let proven_at = self.now.before(jiff::SignedDuration::from_mins(proof_age));
        let proof = match FreshProof::of(Some(shown(proven_at)), Told::NotAll, self.now) {
            Ok(proof) => proof,
            Err(refusal) => {
                assert!(!(0..=5).contains(&proof_age), "a fresh proof was refused");
                return self.note(refusal.code());
            }
        };
        assert!((0..=5).contains(&proof_age), "a stale proof was taken");
        let before = self.cases[&id].case.clone();
        let named = before.terms.owners.iter().any(|owner| owner.id == by) && self.owners.contains(&by);
        let answer = self.act(id, Action::Veto { proof }, Actor::Person(by));
        // INVARIANT 21: whenever it comes before the completion, even after the due moment, it wins.
        let wins = named && !before.state.is_final();
        assert_eq!(answer.is_ok(), wins);
        assert!(!wins || self.cases[&id].case.state == State::Vetoed { at: self.now, by });
    }

    /// People do what only the service may, and the service what only people may.
    fn overreach(&mut self, case: Pick, by: UserId, how: Pick) {
        let Some(id) = self.some_case(case) else { return };
        let ended = self.cases[&id].case.state.is_final();
        let elector = nth(&PEOPLE, how).map_or(by, user);
        let person = Actor::Person(by);
        let answer = match how % 6 {
            0 => self.act(id, Action::Tick, person),
            1 => self.act(id, Action::Supersede, person),
            2 => self.act(id, Action::Lose { elector }, Actor::Service),
            3 => self.act(id, Action::Pause, Actor::Service),
            4 => self.act(id, Action::Withdraw, Actor::Service),
            _ if elector != by && !self.owners.contains(&by) => self.act(id, Action::Lose { elector }, person),
            _ => return,
        };
        assert!(answer.is_err() || (ended && self.changes.iter().all(|change| change.events.is_empty())));
    }

    fn change_address(&mut self, who: UserId) {
        let pinned = |id: CaseId| {
            let case = &self.cases[&id].case;
            let holds_ballot = case.electors.get(&who).is_some_and(|elector| elector.lost_at.is_none());
            let part = if case.terms.nominee.id == who { Part::Nominee } else { Part::Elector };
            (holds_ballot || part == Part::Nominee).then_some(Pinned { case: id, part, until: case.terms.closes_at() })
        };
        let owned = self.owners.get(&who).map(|_| "Acme".to_owned());
        let ties = Ties {
            owned: owned.into_iter().collect(),
            cases: self.open_cases().into_iter().filter_map(pinned).collect(),
        };
        match identity::may_change(&ties) {
            Ok(()) => {
                self.note("address changed");
                self.address_changed.insert(who, self.now);
            }
            Err(refusal) => self.note(refusal.code()),
        }
    }

    /// The alert of the quorum has reached all owners.
    fn deliver(&mut self) {
        let now = self.now;
        for tracked in self.cases.values_mut().filter(|tracked| tracked.case.state.holds_place()) {
            tracked.notice = tracked.notice.or(Some(now));
        }
    }

    fn leap(&mut self, leap: Leap) {
        let ahead: Vec<_> = self.moments().into_iter().filter(|moment| *moment > self.now).collect();
        self.now = match leap {
            Leap::By(micros) => Moment::from_micros(self.now.micros() + micros),
            Leap::JustBefore(pick) => nth(&ahead, pick).map_or(self.now, |moment| moment.before(TICK).max(self.now)),
            Leap::Exactly(pick) => nth(&ahead, pick % 4).unwrap_or_else(|| self.now.after(hours(24))),
        };
    }

    /// The moments at which something may change by itself, in order.
    pub fn moments(&self) -> BTreeSet<Moment> {
        let mut moments = self.roster.changes_after(self.now);
        for id in self.open_cases() {
            let case = &self.cases[&id].case;
            moments.extend(case.wake_at(self.now));
            moments.extend(case.state.due_at());
            moments.insert(case.terms.closes_at());
        }
        moments
    }
}
