//! Who comes and goes in the world: access at once, standing through the real roster.

use quorate::{
    id::{ChangeId, UserId},
    recovery::{
        action::{Action, Actor},
        roster::{Added, Authority, Confirmed, Joined},
    },
};

use super::world::{Access, World};

impl World {
    fn authority(&self, who: UserId, by: UserId) -> Option<Authority> {
        match self.access(by) {
            _ if self.owners.contains(&by) => Some(Authority::Owner),
            Access::Administrator | Access::Plain if who == by => Some(Authority::Themselves),
            Access::Administrator => Some(Authority::Other(by)),
            Access::Plain | Access::Outsider | Access::Invited | Access::Suspended => None,
        }
    }

    pub fn add(&mut self, who: UserId, by: UserId) {
        let Some(authority) = self.authority(who, by).filter(|_| who != by) else { return };
        let joined = if self.confirmed.contains(&who) { Joined::Yes } else { Joined::NotYet };
        let (change, owners) = (self.new_change(), self.owners.clone());
        let at = self.at(&owners);
        match self.roster.add(who, joined, authority, change, at) {
            Added::StandsFrom(_) => self.note("added by an owner"),
            Added::NeedsConfirmation(_) => self.note("added by another"),
            Added::Restored => self.note("restored"),
        }
        let access = if joined == Joined::Yes { Access::Administrator } else { Access::Invited };
        self.access.insert(who, access);
    }

    pub fn join(&mut self, who: UserId) {
        if self.access(who) == Access::Invited {
            self.note("joined");
            self.access.insert(who, Access::Administrator);
            self.confirmed.insert(who);
            self.roster.join(who);
        }
    }

    pub fn remove(&mut self, who: UserId, by: UserId) {
        // An owner is protected: nobody takes away their access.
        let Some(authority) = self.authority(who, by).filter(|_| !self.owners.contains(&who)) else { return };
        let (change, owners) = (self.new_change(), self.owners.clone());
        let at = self.at(&owners);
        self.roster.remove(who, authority, change, at);
        if self.access(who) != Access::Outsider {
            self.access.insert(who, Access::Suspended);
        }
        match authority {
            Authority::Owner | Authority::Themselves | Authority::Founding => {
                self.note("removed by an owner or themselves");
                for id in self.open_cases() {
                    self.act(id, Action::Lose { elector: who }, Actor::Person(by)).unwrap();
                }
            }
            Authority::Other(_) | Authority::Outside => self.note("removed by another"),
        }
    }

    pub fn contest(&mut self, change: ChangeId, by: Option<UserId>) {
        let Some(by) = by.or_else(|| self.roster.person_of(change)) else { return };
        let owners = self.owners.clone();
        let at = self.at(&owners);
        match self.roster.contest(change, by, at) {
            Ok(_) => self.note("contested"),
            Err(refusal) => self.note(refusal.code()),
        }
    }

    pub fn confirm(&mut self, change: ChangeId, by: UserId) {
        let owners = self.owners.clone();
        let at = self.at(&owners);
        match self.roster.confirm(change, by, at) {
            Ok((_, Confirmed::Recorded { .. })) => self.note("confirmation recorded"),
            Ok((_, Confirmed::StandsFrom(_))) => self.note("addition confirmed"),
            Ok((_, Confirmed::Ended)) => self.note("removal confirmed"),
            Err(refusal) => self.note(refusal.code()),
        }
    }
}
