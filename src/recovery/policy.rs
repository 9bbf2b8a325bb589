//! The recovery policy of an account: every number that a case runs on, and the bounds each must keep.
//!
//! A case freezes the policy when it opens, as part of its terms, so a later edit never changes a case under way.
//! The values of the presets are data, in `ownership/presets/`.

use std::{cmp::Ordering, collections::BTreeSet, fmt, str::FromStr};

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::terms::Kind;

/// How an account may be recovered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How many owners the account may have.
    pub owners: OwnersAllowed,
    /// How slowly standing follows access: S in the rules. Above zero, at most 30 days.
    pub seasoning: SignedDuration,
    /// Whether administrators can recover the account by vote.
    pub vote_route: Switch,
    /// The fraction of the electorate that must be exceeded.
    pub majority: Majority,
    /// The least number of approvals, however small the electorate is: 1 to 3.
    pub min_approvals: u32,
    /// Whether the nominee's own approval counts.
    pub nominee_approval: NomineeApproval,
    /// From the quorum of a vote to the change of owner. Above zero, at most 30 days.
    pub waiting_period: SignedDuration,
    /// How long before completion every owner must have been sent an alert that their mail server accepted.
    pub min_notice: SignedDuration,
    /// The ways in which a ballot may arrive.
    pub ballots: BTreeSet<BallotWay>,
    /// From opening until a case without a quorum expires. At least an hour, at most 90 days.
    pub voting_window: SignedDuration,
    /// Whether recovery users can recover the account by paper key.
    pub paper_key_route: Switch,
    /// How many recovery users must redeem a key of theirs for the same case: 1 to 5.
    pub keys_required: u32,
    /// How many members of the roster must approve as well: 0 to 3.
    pub keys_need_approvals: u32,
    /// From the last key to the change of owner. Above zero, at most 30 days.
    pub key_waiting_period: SignedDuration,
    /// The kinds of change that keys can bring about: one or both; never `add` where the account has exactly one owner.
    pub key_kinds: BTreeSet<Kind>,
    /// How often owners may pause one case: at most 2.
    pub pauses: u32,
    /// After a veto, the same nominee may not be proposed for this long. At most 90 days.
    pub veto_cooldown: SignedDuration,
    /// After a case of theirs ended without completing, its opener waits this long. At most 90 days.
    pub reopen_after: SignedDuration,
    /// How long a member can accept an ownership that was offered to them. At least an hour, at most 30 days.
    pub transfer_window: SignedDuration,
}

/// Whether a route of recovery is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// It is.
    On,
    /// It is not; the fields that belong to it sleep.
    Off,
}

/// How many owners an account may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnersAllowed {
    /// Exactly one.
    One,
    /// One or more.
    Many,
}

/// Whether the nominee's own approval counts towards the quorum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NomineeApproval {
    /// Like everybody else's.
    Counts,
    /// It is recorded, and not counted.
    DoesNotCount,
}

/// A way in which a ballot may arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BallotWay {
    /// By a person who has signed in.
    SignedIn,
    /// By a person who has signed in, and signed with a passkey of theirs. Where it is enough to have signed in, such
    /// ballots are taken, too.
    Passkey,
    /// Through the link in the elector's own mail.
    MailLink,
    /// As a plain e-mail.
    PlainMail,
}

/// An exact fraction m with 1/2 ≤ m < 1. More than m of the people must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Majority {
    numerator: u32,
    denominator: u32,
}

impl Majority {
    /// Half: the smallest number above it is the ordinary majority.
    pub const HALF: Self = Self { numerator: 1, denominator: 2 };

    /// The fraction, if it lies in 1/2 ≤ m < 1. The denominator is at most 1000, so no product overflows.
    #[must_use]
    pub const fn new(numerator: u32, denominator: u32) -> Option<Self> {
        if denominator <= 1000 && numerator < denominator && numerator * 2 >= denominator {
            Some(Self { numerator, denominator })
        } else {
            None
        }
    }

    /// The smallest whole number above m of `people`: `floor(people · m) + 1`.
    #[must_use]
    pub fn exceeded_at(self, people: u32) -> u32 {
        let product = u64::from(people) * u64::from(self.numerator) / u64::from(self.denominator);
        u32::try_from(product + 1).unwrap_or(u32::MAX)
    }
}

impl Majority {
    /// Which of two fractions is the greater one. Equal ones may be written differently.
    #[must_use]
    pub fn compare(self, other: Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

impl fmt::Display for Majority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl FromStr for Majority {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a majority is a fraction such as `1/2` or `2/3`, at least 1/2 and below 1";
        let (numerator, denominator) = text.split_once('/').ok_or(wrong)?;
        let number = |text: &str| text.parse::<u32>().map_err(|_| wrong);
        Self::new(number(numerator)?, number(denominator)?).ok_or(wrong)
    }
}

impl Serialize for Majority {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Majority {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A field of the policy that lies outside its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is out of bounds: {bounds}")]
pub struct OutOfBounds {
    /// The field's name.
    pub field: &'static str,
    /// What it must keep.
    pub bounds: &'static str,
}

/// The shortest time in which people are to do something: vote, or accept what was offered to them.
pub const SHORTEST_WINDOW: SignedDuration = SignedDuration::from_hours(1);

impl Policy {
    /// Whether a ballot may arrive that way.
    #[must_use]
    pub fn takes(&self, way: BallotWay) -> bool {
        self.ballots.contains(&way) || (way == BallotWay::Passkey && self.ballots.contains(&BallotWay::SignedIn))
    }

    /// Whether ballots have to be signed.
    #[must_use]
    pub fn wants_signatures(&self) -> bool {
        !self.ballots.contains(&BallotWay::SignedIn)
    }

    /// Checks every field.
    ///
    /// # Errors
    /// All fields that are out of bounds.
    pub fn check(&self) -> Result<(), Vec<OutOfBounds>> {
        let month = SignedDuration::from_hours(30 * 24);
        let quarter = SignedDuration::from_hours(90 * 24);
        let none = SignedDuration::ZERO;
        let within = |length: SignedDuration, most: SignedDuration| length > none && length <= most;
        // A window of a second would close a route of recovery at once, while a shorter window counts as tightening.
        let window = |length: SignedDuration, most: SignedDuration| length >= SHORTEST_WINDOW && length <= most;
        let rules = [
            ("seasoning", within(self.seasoning, month), "above zero, at most 30 days"),
            ("waiting_period", within(self.waiting_period, month), "above zero, at most 30 days"),
            ("voting_window", window(self.voting_window, quarter), "at least 1 hour, at most 90 days"),
            ("min_approvals", (1..=3).contains(&self.min_approvals), "1 to 3"),
            ("pauses", self.pauses <= 2, "at most 2"),
            (
                "min_notice",
                self.min_notice > none
                    && (self.vote_route == Switch::Off || self.min_notice <= self.waiting_period)
                    && (self.paper_key_route == Switch::Off || self.min_notice <= self.key_waiting_period),
                "above zero, at most the waiting period of each route that is on",
            ),
            ("keys_required", (1..=5).contains(&self.keys_required), "1 to 5"),
            ("keys_need_approvals", self.keys_need_approvals <= 3, "0 to 3"),
            ("key_waiting_period", within(self.key_waiting_period, month), "above zero, at most 30 days"),
            (
                "key_kinds",
                !self.key_kinds.is_empty()
                    && (self.owners == OwnersAllowed::Many || !self.key_kinds.contains(&Kind::Add)),
                "`replace`, `add` or both, and never `add` where `owners` is `one`",
            ),
            ("transfer_window", window(self.transfer_window, month), "at least 1 hour, at most 30 days"),
            (
                "vote_route",
                self.vote_route == Switch::On || self.paper_key_route == Switch::On,
                "one of `vote_route` and `paper_key_route` is on; otherwise nobody could recover the account",
            ),
            ("veto_cooldown", self.veto_cooldown >= none && self.veto_cooldown <= quarter, "at most 90 days"),
            ("reopen_after", self.reopen_after >= none && self.reopen_after <= quarter, "at most 90 days"),
            (
                "ballots",
                if self.ballots.contains(&BallotWay::Passkey) {
                    self.ballots.len() == 1
                } else {
                    self.ballots.contains(&BallotWay::SignedIn)
                },
                "`signed_in` is always among them, or `passkey` stands alone",
            ),
        ];
        let wrong: Vec<_> =
            rules.into_iter().filter(|rule| !rule.1).map(|(field, _, bounds)| OutOfBounds { field, bounds }).collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_half_is_exact() {
        let half = Majority::HALF;
        let needed: Vec<u32> = (0..8).map(|people| half.exceeded_at(people)).collect();
        assert_eq!(needed, [1, 1, 2, 2, 3, 3, 4, 4]);
        let two_thirds = Majority::new(2, 3).unwrap();
        let needed: Vec<u32> = (0..8).map(|people| two_thirds.exceeded_at(people)).collect();
        assert_eq!(needed, [1, 1, 2, 3, 3, 4, 5, 5]);
    }

    #[test]
    fn a_majority_is_at_least_half_and_less_than_all() {
        for good in ["1/2", "2/3", "50/100", "999/1000"] {
            assert!(good.parse::<Majority>().is_ok(), "{good}");
        }
        for bad in ["1/3", "1/1", "3/2", "0/0", "-1/2", "1", "0.5", "1001/2000", "4294967295/4294967296"] {
            assert!(bad.parse::<Majority>().is_err(), "{bad}");
        }
    }
}
