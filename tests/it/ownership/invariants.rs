//! The invariants of ownership, each checked after every step of a random play.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    id::UserId,
    ownership::{
        access::{Decision, WhyNot, decide},
        account::{self, Status},
        member,
        policy_change::{Comparison, Way},
        preset::{PrimaryOwner, RoleAccess},
        rights::Rights,
        transfer::State,
    },
    recovery::policy::{OwnersAllowed, Switch},
};

use super::{
    steps::{By, PEOPLE, Tried, What},
    world::{Account, At, World},
};
use crate::recovery::fixtures::user;

pub type Accounts = BTreeMap<At, Account>;

/// What must hold in every state.
pub fn check(world: &World) {
    for (at, account) in &world.accounts {
        inv_1_somebody_can_act_as_owner(*at, account);
        owners_keep_what_protects_them(*at, account);
        the_primary_owner_is_an_owner(*at, account);
        no_policy_loosens_early(*at, account);
        strangers_are_told_nothing(*at, account);
    }
}

fn inv_1_somebody_can_act_as_owner(at: At, account: &Account) {
    let effective = account.members.values().filter(|member| member.is_effective_owner()).count();
    match account.status {
        Status::Pending => assert_eq!(account.owners.len(), 1, "account {at} begins with one owner"),
        Status::Active | Status::Suspended | Status::Closing { .. } | Status::Closed => {
            assert!(effective >= 1, "account {at} has nobody who can act as owner");
        }
    }
}

fn owners_keep_what_protects_them(at: At, account: &Account) {
    let marked: BTreeSet<UserId> = account.members.values().filter(|it| it.owner).map(|it| it.user).collect();
    assert_eq!(marked, account.owners.iter().copied().collect(), "account {at} disagrees about its owners");
    for owner in &account.owners {
        assert_ne!(account.members[owner].status, member::Status::Suspended, "a suspended owner in {at}");
        assert_eq!(account.role_of(*owner).access, RoleAccess::Given, "an owner without access in {at}");
    }
    if account.policy.owners == OwnersAllowed::One {
        assert_eq!(account.owners.len(), 1, "account {at} has more owners than allowed");
    }
}

fn the_primary_owner_is_an_owner(at: At, account: &Account) {
    match account.preset.ownership.primary_owner {
        PrimaryOwner::None => assert_eq!(account.primary, None, "account {at} has a primary owner"),
        PrimaryOwner::One => {
            assert!(account.primary.is_some_and(|it| account.owners.contains(&it)), "no primary owner in {at}");
        }
    }
}

fn no_policy_loosens_early(at: At, account: &Account) {
    assert_eq!(account.policy.check(), Ok(()), "account {at}");
    for edit in &account.edits {
        assert_eq!(edit.case, None, "the policy of {at} changed during a case");
        let loosens = Comparison::of(&edit.before, &edit.after).changes.iter().any(|it| it.way == Way::Loosening);
        let old = &edit.before;
        let routes = [(old.vote_route, old.waiting_period), (old.paper_key_route, old.key_waiting_period)];
        let on = routes.into_iter().filter(|(route, _)| *route == Switch::On);
        let longest = on.map(|(_, period)| period).max().unwrap();
        assert!(!loosens || edit.at.since(edit.proposed_at) >= longest, "the policy of {at} loosened early");
    }
}

/// INVARIANT 34: who is not of an account has no permission in it, and learns nothing but that.
fn strangers_are_told_nothing(at: At, account: &Account) {
    let strangers = PEOPLE.into_iter().map(user).filter(|person| !account.members.contains_key(person));
    for stranger in strangers {
        for permission in account.preset.permissions.keys() {
            let answer = decide(permission, account.members.get(&stranger), account.place());
            assert_eq!(answer, Decision::Deny(WhyNot::NotAMember), "{permission} in {at}");
        }
    }
}

/// What a step may change.
pub fn check_step(before: &World, after: &World, step: &Tried) {
    let at = step.at;
    for (number, now) in &after.accounts {
        let Some(then) = before.accounts.get(number) else {
            assert!(matches!(step.what, What::Child), "an account from nowhere");
            continue;
        };
        if then == now {
            continue;
        }
        // INVARIANT 34: nobody changes another account than the one in which they act.
        assert!(step.is_time() || *number == at, "account {number} changed by an act in {at}");
        inv_2_owners_change_by_owners_or_a_case(then, now, step);
        what_the_status_does(then, now, step);
        if !step.is_time() && !matches!(step.what, What::Case(_)) {
            who_acted_belongs_here(before, then, now, step);
        }
    }
    inv_3_every_other_account_keeps_its_owners(&before.accounts, &after.accounts, at);
}

fn inv_3_every_other_account_keeps_its_owners(before: &Accounts, after: &Accounts, at: At) {
    for (number, then) in before.iter().filter(|(number, _)| **number != at) {
        assert_eq!(then.owners, after[number].owners, "the owners of {number} changed by an act in {at}");
    }
}

/// INVARIANT 2 and 3: owners change by an effective owner's own act, by an answer to one, or by a completed case.
fn inv_2_owners_change_by_owners_or_a_case(then: &Account, now: &Account, step: &Tried) {
    let pending = |account: &Account| account.transfer.filter(|it| it.state == State::Pending);
    if then.owners == now.owners {
        return;
    }
    assert!(!step.is_time(), "time changed the owners");
    match step.what {
        What::Owners(_) => {
            let By::Person(by) = step.by else { panic!("a token changed the owners") };
            assert!(then.members[&by].is_effective_owner(), "somebody who is no owner changed the owners");
            let changed: BTreeSet<_> = difference(&then.owners, &now.owners);
            assert_eq!(changed, BTreeSet::from([step.who]));
            assert_eq!(then.case, None, "owners changed during a case");
        }
        What::AcceptTransfer => {
            let transfer = pending(then).expect("an offer that nobody has made was accepted");
            assert!(then.members[&transfer.from].is_effective_owner());
            assert!(before_its_end(then, now), "an offer was accepted too late");
            assert_eq!(difference(&then.owners, &now.owners), BTreeSet::from([transfer.from, transfer.to]));
            assert!(now.owners.contains(&transfer.to) && !now.owners.contains(&transfer.from));
            assert_eq!(then.case, None, "owners changed during a case");
        }
        What::Case(_) => {
            let case = then.case.expect("a case that was not open completed");
            assert!(case.quorum && now.owners.contains(&case.nominee));
            assert_eq!(pending(now), None, "an offer outlived a recovery");
            assert!(then.status != Status::Closed, "a closed account was recovered");
        }
        What::Invite(_)
        | What::Accept
        | What::Member(_)
        | What::DeclineTransfer
        | What::CancelTransfer
        | What::Account(_)
        | What::Policy { .. }
        | What::CancelPolicy
        | What::Child
        | What::Leap(_) => panic!("{:?} changed the owners", step.what),
    }
    for newcomer in now.owners.iter().filter(|owner| !then.owners.contains(owner)) {
        let member = &then.members[newcomer];
        assert!(member.status == member::Status::Active && member.confirmed, "an unfit member became owner");
    }
}

fn before_its_end(then: &Account, now: &Account) -> bool {
    match now.transfer.map(|transfer| transfer.state) {
        Some(State::Accepted { at }) => then.transfer.is_some_and(|transfer| at < transfer.expires_at),
        _ => false,
    }
}

fn difference(then: &[UserId], now: &[UserId]) -> BTreeSet<UserId> {
    let (then, now): (BTreeSet<_>, BTreeSet<_>) = (then.iter().copied().collect(), now.iter().copied().collect());
    then.symmetric_difference(&now).copied().collect()
}

fn what_the_status_does(then: &Account, now: &Account, step: &Tried) {
    assert!(then.status != Status::Closed || now.status == Status::Closed, "a closed account came back");
    if then.status == now.status {
        return;
    }
    match (now.status, step.what) {
        (Status::Closed, _) => {
            assert!(step.is_time() && then.case.is_none(), "an account was closed by somebody, or during a case");
            assert!(matches!(then.status, Status::Closing { .. }), "an account was closed without its time of grace");
        }
        (Status::Suspended | Status::Closing { .. }, What::Account(_)) => {
            let By::Person(by) = step.by else { panic!("a token stopped an account") };
            assert!(then.members[&by].is_effective_owner() && then.case.is_none());
        }
        (Status::Active, What::Account(account::Act::Resume | account::Act::UndoClose)) => {
            let By::Person(by) = step.by else { panic!("a token resumed an account") };
            assert!(then.members[&by].is_effective_owner());
        }
        (Status::Active, What::Accept) => assert_eq!(then.status, Status::Pending),
        (Status::Active, What::Case(_)) => assert!(matches!(then.status, Status::Closing { .. })),
        (status, what) => panic!("{what:?} made an account {status:?}"),
    }
}

/// INVARIANT 34, the other half: whoever changed an account is of it, by themselves or by a token; or they onboarded
/// one person from its parent, into a plain role, and changed nothing else.
fn who_acted_belongs_here(world: &World, then: &Account, now: &Account, step: &Tried) {
    let who = match (step.by, step.what) {
        (By::Token, _) => return,
        (_, What::AcceptTransfer | What::DeclineTransfer) => return,
        (By::Person(who) | By::TokenFor(who), _) => who,
    };
    if then.members.contains_key(&who) {
        return;
    }
    assert_eq!(world.rights(step.at, step.by), Ok(Rights::Onboarder), "a stranger changed account {}", step.at);
    let above = &world.accounts[&then.parent.unwrap()];
    assert!(above.members.contains_key(&who), "a stranger onboarded somebody");
    assert!(matches!(step.what, What::Invite(_)), "an onboarder did {:?}", step.what);
    let mut without = now.clone();
    let member = without.members.remove(&step.who).unwrap();
    assert_eq!(&without, then, "an onboarder changed more than one member");
    assert!(!member.administrator && !member.owner && member.status == member::Status::Invited);
}
