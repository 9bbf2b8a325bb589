//! Random play: how the world takes what somebody tries. Nothing is decided here.

use std::collections::BTreeSet;

use quorate::{
    id::{TransferId, UserId},
    moment::Moment,
    ownership::{
        access,
        account::{self, Status},
        member::{self, Act, Asked, Member},
        owner::{self, Outcome},
        permission::Permission,
        policy_change::{self, Proposed, Way},
        protection::{self, Hand, Touch},
        rights::Rights,
        transfer::{self, Answered, Offer, State, Transfer},
    },
    recovery::{policy::OwnersAllowed, reach::Counts, terms::Kind},
};
use uuid::Uuid;

use super::{
    fixtures::{case_id, hours},
    policy::EDITS,
    steps::{By, OnCase, OnMember, OnOwners, Pick, Step, Through, Tried, What, Who},
    world::{Account, At, Case, Edit, World},
};
use crate::harness::proof::fresh;

/// What came of a step: what happened, or the code of a refusal.
type Came = Result<&'static str, &'static str>;

fn nth<T: Copy>(from: &[T], pick: Pick) -> T {
    from[usize::from(pick) % from.len()]
}

macro_rules! ask {
    ($answer:expr) => {
        $answer.map_err(|refusal| refusal.code())?
    };
}

impl World {
    /// Lets somebody try something, and says what it was. What is refused changes nothing.
    pub fn play(&mut self, step: &Step) -> Tried {
        let tried = self.resolve(step);
        let word = match self.attempt(&tried) {
            Ok(what) => what.to_owned(),
            Err(why) => format!("!{why}"),
        };
        self.note(&word);
        tried
    }

    fn resolve(&self, step: &Step) -> Tried {
        let numbers: Vec<At> = self.accounts.keys().copied().collect();
        let at = nth(&numbers, step.at);
        let account = &self.accounts[&at];
        let members: Vec<UserId> = account.members.keys().copied().collect();
        let person = |who| match who {
            Who::Owner(pick) => nth(&account.owners, pick),
            Who::Member(pick) => nth(&members, pick),
            Who::Anybody(person) => person,
        };
        let by = match step.through {
            Through::Person => By::Person(person(step.by)),
            Through::Token => By::Token,
            Through::TokenForPerson => By::TokenFor(person(step.by)),
        };
        // Somebody else tries to answer an offer now and then; mostly it is the member.
        let (by, who) = match (step.what, account.transfer, step.by) {
            (What::AcceptTransfer | What::DeclineTransfer, Some(transfer), Who::Member(_)) => {
                (By::Person(transfer.to), transfer.to)
            }
            _ => (by, person(step.who)),
        };
        Tried { at, by, who, what: step.what }
    }

    fn attempt(&mut self, tried: &Tried) -> Came {
        let Tried { at, by, who, what } = *tried;
        match what {
            What::Leap(length) => {
                self.now = self.now.after(hours(length));
                self.sweep();
                Ok("time")
            }
            What::Case(act) => self.case(at, who, act),
            What::Child => self.child(at, by, who),
            What::Accept => self.accept(at, by),
            What::AcceptTransfer | What::DeclineTransfer => self.answer(at, by, what),
            What::Invite(role) => self.invite(at, by, who, role),
            What::Member(act) => self.member(at, by, who, act),
            What::Owners(_) | What::CancelTransfer | What::Account(_) | What::Policy { .. } | What::CancelPolicy => {
                self.owner_act(tried)
            }
        }
    }

    fn invite(&mut self, at: At, by: By, who: UserId, pick: Pick) -> Came {
        let rights = self.rights(at, by)?;
        let account = self.accounts.get_mut(&at).unwrap();
        let roles: Vec<_> = account.preset.roles.iter().collect();
        let role = nth(&roles, pick).clone();
        ask!(member::invite(&rights, account.status, &role));
        if account.members.contains_key(&who) {
            return Err("already_member");
        }
        let (status, administrator) = (member::Status::Invited, role.administrator);
        let invited = Member { user: who, role: role.name, administrator, status, confirmed: false, owner: false };
        account.members.insert(who, invited);
        Ok(if rights == Rights::Onboarder { "onboarded" } else { "invited" })
    }

    fn accept(&mut self, at: At, by: By) -> Came {
        let By::Person(who) = by else { return Err("people_only") };
        let account = self.accounts.get_mut(&at).unwrap();
        let status = account.status;
        let member = account.members.get_mut(&who).ok_or("not_found")?;
        let outcome = ask!(member::accept(status, member));
        (member.status, member.confirmed) = (member::Status::Active, true);
        if member.owner && account.status == Status::Pending {
            account.status = Status::Active;
            return Ok("activated");
        }
        Ok(if outcome == Outcome::Changed { "accepted" } else { "accepted again" })
    }

    fn member(&mut self, at: At, by: By, who: UserId, asked: OnMember) -> Came {
        let rights = self.rights(at, by)?;
        let account = self.accounts.get_mut(&at).unwrap();
        let target = account.members.get(&who).ok_or("not_found")?.clone();
        let roles: Vec<_> = account.preset.roles.clone();
        let (act, word) = match asked {
            OnMember::Role(pick) => (Act::ChangeRole(&roles[usize::from(pick) % roles.len()]), "role changed"),
            OnMember::Suspend => (Act::Suspend, "member suspended"),
            OnMember::Resume => (Act::Resume, "member resumed"),
            OnMember::Remove => (Act::Remove, "removed"),
            OnMember::Leave => (Act::Leave, "left"),
            OnMember::Email => return touch(&target, Touch::ChangeEmail, &rights, by),
            OnMember::Credentials => return touch(&target, Touch::ChangeCredentials, &rights, by),
        };
        let actor = match by {
            By::Person(actor) => Some(actor),
            By::Token | By::TokenFor(_) => None,
        };
        let nominated = account.nominated(who);
        ask!(member::decide(
            Asked { rights: &rights, actor, target: &target, account: account.status, nominated },
            act
        ));
        match act {
            Act::ChangeRole(role) => {
                let member = account.members.get_mut(&who).unwrap();
                (member.role, member.administrator) = (role.name.clone(), role.administrator);
            }
            Act::Suspend => account.members.get_mut(&who).unwrap().status = member::Status::Suspended,
            Act::Resume => account.members.get_mut(&who).unwrap().status = member::Status::Active,
            Act::Remove | Act::Leave => drop(account.members.remove(&who)),
        }
        Ok(word)
    }

    /// What only owners do, by themselves: never a token.
    fn owner_act(&mut self, tried: &Tried) -> Came {
        let Tried { at, who, what, .. } = *tried;
        let By::Person(by) = tried.by else { return Err("people_only") };
        let rights = self.rights(at, tried.by)?;
        let (proof, now) = (self.proof(), self.now);
        match what {
            What::Owners(act) => self.owners(at, &rights, by, who, act),
            What::CancelTransfer => self.cancel_transfer(at, &rights, by),
            What::Policy { field, way } => self.policy(at, &rights, by, field, way),
            What::Account(act) => {
                let account = self.accounts.get_mut(&at).unwrap();
                let case = account.case.map(|case| case.id);
                match ask!(account::decide(account.status, act, &rights, proof, case, now)) {
                    account::Decision::Becomes(status) => account.status = status,
                    account::Decision::AlreadySo => return Ok("status as it was"),
                }
                Ok(if account.status == Status::Active { "in use again" } else { account.status.word() })
            }
            What::CancelPolicy => {
                let account = self.accounts.get_mut(&at).unwrap();
                ask!(policy_change::cancel(&rights, proof, account.pending.as_ref()));
                account.pending = None;
                Ok("policy change cancelled")
            }
            What::Invite(_)
            | What::Accept
            | What::Member(_)
            | What::AcceptTransfer
            | What::DeclineTransfer
            | What::Child
            | What::Case(_)
            | What::Leap(_) => Err("no act of an owner"),
        }
    }

    fn owners(&mut self, at: At, rights: &Rights, by: UserId, who: UserId, act: OnOwners) -> Came {
        let (proof, now) = (self.proof(), self.now);
        self.made += 1;
        let id = TransferId::from_uuid(Uuid::from_u128(self.made));
        let account = self.accounts.get_mut(&at).unwrap();
        let target = account.members.get(&who).ok_or("not_found")?.clone();
        let owners = account.owner_members();
        let around = account.around(&owners);
        let role = account.role_of(who).clone();
        let (outcome, word) = match act {
            OnOwners::Grant => (ask!(owner::grant(rights, proof, &target, &role, around)), "granted"),
            OnOwners::Revoke => (ask!(owner::revoke(rights, proof, who, around)), "revoked"),
            OnOwners::Pass => {
                (ask!(owner::pass_primary(rights, proof, by, account.primary, who, around)), "primary passed")
            }
            OnOwners::Offer => {
                let (to, role, latest) = (&target, &role, account.transfer.as_ref());
                let asked = Offer { id, from: by, rights, to, role };
                let offered = transfer::offer(asked, proof, latest, around, account.policy.transfer_window, now);
                account.transfer = Some(ask!(offered));
                return Ok("offered");
            }
        };
        if outcome == Outcome::AlreadySo {
            return Ok("owners as they were");
        }
        match act {
            OnOwners::Grant => account.add_owner(who),
            OnOwners::Revoke => account.end_owner(who),
            OnOwners::Pass => account.primary = Some(who),
            OnOwners::Offer => {}
        }
        let left = account.owner_members();
        account.primary = owner::primary(account.preset.ownership.primary_owner, account.primary, &left);
        Ok(word)
    }

    fn answer(&mut self, at: At, by: By, what: What) -> Came {
        let By::Person(by) = by else { return Err("people_only") };
        let now = self.now;
        let account = self.accounts.get_mut(&at).unwrap();
        let transfer = account.transfer.ok_or("not_found")?;
        let member = account.members.get(&by).ok_or("not_found")?.clone();
        let owners = account.owner_members();
        let answered = if matches!(what, What::AcceptTransfer) {
            let role = account.role_of(by).clone();
            let proof = fresh(now);
            ask!(transfer::accept(&transfer, proof, &member, &role, account.around(&owners), now))
        } else {
            ask!(transfer::decline(&transfer, by, &owners, now))
        };
        let Answered::Becomes(state) = answered else { return Ok("answered again") };
        account.transfer = Some(Transfer { state, ..transfer });
        if let State::Accepted { .. } = state {
            account.end_owner(transfer.from);
            account.add_owner(transfer.to);
            let rule = account.preset.ownership.primary_owner;
            account.primary = transfer.primary(rule, account.primary, &account.owner_members());
        }
        Ok(if let State::Accepted { .. } = state { "transferred" } else { "declined" })
    }

    fn cancel_transfer(&mut self, at: At, rights: &Rights, by: UserId) -> Came {
        let (proof, now) = (self.proof(), self.now);
        let account = self.accounts.get_mut(&at).unwrap();
        let transfer = account.transfer.ok_or("not_found")?;
        let owners = account.owner_members();
        match ask!(transfer::cancel(&transfer, rights, proof, by, &owners, now)) {
            Answered::Becomes(state) => account.transfer = Some(Transfer { state, ..transfer }),
            Answered::AlreadySo => return Ok("taken back again"),
        }
        Ok("taken back")
    }

    fn policy(&mut self, at: At, rights: &Rights, by: UserId, field: Pick, way: Way) -> Came {
        let (proof, now) = (self.proof(), self.now);
        let account = self.accounts.get_mut(&at).unwrap();
        let (_, loosens, tightens) = nth(&EDITS, field);
        let mut new = account.policy.clone();
        match way {
            Way::Loosening => loosens(&mut new),
            Way::Tightening => tightens(&mut new),
        }
        if new.owners == OwnersAllowed::One {
            new.key_kinds = BTreeSet::from([Kind::Replace]);
        }
        let case = account.case.map(|case| case.id);
        match ask!(policy_change::propose(rights, proof, by, &new, around(account), now)) {
            Proposed::Unchanged => Ok("policy as it was"),
            Proposed::AtOnce => {
                let before = std::mem::replace(&mut account.policy, new.clone());
                account.edits.push(Edit { before, after: new, proposed_at: now, at: now, case });
                // Otherwise what waited would undo it later.
                let replaced = account.pending.take().is_some();
                Ok(if replaced { "policy change replaced" } else { "policy changed at once" })
            }
            Proposed::Later { pending, .. } => {
                let replaced = account.pending.replace(*pending).is_some();
                Ok(if replaced { "policy change replaced" } else { "policy change waits" })
            }
        }
    }

    fn child(&mut self, at: At, by: By, first: UserId) -> Came {
        let By::Person(by) = by else { return Err("people_only") };
        let above = &self.accounts[&at];
        let permission = Permission::ChildrenCreate.name();
        match access::decide(permission, above.members.get(&by), above.place()) {
            access::Decision::Allow(_) => {}
            access::Decision::Deny(why) => return Err(why.code()),
        }
        if self.accounts.len() > 6 {
            return Err("enough children");
        }
        let children = above.preset.children_at(above.depth).unwrap();
        let preset = self.presets.get(&children.preset).unwrap().clone();
        let (role, status) = (preset.first_role.clone(), member::Status::Invited);
        let owner = Member { user: first, role, administrator: true, status, confirmed: false, owner: true };
        let account = Account {
            parent: Some(at),
            depth: above.depth + 1,
            status: Status::Pending,
            owners: vec![first],
            primary: owner::primary(preset.ownership.primary_owner, None, std::slice::from_ref(&owner)),
            members: [(first, owner)].into(),
            transfer: None,
            policy: preset.policy.clone(),
            pending: None,
            case: None,
            edits: Vec::new(),
            preset,
        };
        let number = self.accounts.keys().max().unwrap() + 1;
        self.accounts.insert(number, account);
        Ok("child created")
    }

    /// What recovery does to an account; how it comes to that is tested elsewhere.
    fn case(&mut self, at: At, who: UserId, act: OnCase) -> Came {
        self.made += 1;
        let (id, now) = (case_id(self.made), self.now);
        let account = self.accounts.get_mut(&at).unwrap();
        let fit = |account: &Account, who| {
            let member = account.members.get(&who)?;
            owner::can_own(member, account.role_of(who)).ok().filter(|()| !member.owner)
        };
        match (act, account.case) {
            (OnCase::Open, None) => {
                ask!(account.status.allows(account::Use::Recover));
                fit(account, who).ok_or("nominee_unfit")?;
                account.case = Some(Case { id, nominee: who, quorum: false });
                Ok("case opened")
            }
            (OnCase::Quorum, Some(case)) => {
                account.case = Some(Case { quorum: true, ..case });
                Ok("quorum")
            }
            (OnCase::End, Some(_)) => {
                account.case = None;
                Ok("case ended")
            }
            (OnCase::Add, Some(_)) if account.policy.owners == OwnersAllowed::One => Err("one_owner_only"),
            (OnCase::Replace | OnCase::Add, Some(case)) if case.quorum => {
                account.case = None;
                fit(account, case.nominee).ok_or("nominee_unfit")?;
                account.complete(case, act, now);
                Ok("recovered")
            }
            (OnCase::Open, Some(_)) => Err("case_open"),
            (OnCase::Quorum | OnCase::End | OnCase::Replace | OnCase::Add, _) => Err("no case"),
        }
    }

    /// What time alone brings about, and what was left to be written down.
    pub fn sweep(&mut self) {
        let now = self.now;
        let mut seen = Vec::new();
        for account in self.accounts.values_mut() {
            let case = account.case.map(|case| case.id);
            if let Some(status) = account.status.lapsed(case, now) {
                account.status = status;
                seen.push("closed");
            }
            if let Some(transfer) = account.transfer {
                let state = transfer.state_at(&account.owner_members(), now);
                if state != transfer.state {
                    account.transfer = Some(Transfer { state, ..transfer });
                    seen.push(state.word());
                }
            }
            let Some(pending) = account.pending.clone() else { continue };
            match policy_change::take_effect(&pending, around(account), now) {
                Ok(()) => {
                    let after = pending.policy.clone();
                    let before = std::mem::replace(&mut account.policy, pending.policy);
                    account.edits.push(Edit { before, after, proposed_at: pending.proposed_at, at: now, case });
                    account.pending = None;
                    seen.push("policy change took effect");
                }
                Err(policy_change::NotYet::Before(_)) => seen.push("policy change too early"),
                Err(policy_change::NotYet::CaseOpen(_)) => seen.push("policy change waits for a case"),
                Err(policy_change::NotYet::Refused(_)) => seen.push("policy change does not fit"),
            }
        }
        for what in seen {
            self.note(what);
        }
    }
}

fn around(account: &Account) -> policy_change::Around<'_> {
    policy_change::Around {
        policy: &account.policy,
        status: account.status,
        pending: account.pending.as_ref(),
        open_case: account.case.map(|case| case.id),
        owners: u32::try_from(account.owners.len()).unwrap(),
        recovery_users: 1,
        counts: Counts { voters: 4, live: 4, others: 1, key_holders: 1 },
    }
}

fn touch(target: &Member, touch: Touch<'_>, rights: &Rights, by: By) -> Came {
    let hand = match (rights, by) {
        (_, By::Person(by)) if by == target.user => Hand::Their,
        (Rights::Owner, _) => Hand::Owner,
        (Rights::Role(_) | Rights::Platform { .. } | Rights::Onboarder | Rights::None, _) => Hand::Else,
    };
    ask!(protection::check(target, touch, hand));
    // INVARIANT: what is theirs, an owner alone touches; their address nobody.
    let own_credentials = hand == Hand::Their && matches!(touch, Touch::ChangeCredentials);
    assert!(!target.owner || own_credentials, "an owner was touched: {touch:?} by {hand:?}");
    Ok("touched")
}

impl Account {
    fn complete(&mut self, case: Case, act: OnCase, now: Moment) {
        if matches!(act, OnCase::Replace) {
            for owner in self.owners.clone() {
                self.end_owner(owner);
                self.members.get_mut(&owner).unwrap().status = member::Status::Suspended;
            }
        }
        self.add_owner(case.nominee);
        self.primary = owner::primary_recovered(self.preset.ownership.primary_owner, case.nominee);
        self.status = self.status.recovered();
        if let Some(transfer) = self.transfer {
            self.transfer = Some(Transfer { state: transfer.recovered(case.id, now), ..transfer });
        }
    }
}
