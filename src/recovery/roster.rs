//! Who counts for recovery by vote, which is not the same as who has access.
//!
//! Adding or removing an administrator changes access at once, and standing slowly, so that nobody can pack or thin the
//! electorate before they open a case. The people removed must speak up within the seasoning time S; the alert with
//! the contest button is therefore part of the proof (see `docs/threat-model.md`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::{policy::Majority, refusal::Refusal};
use crate::{
    id::{ChangeId, UserId},
    moment::Moment,
};

/// Everybody who has, will have, or is about to lose standing in one account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Roster {
    /// By person. Somebody who is not here has no standing and nothing under way.
    pub entries: BTreeMap<UserId, Entry>,
}

/// One person's place on the roster.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Whether they have confirmed their address and accepted; before that, standing does not begin.
    pub joined: Joined,
    /// How far their standing has come.
    pub standing: Standing,
}

/// Whether a person has confirmed their address and accepted their place in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Joined {
    /// They have.
    Yes,
    /// They are still only invited.
    NotYet,
}

/// How far somebody's standing has come.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Added by somebody who is not an owner: counts for nothing until an owner or a majority has confirmed it.
    Proposed {
        /// The addition.
        change: ChangeId,
        /// Roster members who agree.
        confirmed_by: BTreeSet<UserId>,
    },
    /// Has standing from that moment on.
    Stands {
        /// The first moment at which it counts.
        from: Moment,
    },
    /// Removed by somebody who is neither an owner nor the person: still has standing until then.
    Ending {
        /// When their standing began.
        from: Moment,
        /// When it ends, unless somebody contests it before.
        until: Moment,
        /// The removal.
        change: ChangeId,
        /// Roster members who agree with the removal.
        confirmed_by: BTreeSet<UserId>,
    },
    /// The removal is contested: they keep their standing until an owner or a majority confirms the removal.
    Contested {
        /// When their standing began.
        from: Moment,
        /// The removal.
        change: ChangeId,
        /// Who objected.
        by: UserId,
        /// Roster members who agree with the removal.
        confirmed_by: BTreeSet<UserId>,
    },
}

/// By whose authority an administrator is added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Authority {
    /// The account is being created, or an owner adds them within its first 24 hours.
    Founding,
    /// An owner of the account.
    Owner,
    /// The person themselves.
    Themselves,
    /// Another person of the account.
    Other(UserId),
    /// A machine or an operator: no person of the account.
    Outside,
}

/// What every change of the roster depends on besides the people in it.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// When it happens.
    pub now: Moment,
    /// The policy's S.
    pub seasoning: SignedDuration,
    /// The account's owners.
    pub owners: &'a BTreeSet<UserId>,
}

/// What an addition did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Added {
    /// They count from that moment on, once they have joined.
    StandsFrom(Moment),
    /// They do not count until an owner or a majority confirms this.
    NeedsConfirmation(ChangeId),
    /// Their removal was undone; their standing goes on as if nothing had happened.
    Restored,
}

/// What a removal did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Removed {
    /// They have no standing any more.
    AtOnce,
    /// They keep it until then, and for longer if the removal is contested.
    Ending {
        /// The removal, for a contest or a confirmation.
        change: ChangeId,
        /// When their standing ends.
        until: Moment,
    },
    /// An earlier removal of theirs is contested; they keep their standing until that is settled.
    StillContested {
        /// The earlier removal.
        change: ChangeId,
    },
}

/// What a confirmation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confirmed {
    /// Recorded; more are needed.
    Recorded {
        /// Confirmations so far.
        have: u32,
        /// Confirmations needed.
        need: u32,
    },
    /// The addition stands; its person counts from that moment on.
    StandsFrom(Moment),
    /// The removal stands; its person has no standing any more.
    Ended,
}

impl Roster {
    /// Somebody got a role that carries `administrator`, or got it back.
    pub fn add(
        &mut self,
        user: UserId,
        joined: Joined,
        by: Authority,
        change: ChangeId,
        at: Circumstances<'_>,
    ) -> Added {
        let now = at.now;
        if let Some(entry) = self.entries.get_mut(&user) {
            // Undoing a removal that has not taken effect gives nobody anything they did not have.
            match &entry.standing {
                Standing::Ending { from, until, .. } if now < *until => {
                    entry.standing = Standing::Stands { from: *from };
                    return Added::Restored;
                }
                Standing::Contested { from, .. } => {
                    entry.standing = Standing::Stands { from: *from };
                    return Added::Restored;
                }
                Standing::Stands { .. } => return Added::Restored,
                Standing::Ending { .. } | Standing::Proposed { .. } => {}
            }
        }
        let (standing, added) = match by {
            Authority::Founding => (Standing::Stands { from: now }, Added::StandsFrom(now)),
            Authority::Owner => {
                let from = now.after(at.seasoning);
                (Standing::Stands { from }, Added::StandsFrom(from))
            }
            Authority::Other(person) => {
                let voters = self.standing_at(now, at.owners);
                let confirmed_by = voters.into_iter().filter(|voter| *voter == person).collect();
                (Standing::Proposed { change, confirmed_by }, Added::NeedsConfirmation(change))
            }
            Authority::Themselves | Authority::Outside => {
                (Standing::Proposed { change, confirmed_by: BTreeSet::new() }, Added::NeedsConfirmation(change))
            }
        };
        self.entries.insert(user, Entry { joined, standing });
        added
    }

    /// Somebody confirmed their address and accepted their place.
    pub fn join(&mut self, user: UserId) {
        if let Some(entry) = self.entries.get_mut(&user) {
            entry.joined = Joined::Yes;
        }
    }

    /// Somebody lost the role that carries `administrator`, or their access.
    pub fn remove(&mut self, user: UserId, by: Authority, change: ChangeId, at: Circumstances<'_>) -> Removed {
        let now = at.now;
        let voters = self.standing_at(now, at.owners);
        let Some(entry) = self.entries.get_mut(&user) else { return Removed::AtOnce };
        let confirmed_by = match by {
            Authority::Founding | Authority::Owner | Authority::Themselves => {
                self.entries.remove(&user);
                return Removed::AtOnce;
            }
            Authority::Other(person) => voters.into_iter().filter(|voter| *voter == person).collect(),
            Authority::Outside => BTreeSet::new(),
        };
        match &entry.standing {
            Standing::Ending { until, .. } if *until <= now => {
                self.entries.remove(&user);
                Removed::AtOnce
            }
            // INVARIANT: removing somebody twice neither restarts the clock nor shakes off a contest.
            Standing::Ending { until, change, .. } => Removed::Ending { change: *change, until: *until },
            Standing::Contested { change, .. } => Removed::StillContested { change: *change },
            // Also for those who are still seasoning: what an owner has added, nobody else undoes for good.
            Standing::Stands { from } => {
                let until = now.after(at.seasoning);
                entry.standing = Standing::Ending { from: *from, until, change, confirmed_by };
                Removed::Ending { change, until }
            }
            // Nothing to protect: this addition never counted for anything.
            Standing::Proposed { .. } => {
                self.entries.remove(&user);
                Removed::AtOnce
            }
        }
    }

    /// The person removed, or another roster member, objects to a removal.
    ///
    /// # Errors
    /// There is no such removal (any more), or the actor has no say in it.
    pub fn contest(&mut self, change: ChangeId, by: UserId, at: Circumstances<'_>) -> Result<UserId, Refusal> {
        let person = self.person_of(change).ok_or(Refusal::NothingToContest)?;
        if person != by && !self.standing_at(at.now, at.owners).contains(&by) {
            return Err(Refusal::NoSayInRoster);
        }
        let entry = self.entries.get_mut(&person).ok_or(Refusal::NothingToContest)?;
        match &mut entry.standing {
            Standing::Ending { from, until, change, confirmed_by } if at.now < *until => {
                let confirmed_by = std::mem::take(confirmed_by);
                entry.standing = Standing::Contested { from: *from, change: *change, by, confirmed_by };
                Ok(person)
            }
            Standing::Ending { until, .. } => Err(Refusal::TooLateToContest { ended: *until }),
            Standing::Contested { .. } => Ok(person),
            Standing::Proposed { .. } | Standing::Stands { .. } => Err(Refusal::NothingToContest),
        }
    }

    /// An owner, or one more roster member, agrees with an addition or a removal.
    ///
    /// # Errors
    /// There is no such change under way (any more), or the actor has no say in it.
    pub fn confirm(
        &mut self,
        change: ChangeId,
        by: UserId,
        at: Circumstances<'_>,
    ) -> Result<(UserId, Confirmed), Refusal> {
        let person = self.person_of(change).ok_or(Refusal::NothingToConfirm)?;
        let voters = self.standing_at(at.now, at.owners);
        let is_owner = at.owners.contains(&by);
        if !is_owner && !voters.contains(&by) {
            return Err(Refusal::NoSayInRoster);
        }
        let need = Majority::HALF.exceeded_at(u32::try_from(voters.len()).unwrap_or(u32::MAX));
        let entry = self.entries.get_mut(&person).ok_or(Refusal::NothingToConfirm)?;
        let agreed = |confirmed_by: &mut BTreeSet<UserId>| {
            confirmed_by.insert(by);
            u32::try_from(confirmed_by.intersection(&voters).count()).unwrap_or(u32::MAX)
        };
        match &mut entry.standing {
            Standing::Proposed { confirmed_by, .. } => {
                let have = agreed(confirmed_by);
                if !is_owner && have < need {
                    return Ok((person, Confirmed::Recorded { have, need }));
                }
                let from = at.now.after(at.seasoning);
                entry.standing = Standing::Stands { from };
                Ok((person, Confirmed::StandsFrom(from)))
            }
            Standing::Ending { until, .. } if *until <= at.now => Err(Refusal::NothingToConfirm),
            Standing::Ending { confirmed_by, .. } | Standing::Contested { confirmed_by, .. } => {
                let have = agreed(confirmed_by);
                if !is_owner && have < need {
                    return Ok((person, Confirmed::Recorded { have, need }));
                }
                self.entries.remove(&person);
                Ok((person, Confirmed::Ended))
            }
            Standing::Stands { .. } => Err(Refusal::NothingToConfirm),
        }
    }
}
