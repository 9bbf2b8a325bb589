//! A tree of accounts with people, in which everything is decided by the real functions of the core.

use std::collections::BTreeMap;

use quorate::{
    id::{CaseId, UserId},
    moment::Moment,
    ownership::{
        access::{Place, onboarder},
        account::Status,
        member::{self, Member},
        owner::{self, Around},
        policy_change::Pending,
        preset::{Preset, Presets, Role},
        rights::Rights,
        transfer::Transfer,
    },
    recovery::{policy::Policy, proof::FreshProof},
};

use super::{
    fixtures::{START, presets, user},
    steps::{By, Setup},
};
use crate::harness::proof::fresh;

/// Number of an account.
pub type At = u128;

#[derive(Debug, Clone)]
pub struct World {
    pub now: Moment,
    pub presets: Presets,
    pub accounts: BTreeMap<At, Account>,
    /// How often what has happened, and what was refused.
    pub seen: BTreeMap<String, u64>,
    pub made: u128,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub preset: Preset,
    pub parent: Option<At>,
    pub depth: u32,
    pub status: Status,
    pub members: BTreeMap<UserId, Member>,
    /// Those who hold ownership, those who have held it longest first.
    pub owners: Vec<UserId>,
    pub primary: Option<UserId>,
    pub transfer: Option<Transfer>,
    pub policy: Policy,
    pub pending: Option<Pending>,
    pub case: Option<Case>,
    /// Every edit of the policy that took effect.
    pub edits: Vec<Edit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    pub nominee: UserId,
    pub quorum: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub before: Policy,
    pub after: Policy,
    pub proposed_at: Moment,
    pub at: Moment,
    pub case: Option<CaseId>,
}

impl Setup {
    /// Account 1 with a child, 2, and an account beside them, 3.
    pub fn world(&self) -> World {
        let mut world =
            World { now: START, presets: presets(), accounts: BTreeMap::new(), seen: BTreeMap::new(), made: 1000 };
        let child_owner = if self.same_owner { 1 } else { 2 };
        world.found(1, self.tree, None, &[(1, true), (11, false), (12, false)], &[31]);
        world.found(2, self.tree, Some(1), &[(child_owner, true), (12, false), (13, false)], &[32]);
        world.found(3, self.beside, None, &[(3, true), (13, false), (14, false)], &[31, 33]);
        world
    }
}

impl World {
    fn found(&mut self, at: At, preset: &str, parent: Option<At>, key: &[(u128, bool)], plain: &[u128]) {
        let preset = self.presets.get(preset).unwrap().clone();
        let person = |number: u128, role: &Role, owner: bool| Member {
            user: user(number),
            role: role.name.clone(),
            administrator: role.administrator,
            status: member::Status::Active,
            confirmed: true,
            owner,
        };
        let first = preset.role(&preset.first_role).unwrap();
        let other = preset.roles.iter().find(|role| role.is_plain()).unwrap();
        let mut members: BTreeMap<_, _> =
            plain.iter().map(|number| (user(*number), person(*number, other, false))).collect();
        members.extend(key.iter().map(|(number, owner)| (user(*number), person(*number, first, *owner))));
        let owners: Vec<_> = members.values().filter(|member| member.owner).cloned().collect();
        let account = Account {
            depth: parent.map_or(0, |parent| self.accounts[&parent].depth + 1),
            parent,
            status: Status::Active,
            owners: owners.iter().map(|owner| owner.user).collect(),
            primary: owner::primary(preset.ownership.primary_owner, None, &owners),
            members,
            transfer: None,
            policy: preset.policy.clone(),
            pending: None,
            case: None,
            edits: Vec::new(),
            preset,
        };
        self.accounts.insert(at, account);
    }

    pub fn note(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    pub fn proof(&self) -> FreshProof {
        fresh(self.now)
    }

    /// What somebody may do in an account. Who is not of it gets nothing, not even a reason; but a member of its parent
    /// may onboard people.
    pub fn rights(&self, at: At, by: By) -> Result<Rights, &'static str> {
        let account = &self.accounts[&at];
        let of = |who: UserId| match account.members.get(&who) {
            Some(member) => Rights::of(member, &account.preset).map_err(|refusal| refusal.code()),
            None => self.of_parent(account, who),
        };
        match by {
            By::Person(who) => of(who),
            By::Token => Ok(Rights::platform(&account.preset)),
            By::TokenFor(who) => Ok(of(who)?.on_behalf(&account.preset)),
        }
    }

    fn of_parent(&self, account: &Account, who: UserId) -> Result<Rights, &'static str> {
        let above = account.parent.map(|parent| &self.accounts[&parent]).ok_or("not_found")?;
        onboarder(above.members.get(&who), above.place(), account.status).map_err(|_| "not_found")
    }
}

impl Account {
    pub fn place(&self) -> Place<'_> {
        Place { preset: &self.preset, status: self.status, depth: self.depth }
    }

    /// Those who hold ownership, those who have held it longest first.
    pub fn owner_members(&self) -> Vec<Member> {
        self.owners.iter().map(|owner| self.members[owner].clone()).collect()
    }

    pub fn around<'a>(&self, owners: &'a [Member]) -> Around<'a> {
        let open_case = self.case.map(|case| case.id);
        Around { owners, allowed: self.policy.owners, open_case, status: self.status }
    }

    pub fn role_of(&self, who: UserId) -> &Role {
        self.preset.role(&self.members[&who].role).unwrap()
    }

    pub fn nominated(&self, who: UserId) -> Option<CaseId> {
        self.case.filter(|case| case.quorum && case.nominee == who).map(|case| case.id)
    }

    /// Writes down that somebody owns the account, as was decided.
    pub fn add_owner(&mut self, who: UserId) {
        self.end_owner(who);
        self.members.get_mut(&who).unwrap().owner = true;
        self.owners.push(who);
    }

    /// Writes down that somebody does not own it any more.
    pub fn end_owner(&mut self, who: UserId) {
        self.members.get_mut(&who).unwrap().owner = false;
        self.owners.retain(|owner| *owner != who);
    }
}
