//! One administrator's recorded choice.

use serde::{Deserialize, Serialize};

use super::{policy::BallotWay, terms::TermsHash};
use crate::moment::Moment;

/// What an elector chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The nominee should become owner under these terms.
    Approve,
    /// They should not.
    Reject,
}

/// A recorded choice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ballot {
    /// What they chose.
    pub choice: Choice,
    /// The terms that they were shown.
    pub terms_hash: TermsHash,
    /// When it was recorded.
    pub cast_at: Moment,
    /// How it arrived.
    pub way: BallotWay,
}

/// A person's right to vote in one case, and what they made of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Elector {
    /// Their latest ballot, unless they withdrew it.
    pub ballot: Option<Ballot>,
    /// When an owner's act or their own took their ballot away. It never comes back.
    pub lost_at: Option<Moment>,
}
