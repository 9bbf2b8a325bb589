//! A recovery case: its terms, its electors with their ballots, and the state it is in.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{
    ballot::{Choice, Elector},
    policy::BallotWay,
    quorum::{Count, Quorum},
    terms::{Terms, TermsHash},
};
use crate::{
    id::{CaseId, PaperKeyId, RecoveryUserId, UserId},
    moment::Moment,
};

/// One attempt to give an account a new owner.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Case {
    /// What it would do. Never changes.
    pub terms: Terms,
    /// SHA-256 of the terms' canonical form. Never changes.
    pub terms_hash: TermsHash,
    /// Who opened it.
    pub opener: Opener,
    /// The electorate, with what each member made of their ballot.
    pub electors: BTreeMap<UserId, Elector>,
    /// Who redeemed a paper key for it. Nobody where it is decided by vote.
    pub redeemed: BTreeMap<RecoveryUserId, Redeemed>,
    /// When the nominee said that they would become owner. Only asked where paper keys name them.
    pub accepted_at: Option<Moment>,
    /// Where it stands.
    pub state: State,
    /// How often owners have paused it, over all its waiting periods.
    pub pauses: u32,
    /// Whether its waiting period was already prolonged because an owner had not been reached.
    pub extension: Extension,
    /// How many reminders have gone out to those who have not voted.
    pub reminders: u32,
    /// How many reminders of the present due moment have gone out to the owners, or needed not to.
    pub warned: u32,
}

/// Who opened a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Opener {
    /// An administrator.
    Administrator(UserId),
    /// A recovery user, by the first of its paper keys.
    RecoveryUser(RecoveryUserId),
}

impl Opener {
    /// The administrator, if one opened it.
    #[must_use]
    pub const fn administrator(self) -> Option<UserId> {
        match self {
            Self::Administrator(user) => Some(user),
            Self::RecoveryUser(_) => None,
        }
    }
}

/// A paper key that was redeemed for a case. It is spent, whatever becomes of the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Redeemed {
    /// Which.
    pub key: PaperKeyId,
    /// When.
    pub at: Moment,
    /// The member who has one of their addresses, if there is one. Then both are one person, whose ballot adds nothing.
    pub member: Option<UserId>,
    /// When an owner removed the recovery user. Their key does not count any more, and never will again.
    pub lost_at: Option<Moment>,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Ballots are being collected.
    Collecting,
    /// The quorum is reached; owners may object until `due_at`.
    Waiting {
        /// When the quorum was reached.
        since: Moment,
        /// When ownership changes.
        due_at: Moment,
    },
    /// An owner has stopped the clock.
    Paused {
        /// When the quorum was reached.
        since: Moment,
        /// When the clock goes on by itself.
        until: Moment,
        /// When ownership changes.
        due_at: Moment,
    },
    /// Ownership has changed.
    Completed {
        /// When.
        at: Moment,
    },
    /// An owner has ended it.
    Vetoed {
        /// When.
        at: Moment,
        /// Who.
        by: UserId,
    },
    /// It cannot succeed any more.
    Rejected {
        /// When.
        at: Moment,
        /// Why.
        reason: Rejection,
    },
    /// The voting window passed without a quorum.
    Expired {
        /// When.
        at: Moment,
    },
    /// Its opener took it back.
    Withdrawn {
        /// When.
        at: Moment,
    },
}

/// Why a case cannot succeed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The ballots not yet cast cannot reach the required number.
    OutOfReach,
    /// The count fell short after the voting window had passed.
    FellShort,
    /// The nominee is no longer a confirmed, active member.
    NomineeUnfit,
    /// The owners are no longer those in the terms.
    OwnersChanged,
    /// Another case of the account completed.
    Superseded,
    /// The nominee, whom paper keys named, does not want to become owner.
    Declined,
}

/// Whether the one extension for want of notice has been used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extension {
    /// It has not.
    Unused,
    /// It has.
    Used,
}

impl State {
    /// Whether nothing can happen to the case any more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Collecting | Self::Waiting { .. } | Self::Paused { .. } => false,
            Self::Completed { .. }
            | Self::Vetoed { .. }
            | Self::Rejected { .. }
            | Self::Expired { .. }
            | Self::Withdrawn { .. } => true,
        }
    }

    /// Whether the case holds the account's one place for a case with a quorum.
    #[must_use]
    pub const fn holds_place(&self) -> bool {
        match self {
            Self::Waiting { .. } | Self::Paused { .. } => true,
            Self::Collecting
            | Self::Completed { .. }
            | Self::Vetoed { .. }
            | Self::Rejected { .. }
            | Self::Expired { .. }
            | Self::Withdrawn { .. } => false,
        }
    }

    /// The state's word, as in the API.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Waiting { .. } => "waiting",
            Self::Paused { .. } => "paused",
            Self::Completed { .. } => "completed",
            Self::Vetoed { .. } => "vetoed",
            Self::Rejected { .. } => "rejected",
            Self::Expired { .. } => "expired",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// When ownership changes, once the quorum is reached.
    #[must_use]
    pub const fn due_at(&self) -> Option<Moment> {
        match self {
            Self::Waiting { due_at, .. } | Self::Paused { due_at, .. } => Some(*due_at),
            Self::Collecting
            | Self::Completed { .. }
            | Self::Vetoed { .. }
            | Self::Rejected { .. }
            | Self::Expired { .. }
            | Self::Withdrawn { .. } => None,
        }
    }

    /// When the case ended, if it has.
    #[must_use]
    pub const fn ended_at(&self) -> Option<Moment> {
        match self {
            Self::Collecting | Self::Waiting { .. } | Self::Paused { .. } => None,
            Self::Completed { at }
            | Self::Vetoed { at, .. }
            | Self::Rejected { at, .. }
            | Self::Expired { at }
            | Self::Withdrawn { at } => Some(*at),
        }
    }
}

/// The last reminder to owners goes out so long before ownership changes.
const LAST_WARNING: SignedDuration = SignedDuration::from_hours(24);
/// Where half of the waiting period is shorter, the alert that began it is fresh enough.
const WORTH_A_WARNING: SignedDuration = SignedDuration::from_mins(15);

/// How long after its window a case with a quorum looks again whether the account's place has become free.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(60);

impl Case {
    /// The case's id.
    #[must_use]
    pub const fn id(&self) -> CaseId {
        self.terms.case
    }

    /// Who cast a ballot of that way, and what they chose, also those whose ballot was lost.
    pub fn ballots_of(&self, way: BallotWay) -> impl Iterator<Item = (UserId, Choice)> {
        self.electors.iter().filter_map(move |(user, elector)| {
            let ballot = elector.ballot.as_ref().filter(|ballot| ballot.way == way)?;
            Some((*user, ballot.choice))
        })
    }

    /// How its ballots stand.
    #[must_use]
    pub fn count(&self) -> Count {
        Count::of(self)
    }

    /// When to remind those who have not voted, if there are any: halfway through the window, and when a seventh of it is
    /// left.
    #[must_use]
    pub fn next_reminder(&self) -> Option<Moment> {
        if self.electors.is_empty() {
            return None;
        }
        let window = self.terms.policy.voting_window;
        let opened = self.terms.opened_at;
        match self.reminders {
            0 => Some(opened.after(window / 2)),
            1 => Some(opened.after(window / 7 * 6)),
            _ => None,
        }
    }

    /// When to remind the owners that ownership is about to change: when half of the waiting period is left, and a day before,
    /// where that is later. Counted back from the due moment, so that whatever moves it has them reminded anew.
    #[must_use]
    pub fn next_warning(&self) -> Option<Moment> {
        let State::Waiting { due_at, .. } = self.state else { return None };
        let half = self.terms.waiting_period() / 2;
        match self.warned {
            0 if half >= WORTH_A_WARNING => Some(due_at.before(half)),
            1 if half > LAST_WARNING => Some(due_at.before(LAST_WARNING)),
            _ => None,
        }
    }

    /// The next moment at which time alone may change something. A sweep that comes late is harmless.
    #[must_use]
    pub fn wake_at(&self, now: Moment) -> Option<Moment> {
        match self.state {
            State::Collecting => {
                let closes = self.terms.closes_at();
                let window = self.next_reminder().map_or(closes, |reminder| reminder.min(closes));
                // Only a quorum that waits for the account's place keeps a case open beyond its window.
                Some(if Quorum::reached(self).is_some() { window.max(now.after(LOOK_AGAIN)) } else { window })
            }
            State::Waiting { due_at, .. } => Some(self.next_warning().map_or(due_at, |warning| warning.min(due_at))),
            State::Paused { until, .. } => Some(until),
            State::Completed { .. }
            | State::Vetoed { .. }
            | State::Rejected { .. }
            | State::Expired { .. }
            | State::Withdrawn { .. } => None,
        }
    }
}
