//! Comparing two policies, field by field: what makes it easier to take over an account loosens, what makes it harder
//! tightens.

use std::{cmp::Ordering, collections::BTreeSet};

use serde::Serialize;

use crate::recovery::policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Policy, Switch};

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Harder to take over.
    Tightening,
    /// Easier to take over.
    Loosening,
}

/// What a change of policy is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Nothing changes.
    Same,
    /// Nothing loosens.
    Tightening,
    /// Nothing tightens.
    Loosening,
    /// Some of it loosens. It is treated as a loosening.
    Mixed,
}

/// A field that changes. A set from which one thing goes and into which another comes stands here twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub field: &'static str,
    /// Which way it goes.
    pub way: Way,
    /// Why that is so.
    pub why: &'static str,
}

/// Everything that changes between two policies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// In the order of the policy's fields.
    pub changes: Vec<FieldChange>,
}

/// Which way it goes if a field grows, and the reason for either.
struct Grows {
    way: Way,
    more: &'static str,
    less: &'static str,
}

impl Way {
    /// Its name, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tightening => "tightening",
            Self::Loosening => "loosening",
        }
    }

    const fn opposite(self) -> Self {
        match self {
            Self::Tightening => Self::Loosening,
            Self::Loosening => Self::Tightening,
        }
    }
}

impl Comparison {
    /// Compares the policy in force with a new one.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one entry for each field, so that a new one cannot be forgotten")]
    pub fn of(old: &Policy, new: &Policy) -> Self {
        // A new field makes this fail to compile: say below which way it goes.
        let Policy {
            owners,
            seasoning,
            vote_route,
            majority,
            min_approvals,
            nominee_approval,
            waiting_period,
            min_notice,
            ballots,
            voting_window,
            paper_key_route,
            keys_required,
            keys_need_approvals,
            key_waiting_period,
            key_kinds,
            pauses,
            veto_cooldown,
            reopen_after,
            transfer_window,
        } = old;
        let harder = |more, less| Grows { way: Way::Tightening, more, less };
        let easier = |more, less| Grows { way: Way::Loosening, more, less };
        let mut it = Self::default();
        it.number(
            "owners",
            &many(*owners),
            &many(new.owners),
            &easier("others can become owner beside the present one", "nobody can become owner beside the present one"),
        );
        it.number(
            "seasoning",
            seasoning,
            &new.seasoning,
            &harder("new administrators count later", "new administrators count sooner"),
        );
        let route = easier("one more way leads to a new owner", "one way to a new owner is closed");
        it.number("vote_route", &on(*vote_route), &on(new.vote_route), &route);
        it.number(
            "majority",
            &0,
            &majority_order(*majority, new.majority),
            &harder("more administrators must agree", "fewer administrators must agree"),
        );
        let approvals = harder("more people must approve", "fewer people must approve");
        it.number("min_approvals", min_approvals, &new.min_approvals, &approvals);
        it.number(
            "nominee_approval",
            &counts(*nominee_approval),
            &counts(new.nominee_approval),
            &easier("the nominee's own approval counts", "the nominee's own approval does not count"),
        );
        let period = harder("owners have more time to object", "owners have less time to object");
        it.number("waiting_period", waiting_period, &new.waiting_period, &period);
        it.number(
            "min_notice",
            min_notice,
            &new.min_notice,
            &harder("owners must be told sooner", "owners may be told later"),
        );
        it.set(
            "ballots",
            &taken(ballots),
            &taken(&new.ballots),
            ["ballots may arrive in one more way", "ballots may no longer arrive in one way"],
        );
        it.number(
            "voting_window",
            voting_window,
            &new.voting_window,
            &easier("a case collects approvals for longer", "a case collects approvals for less long"),
        );
        it.number("paper_key_route", &on(*paper_key_route), &on(new.paper_key_route), &route);
        it.number(
            "keys_required",
            keys_required,
            &new.keys_required,
            &harder("more keys are needed", "fewer keys are needed"),
        );
        it.number("keys_need_approvals", keys_need_approvals, &new.keys_need_approvals, &approvals);
        it.number("key_waiting_period", key_waiting_period, &new.key_waiting_period, &period);
        it.set(
            "key_kinds",
            key_kinds,
            &new.key_kinds,
            ["keys can bring about one more kind of change", "keys can no longer bring about one kind of change"],
        );
        it.number("pauses", pauses, &new.pauses, &harder("owners can pause more often", "owners can pause less often"));
        it.number(
            "veto_cooldown",
            veto_cooldown,
            &new.veto_cooldown,
            &harder("a vetoed nominee is proposed again later", "a vetoed nominee is proposed again sooner"),
        );
        it.number(
            "reopen_after",
            reopen_after,
            &new.reopen_after,
            &harder("who failed opens another case later", "who failed opens another case sooner"),
        );
        it.number(
            "transfer_window",
            transfer_window,
            &new.transfer_window,
            &easier("an offer of ownership can be accepted for longer", "an offer of ownership ends sooner"),
        );
        it
    }

    /// What it is as a whole.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let has = |way: Way| self.changes.iter().any(|change| change.way == way);
        match (has(Way::Tightening), has(Way::Loosening)) {
            (false, false) => Direction::Same,
            (true, false) => Direction::Tightening,
            (false, true) => Direction::Loosening,
            (true, true) => Direction::Mixed,
        }
    }

    fn number<T: Ord>(&mut self, field: &'static str, old: &T, new: &T, grows: &Grows) {
        let (way, why) = match new.cmp(old) {
            Ordering::Equal => return,
            Ordering::Greater => (grows.way, grows.more),
            Ordering::Less => (grows.way.opposite(), grows.less),
        };
        self.changes.push(FieldChange { field, way, why });
    }

    /// A set of possibilities: what comes in loosens, what goes tightens.
    fn set<T: Ord>(&mut self, field: &'static str, old: &BTreeSet<T>, new: &BTreeSet<T>, why: [&'static str; 2]) {
        let [more, less] = why;
        if !new.is_subset(old) {
            self.changes.push(FieldChange { field, way: Way::Loosening, why: more });
        }
        if !old.is_subset(new) {
            self.changes.push(FieldChange { field, way: Way::Tightening, why: less });
        }
    }
}

/// The ways in which ballots may arrive: where it is enough to have signed in, a signature is no further way.
fn taken(ballots: &BTreeSet<BallotWay>) -> BTreeSet<BallotWay> {
    let signed = ballots.contains(&BallotWay::SignedIn).then_some(BallotWay::Passkey);
    ballots.iter().copied().chain(signed).collect()
}

const fn many(owners: OwnersAllowed) -> u8 {
    match owners {
        OwnersAllowed::One => 0,
        OwnersAllowed::Many => 1,
    }
}

const fn on(route: Switch) -> u8 {
    match route {
        Switch::Off => 0,
        Switch::On => 1,
    }
}

const fn counts(approval: NomineeApproval) -> u8 {
    match approval {
        NomineeApproval::DoesNotCount => 0,
        NomineeApproval::Counts => 1,
    }
}

/// Above zero where the new fraction is the greater one, below where it is the smaller one.
fn majority_order(old: Majority, new: Majority) -> i8 {
    match new.compare(old) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}
