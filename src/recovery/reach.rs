//! Whether an account could be recovered as it stands, by either route, and how many people it can do without.

use super::{
    electorate::count,
    policy::{NomineeApproval, Policy, Switch},
};

/// The people on whom recovery rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Who has standing now, without the owners: the electorate of a case opened now.
    pub voters: u32,
    /// Who raises the required number: administrators without the owners, and those whose removal can be contested.
    pub live: u32,
    /// Active, confirmed members who are neither owners nor voters: one of them can be the nominee.
    pub others: u32,
    /// Confirmed recovery users who hold a key that redeems.
    pub key_holders: u32,
}

/// Whether a route leads to a new owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The policy has it off.
    Off,
    /// It does, also when `spare` more of the people on whom it rests have left.
    Reachable {
        /// How many can leave.
        spare: u32,
    },
    /// It does not.
    Unreachable {
        /// How many could agree.
        have: u32,
        /// How many are needed.
        need: u32,
    },
}

impl Reach {
    /// Whether it leads to a new owner.
    #[must_use]
    pub const fn is_reachable(self) -> bool {
        match self {
            Self::Reachable { .. } => true,
            Self::Off | Self::Unreachable { .. } => false,
        }
    }
}

/// The route by vote, for the nominee who leaves most approvals.
#[must_use]
pub fn vote(policy: &Policy, counts: Counts) -> Reach {
    if policy.vote_route == Switch::Off {
        return Reach::Off;
    }
    let (have, need) = vote_without(policy, counts, 0);
    if have < need {
        return Reach::Unreachable { have, need };
    }
    let reachable = |gone: &u32| {
        let (have, need) = vote_without(policy, counts, *gone);
        have >= need
    };
    let spare = (1..=counts.voters).take_while(reachable).count();
    Reach::Reachable { spare: count(spare) }
}

/// How many approvals could count, and how many are needed, after that many voters have left by themselves.
fn vote_without(policy: &Policy, counts: Counts, gone: u32) -> (u32, u32) {
    let voters = counts.voters.saturating_sub(gone);
    let live = counts.live.saturating_sub(gone);
    let need = policy.majority.exceeded_at(voters).max(policy.majority.exceeded_at(live)).max(policy.min_approvals);
    let have = match policy.nominee_approval {
        NomineeApproval::DoesNotCount if counts.others == 0 => voters.saturating_sub(1),
        NomineeApproval::DoesNotCount | NomineeApproval::Counts => voters,
    };
    (have, need)
}

/// The route by paper key.
#[must_use]
pub fn keys(policy: &Policy, counts: Counts) -> Reach {
    if policy.paper_key_route == Switch::Off {
        return Reach::Off;
    }
    if counts.key_holders < policy.keys_required {
        return Reach::Unreachable { have: counts.key_holders, need: policy.keys_required };
    }
    if counts.voters < policy.keys_need_approvals {
        return Reach::Unreachable { have: counts.voters, need: policy.keys_need_approvals };
    }
    let keys = counts.key_holders.saturating_sub(policy.keys_required);
    let approvals = counts.voters.saturating_sub(policy.keys_need_approvals);
    Reach::Reachable { spare: if policy.keys_need_approvals == 0 { keys } else { keys.min(approvals) } }
}
