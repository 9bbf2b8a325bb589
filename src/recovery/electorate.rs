//! Who may vote in a case, and how many of them must approve: both fixed when the case opens.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::{
    policy::{NomineeApproval, Policy},
    roster::Roster,
};
use crate::{id::UserId, moment::Moment};

/// The people who may vote and the number that must approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Electorate {
    /// E: the roster without the owners.
    pub members: BTreeSet<UserId>,
    /// How many counted approvals make the quorum.
    pub required: u32,
    /// How many of the members' approvals could count at all.
    pub countable: u32,
}

/// What the electorate is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Who has standing, and from when.
    pub roster: &'a Roster,
    /// Everybody whose access makes them an administrator right now: active, confirmed, whoever added them.
    pub administrators: &'a BTreeSet<UserId>,
    /// The account's owners.
    pub owners: &'a BTreeSet<UserId>,
    /// The account's policy.
    pub policy: &'a Policy,
}

impl Electorate {
    /// The electorate of a case for that nominee, opened at that moment.
    #[must_use]
    pub fn at(now: Moment, nominee: UserId, source: Source<'_>) -> Self {
        let members = source.roster.standing_at(now, source.owners);
        let live = Self::live(now, source);
        let policy = source.policy;
        let required = policy
            .majority
            .exceeded_at(count(members.len()))
            .max(policy.majority.exceeded_at(count(live.len())))
            .max(policy.min_approvals);
        let countable = match policy.nominee_approval {
            NomineeApproval::Counts => members.len(),
            NomineeApproval::DoesNotCount => members.iter().filter(|member| **member != nominee).count(),
        };
        Self { members, required, countable: count(countable) }
    }

    /// Those of the members who changed their address less than `seasoning` before that moment, out of everybody who ever
    /// did. A mailbox that somebody has just moved to may be somebody else's: nobody casts their ballot from it.
    #[must_use]
    pub fn signed_in_only(
        &self,
        now: Moment,
        seasoning: SignedDuration,
        address_changed: &BTreeMap<UserId, Moment>,
    ) -> BTreeMap<UserId, Moment> {
        recently_moved(&self.members, now, seasoning, address_changed)
    }

    /// L: who raises the required number besides those who may vote.
    #[must_use]
    pub fn live(now: Moment, source: Source<'_>) -> BTreeSet<UserId> {
        // L: it keeps "more than half of all active administrators" literally true. Additions that nobody has confirmed
        // are left out, so that puppets cannot raise the bar.
        let active = |user: &&UserId| !source.owners.contains(user) && !source.roster.needs_confirmation(**user);
        let mut live: BTreeSet<UserId> = source.administrators.iter().filter(active).copied().collect();
        // And those whom others have removed, as long as they can contest it, are still in: nobody lowers the bar by
        // removing the people whom an owner has just added.
        live.extend(source.roster.settled_at(now, source.owners));
        live
    }

    /// Whether enough people could approve.
    #[must_use]
    pub const fn can_reach(&self) -> bool {
        self.countable >= self.required
    }

    /// The first moment after `now` from which such a case could reach its quorum, if the roster only changes by itself.
    #[must_use]
    pub fn reachable_from(now: Moment, nominee: UserId, source: Source<'_>) -> Option<Moment> {
        source.roster.changes_after(now).into_iter().find(|moment| Self::at(*moment, nominee, source).can_reach())
    }
}

/// Those of the members who changed their address less than `seasoning` before that moment, and when.
pub(super) fn recently_moved(
    members: &BTreeSet<UserId>,
    now: Moment,
    seasoning: SignedDuration,
    address_changed: &BTreeMap<UserId, Moment>,
) -> BTreeMap<UserId, Moment> {
    let recent = |(user, changed): &(&UserId, &Moment)| members.contains(user) && now < changed.after(seasoning);
    address_changed.iter().filter(recent).map(|(user, changed)| (*user, *changed)).collect()
}

pub(super) fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
