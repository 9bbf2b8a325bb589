//! Reading the roster: who counts at a given moment, and why somebody does not.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::roster::{Entry, Joined, Roster, Standing};
use crate::{
    id::{ChangeId, UserId},
    moment::Moment,
};

/// Why somebody has no standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NoStanding {
    /// Owners act as owners; they are in no electorate.
    Owner,
    /// They are not an administrator here, or no longer.
    NotAdministrator,
    /// They have not confirmed their address or not accepted yet.
    NotJoined,
    /// Somebody who is not an owner added them, and neither an owner nor a majority has confirmed it.
    NeedsConfirmation,
    /// They were added too recently; they count from then on.
    Seasoning {
        /// When their standing begins.
        from: Moment,
    },
}

impl Entry {
    /// Whether this person counts at that moment.
    #[must_use]
    pub fn stands_at(&self, now: Moment) -> bool {
        let counts = match &self.standing {
            Standing::Proposed { .. } => false,
            Standing::Stands { from } | Standing::Contested { from, .. } => *from <= now,
            Standing::Ending { from, until, .. } => *from <= now && now < *until,
        };
        counts && self.joined == Joined::Yes
    }
}

impl Roster {
    /// Everybody who counts at that moment, owners left out: they act as owners, never as voters.
    #[must_use]
    pub fn standing_at(&self, now: Moment, owners: &BTreeSet<UserId>) -> BTreeSet<UserId> {
        let stands =
            |(user, entry): (&UserId, &Entry)| (entry.stands_at(now) && !owners.contains(user)).then_some(*user);
        self.entries.iter().filter_map(stands).collect()
    }

    /// Everybody who has joined, whose addition is settled, and whose removal is not: those who count now, and those who
    /// will unless an owner or a majority says otherwise.
    #[must_use]
    pub fn settled_at(&self, now: Moment, owners: &BTreeSet<UserId>) -> BTreeSet<UserId> {
        let settled = |(user, entry): (&UserId, &Entry)| {
            let counts = match &entry.standing {
                Standing::Proposed { .. } => false,
                Standing::Stands { .. } | Standing::Contested { .. } => true,
                Standing::Ending { until, .. } => now < *until,
            };
            (counts && entry.joined == Joined::Yes && !owners.contains(user)).then_some(*user)
        };
        self.entries.iter().filter_map(settled).collect()
    }

    /// Whether somebody's addition still needs a confirmation.
    #[must_use]
    pub fn needs_confirmation(&self, user: UserId) -> bool {
        self.entries.get(&user).is_some_and(|entry| matches!(entry.standing, Standing::Proposed { .. }))
    }

    /// Why somebody does not count at that moment, or `None` if they do.
    #[must_use]
    pub fn why_not(&self, user: UserId, now: Moment, owners: &BTreeSet<UserId>) -> Option<NoStanding> {
        if owners.contains(&user) {
            return Some(NoStanding::Owner);
        }
        let Some(entry) = self.entries.get(&user) else { return Some(NoStanding::NotAdministrator) };
        if entry.stands_at(now) {
            return None;
        }
        Some(match &entry.standing {
            Standing::Proposed { .. } => NoStanding::NeedsConfirmation,
            Standing::Stands { from } | Standing::Contested { from, .. } | Standing::Ending { from, .. }
                if now < *from =>
            {
                NoStanding::Seasoning { from: *from }
            }
            Standing::Ending { until, .. } if *until <= now => NoStanding::NotAdministrator,
            Standing::Stands { .. } | Standing::Contested { .. } | Standing::Ending { .. } => NoStanding::NotJoined,
        })
    }

    /// The moments after `now` at which standing changes by itself.
    #[must_use]
    pub fn changes_after(&self, now: Moment) -> BTreeSet<Moment> {
        let moments = self.entries.values().flat_map(|entry| match &entry.standing {
            Standing::Proposed { .. } => [None, None],
            Standing::Stands { from } | Standing::Contested { from, .. } => [Some(*from), None],
            Standing::Ending { from, until, .. } => [Some(*from), Some(*until)],
        });
        moments.flatten().filter(|moment| now < *moment).collect()
    }

    /// Whose change that is, while it is under way.
    #[must_use]
    pub fn person_of(&self, wanted: ChangeId) -> Option<UserId> {
        let has = |entry: &Entry| match &entry.standing {
            Standing::Proposed { change, .. }
            | Standing::Ending { change, .. }
            | Standing::Contested { change, .. } => *change == wanted,
            Standing::Stands { .. } => false,
        };
        self.entries.iter().find(|(_, entry)| has(entry)).map(|(person, _)| *person)
    }
}
