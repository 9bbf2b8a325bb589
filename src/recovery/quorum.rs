//! The count of a case, and the proof that it suffices.

use super::{
    ballot::{Choice, Elector},
    case::Case,
    electorate::count,
    policy::NomineeApproval,
};
use crate::id::UserId;

/// How the ballots of a case stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Approvals that count.
    pub approvals: u32,
    /// Rejections by people who still hold their ballot.
    pub rejections: u32,
    /// People who could still add an approval that counts, and have not cast a ballot.
    pub open: u32,
}

impl Count {
    /// Counts the ballots of a case.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let choice = |elector: &Elector| elector.ballot.as_ref().map(|ballot| ballot.choice);
        let holds = |elector: &Elector| elector.lost_at.is_none();
        let tally = |wanted: &dyn Fn(UserId, &Elector) -> bool| {
            count(case.electors.iter().filter(|(user, elector)| wanted(**user, elector)).count())
        };
        Self {
            approvals: tally(&|user, elector| approves(case, user, elector)),
            rejections: tally(&|_, elector| holds(elector) && choice(elector) == Some(Choice::Reject)),
            open: tally(&|user, elector| holds(elector) && elector.ballot.is_none() && may_count(case, user)),
        }
    }
}

/// Whether this person's approval could count: an owner's never does, the nominee's only where the policy says so.
fn may_count(case: &Case, user: UserId) -> bool {
    let is_owner = case.terms.owners.iter().any(|owner| owner.id == user);
    let nominee_counts = match case.terms.policy.nominee_approval {
        NomineeApproval::Counts => true,
        NomineeApproval::DoesNotCount => user != case.terms.nominee.id,
    };
    case.terms.electorate.contains(&user) && !is_owner && nominee_counts
}

/// Whether this person's approval counts now.
fn approves(case: &Case, user: UserId, elector: &Elector) -> bool {
    elector.lost_at.is_none()
        && may_count(case, user)
        && elector
            .ballot
            .as_ref()
            .is_some_and(|ballot| ballot.choice == Choice::Approve && ballot.terms_hash == case.terms_hash)
}

/// Proof that enough ballots approve the terms in force. Only [`Quorum::reached`] makes one, also for a case that was
/// loaded from the database, so nothing completes on the word of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorum {
    approvals: u32,
}

impl Quorum {
    /// The proof, if the count suffices.
    #[must_use]
    pub fn reached(case: &Case) -> Option<Self> {
        let approvals = Count::of(case).approvals;
        (approvals >= case.terms.required).then_some(Self { approvals })
    }

    /// How many approvals it rests on.
    #[must_use]
    pub const fn approvals(self) -> u32 {
        self.approvals
    }
}
