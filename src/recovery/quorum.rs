//! The count of a case, and the proof that it suffices: enough ballots, enough paper keys, or both.

use super::{
    ballot::{Choice, Elector},
    case::Case,
    electorate::count,
    policy::NomineeApproval,
    terms::Route,
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
    /// Recovery users whose paper key counts.
    pub keys: u32,
}

/// What one elector weighs in the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Their approval counts.
    Approves,
    /// They have not cast a ballot, and their approval would count.
    Open,
    /// They hold a ballot that cannot add to the approvals: an owner's, and the nominee's where the policy says so.
    Apart,
    /// They reject.
    Rejects,
    /// An owner's act or their own took their ballot away.
    Lost,
}

impl Count {
    /// Counts the ballots of a case.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let tally = |wanted: Weight| {
            let weighs = |(user, elector): &(&UserId, &Elector)| Weight::of(case, **user, elector) == wanted;
            count(case.electors.iter().filter(weighs).count())
        };
        let keys = count(case.redeemed.values().filter(|redeemed| redeemed.lost_at.is_none()).count());
        Self { approvals: tally(Weight::Approves), rejections: tally(Weight::Rejects), open: tally(Weight::Open), keys }
    }
}

impl Weight {
    /// What this elector weighs.
    #[must_use]
    pub fn of(case: &Case, user: UserId, elector: &Elector) -> Self {
        if elector.lost_at.is_some() {
            return Self::Lost;
        }
        let counts = may_count(case, user);
        match &elector.ballot {
            Some(ballot) => match ballot.choice {
                Choice::Reject => Self::Rejects,
                Choice::Approve if counts && ballot.terms_hash == case.terms_hash => Self::Approves,
                Choice::Approve => Self::Apart,
            },
            None if counts => Self::Open,
            None => Self::Apart,
        }
    }
}

/// Whether this person's approval could count: an owner's never does, the nominee's only where the policy says so. Beside
/// paper keys, neither the nominee's does nor that of somebody who has redeemed one.
fn may_count(case: &Case, user: UserId) -> bool {
    let is_owner = case.terms.owners.iter().any(|owner| owner.id == user);
    let is_nominee = user == case.terms.nominee.id;
    let apart = match (case.terms.route, case.terms.policy.nominee_approval) {
        (Route::Vote, NomineeApproval::Counts) => false,
        (Route::Vote, NomineeApproval::DoesNotCount) => is_nominee,
        (Route::Keys, NomineeApproval::Counts | NomineeApproval::DoesNotCount) => {
            is_nominee || case.redeemed.values().any(|redeemed| redeemed.member == Some(user))
        }
    };
    case.terms.electorate.contains(&user) && !is_owner && !apart
}

/// Proof that enough people agree to the terms in force: by ballots, by paper keys, or both. Only [`Quorum::reached`] makes one, also for a case that was
/// loaded from the database, so nothing completes on the word of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorum {
    approvals: u32,
    keys: u32,
}

impl Quorum {
    /// The proof, if the count suffices.
    #[must_use]
    pub fn reached(case: &Case) -> Option<Self> {
        let Count { approvals, keys, .. } = Count::of(case);
        let agreed = approvals >= case.terms.required && keys >= case.terms.keys_required();
        let wanted = match case.terms.route {
            Route::Vote => true,
            // Whom paper keys name need not be a member, and nobody becomes owner without having said that they will.
            Route::Keys => case.accepted_at.is_some(),
        };
        (agreed && wanted).then_some(Self { approvals, keys })
    }

    /// How many paper keys it rests on.
    #[must_use]
    pub const fn keys(self) -> u32 {
        self.keys
    }

    /// How many approvals it rests on.
    #[must_use]
    pub const fn approvals(self) -> u32 {
        self.approvals
    }
}
