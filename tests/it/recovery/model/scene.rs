//! What one exploration is about: who takes part, what they can do, and which guard is switched off.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use quorate::{
    id::UserId,
    moment::Moment,
    recovery::{
        policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Policy, Switch},
        terms::Kind,
    },
};

use super::people;

/// One exploration.
#[derive(Debug, Clone)]
pub struct Scene {
    /// How many administrators attack.
    pub attackers: u8,
    /// How many do not.
    pub honest: u8,
    /// How many of the honest never react to their own removal.
    pub silent: u8,
    /// How many puppets the attackers can add.
    pub puppets: u8,
    /// The policy's `min_approvals`.
    pub min_approvals: u32,
    /// What people can do, besides waiting.
    pub powers: BTreeSet<Power>,
    /// The guard that is switched off.
    pub off: Option<Guard>,
}

/// What people in a scene can do. Who is removed contests in time; attackers confirm whatever can be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// Attackers open a case for their nominee, and approve it.
    Grab,
    /// Attackers remove honest administrators.
    Thin,
    /// Attackers remove each other, contest that, and leave.
    Shuffle,
    /// Attackers add back whoever was removed.
    AddBack,
    /// Attackers add puppets, who act like attackers.
    Pack,
    /// Electors among the attackers also reject, take ballots back, withdraw.
    Retreat,
    /// Attackers try to take away other people's ballots.
    Strip,
    /// Attackers also propose the honest nominee, and honest people vote from a page that they were shown earlier.
    Bait,
    /// Attackers suspend the honest nominee; honest administrators undo it.
    SuspendNominee,
    /// Honest administrators open a case and approve it.
    Recover,
    /// Honest administrators remove attackers and puppets, confirm that, and add each other back.
    StrikeBack,
    /// Colleagues contest in time the removal of somebody who is silent.
    Colleagues,
    /// The owner pauses and vetoes.
    Object,
    /// The sweep may come late; replicas may act on what they read earlier.
    Replicas,
    /// The owner's mail server never accepts an alert.
    NoNotice,
}

/// A guard that can be switched off, by what the model feeds in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The electorate comes from those who have access at this moment, not from the roster.
    StandingIsSlow,
    /// A contest changes nothing.
    Contest,
    /// An addition by anybody is passed as an owner's.
    AdditionsAreConfirmed,
    /// A ballot is recorded under the terms in force, whatever its voter was shown.
    TermsHash,
    /// Somebody who is added back is taken for a new person, in the cases under way too.
    SamePerson,
    /// Anybody's act takes a ballot away.
    BallotsAreKept,
    /// A replica saves what it decided on an older reading.
    CompareAndSet,
    /// A veto at the due instant comes after the sweep of the same instant.
    VetoGoesFirst,
    /// The account's one place is never free.
    PlaceIsFreed,
    /// Every missing notice prolongs the waiting period.
    OneExtension,
}

/// One tick. A minute, because a case that waits for its place looks again after a minute.
pub const TICK: SignedDuration = SignedDuration::from_mins(1);
/// S, in ticks.
pub const SEASONING: i32 = 2;
/// The voting window, in ticks.
pub const WINDOW: i32 = 2;

impl Scene {
    /// That many attackers among that many administrators, with nothing but time.
    pub fn of(attackers: u8, administrators: u8) -> Self {
        Self {
            attackers,
            honest: administrators - attackers,
            silent: 0,
            puppets: 0,
            min_approvals: 1,
            powers: BTreeSet::new(),
            off: None,
        }
    }

    pub fn with(mut self, powers: &[Power]) -> Self {
        self.powers.extend(powers);
        self
    }

    pub const fn silent(mut self, silent: u8) -> Self {
        self.silent = silent;
        self
    }

    pub const fn puppets(mut self, puppets: u8) -> Self {
        self.puppets = puppets;
        self
    }

    pub const fn min_approvals(mut self, least: u32) -> Self {
        self.min_approvals = least;
        self
    }

    pub const fn without(mut self, guard: Guard) -> Self {
        self.off = Some(guard);
        self
    }

    pub fn may(&self, power: Power) -> bool {
        self.powers.contains(&power)
    }

    pub fn is_off(&self, guard: Guard) -> bool {
        self.off == Some(guard)
    }

    /// Whether that person never reacts to their own removal.
    pub fn is_silent(&self, user: UserId) -> bool {
        (0..self.silent).any(|number| people::honest(number) == user)
    }

    pub fn attackers(&self) -> impl Iterator<Item = UserId> + use<> {
        (0..self.attackers).map(people::attacker)
    }

    pub fn honest(&self) -> impl Iterator<Item = UserId> + use<> {
        (0..self.honest).map(people::honest)
    }

    /// Attackers, puppets and second bodies.
    pub fn bad(&self) -> impl Iterator<Item = UserId> + use<> {
        let bodies = if self.is_off(Guard::SamePerson) { self.attackers } else { 0 };
        let puppets = (0..self.puppets).map(people::puppet);
        self.attackers().chain(puppets).chain((0..bodies).map(people::second_body))
    }

    /// The shortest policy that the bounds allow, and no waiting after a failed case: all of it helps the attackers.
    pub fn policy(&self) -> Policy {
        Policy {
            owners: OwnersAllowed::Many,
            seasoning: TICK * SEASONING,
            vote_route: Switch::On,
            majority: Majority::HALF,
            min_approvals: self.min_approvals,
            nominee_approval: NomineeApproval::DoesNotCount,
            waiting_period: TICK,
            min_notice: TICK,
            ballots: BTreeSet::from([BallotWay::SignedIn]),
            voting_window: TICK * WINDOW,
            paper_key_route: Switch::Off,
            keys_required: 1,
            keys_need_approvals: 0,
            key_waiting_period: TICK,
            key_kinds: BTreeSet::from([Kind::Replace]),
            pauses: 1,
            veto_cooldown: SignedDuration::ZERO,
            reopen_after: SignedDuration::ZERO,
            transfer_window: TICK,
        }
    }
}

/// The moment that many ticks after the beginning.
pub fn tick(number: i64) -> Moment {
    Moment::from_micros(number * 60_000_000)
}
