//! What happened to a case. Each event becomes exactly one entry of the activity log.

use super::{ballot::Choice, case::Rejection, policy::BallotWay, quorum::Quorum};
use crate::{
    hash::Hash,
    id::{PaperKeyId, RecoveryUserId, UserId},
    moment::Moment,
};

/// What happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was opened.
    Opened,
    /// An elector cast a ballot, or changed it.
    BallotCast {
        /// Who.
        elector: UserId,
        /// What they chose.
        choice: Choice,
        /// How it arrived.
        way: BallotWay,
        /// What they had chosen before.
        before: Option<Choice>,
        /// The hash of its signature, where it is signed.
        signature: Option<Hash>,
    },
    /// An elector took their ballot back.
    BallotTakenBack {
        /// Who.
        elector: UserId,
    },
    /// An owner's act, or their own, took an elector's ballot away.
    BallotLost {
        /// Who.
        elector: UserId,
    },
    /// A recovery user redeemed a paper key for it.
    KeyRedeemed {
        /// Who.
        by: RecoveryUserId,
        /// The key, which is spent.
        key: PaperKeyId,
    },
    /// An owner removed a recovery user who had redeemed one.
    KeyLost {
        /// Whose.
        of: RecoveryUserId,
    },
    /// The nominee said that they would become owner.
    Accepted,
    /// Enough people agree; the waiting period runs.
    QuorumReached {
        /// The proof.
        quorum: Quorum,
        /// When ownership changes.
        due_at: Moment,
    },
    /// The count fell short again; the case collects ballots as before.
    FellShort,
    /// An owner stopped the clock.
    Paused {
        /// Who.
        by: UserId,
        /// Until when.
        until: Moment,
        /// When ownership changes now.
        due_at: Moment,
    },
    /// The clock goes on.
    Resumed {
        /// When ownership changes.
        due_at: Moment,
    },
    /// An owner had not been reached in time; the waiting period runs once more.
    Extended {
        /// When ownership changes now.
        due_at: Moment,
    },
    /// Those who have not voted are reminded.
    Reminded,
    /// The owners are reminded that they can still object.
    OwnersReminded {
        /// When ownership changes.
        due_at: Moment,
    },
    /// Ownership changes, as the terms say.
    Completed {
        /// The proof.
        quorum: Quorum,
        /// Whether every owner had been reached in time.
        notice: NoticeGiven,
    },
    /// An owner ended it.
    Vetoed {
        /// Who.
        by: UserId,
    },
    /// It cannot succeed any more.
    Rejected {
        /// Why.
        reason: Rejection,
    },
    /// The voting window passed without a quorum.
    Expired,
    /// Its opener took it back.
    Withdrawn,
}

/// Whether every owner had been reached in time before completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeGiven {
    /// Each had.
    InTime,
    /// Not each, even after the extension.
    Missing,
}

impl Event {
    /// The event's name in the activity log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened => "case.opened",
            Self::BallotCast { .. } => "case.ballot_cast",
            Self::BallotTakenBack { .. } => "case.ballot_taken_back",
            Self::BallotLost { .. } => "case.ballot_lost",
            Self::KeyRedeemed { .. } => "case.key_redeemed",
            Self::KeyLost { .. } => "case.key_lost",
            Self::Accepted => "case.accepted",
            Self::QuorumReached { .. } => "case.quorum_reached",
            Self::FellShort => "case.fell_short",
            Self::Paused { .. } => "case.paused",
            Self::Resumed { .. } => "case.resumed",
            Self::Extended { .. } => "case.extended",
            Self::Reminded => "case.reminded",
            Self::OwnersReminded { .. } => "case.owners_reminded",
            Self::Completed { .. } => "case.completed",
            Self::Vetoed { .. } => "case.vetoed",
            Self::Rejected { .. } => "case.rejected",
            Self::Expired => "case.expired",
            Self::Withdrawn => "case.withdrawn",
        }
    }
}
