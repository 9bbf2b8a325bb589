//! The invariants of ownership, on what the service shows after each step.

use std::collections::BTreeSet;

use quorate::ownership::preset::{PrimaryOwner, RoleAccess};
use serde_json::json;

use super::{
    between,
    cast::PEOPLE,
    play::Tried,
    steps::{Step, Through, What},
    tree::{Place, Shown, Tree},
};
use crate::web::site::address;

impl Tree {
    /// What must hold in every state.
    pub fn check(&self, all: &[Shown]) {
        for (place, shown) in self.places.iter().zip(all) {
            inv_1_somebody_can_act_as_owner(shown);
            a_change_of_policy_waits_no_longer_than_its_owner(shown);
            owners_keep_what_protects_them(place, shown);
            inv_2_each_completed_case_changed_the_owners_once(place);
            self.inv_29_the_log_gives_the_owners(place, shown);
        }
    }

    /// INVARIANT 34: an account is as it was when it was last looked at, whatever was done in others since.
    pub async fn is_as_known(&mut self, at: usize, known: &mut [Shown]) {
        let now = self.look_at(at).await;
        assert_eq!(known[at].with_confirmed_as(&now), now, "what was done elsewhere changed it");
        known[at] = now;
    }

    /// What must hold between two states.
    pub fn check_step(&self, before: &[Shown], after: &[Shown], tried: &Tried) {
        for (at, (earlier, later)) in before.iter().zip(after).enumerate() {
            if at != tried.at {
                inv_34_no_other_account_changes(earlier, later);
            }
        }
        let (earlier, later) = (&before[tried.at], &after[tried.at]);
        if tried.refused.is_some() && !matches!(tried.what, What::Recover(_)) {
            assert_eq!(&earlier.with_confirmed_as(later), later, "it was refused, and something changed");
        }
        inv_2_owners_change_by_their_own_act(earlier, later, tried);
        between::check(earlier, later, tried);
        inv_34_who_is_not_there_does_nothing(self, before, tried);
        tokens_do_nothing_as_owners(tried);
    }

    fn inv_29_the_log_gives_the_owners(&self, place: &Place, shown: &Shown) {
        let logged: BTreeSet<String> = place.log.owners().iter().map(ToString::to_string).collect();
        let owners: BTreeSet<String> = shown.owners().iter().map(|name| self.town.user(name)).collect();
        assert_eq!(logged, owners, "the log tells of other owners");
    }

    /// INVARIANT 25: whoever owned an account before its owners changed, or owns it afterwards, is written to.
    pub async fn everybody_is_told(&self, before: &[Shown], after: &[Shown], tried: &Tried) {
        let (was, is) = (before[tried.at].owners(), after[tried.at].owners());
        if was == is {
            return;
        }
        let told = self.town.told_of_owners(tried.since).await;
        for owner in was.union(&is) {
            assert!(told.contains(&address(owner)), "{owner} was not told that the owners changed: {told:?}");
        }
    }

    /// INVARIANT 34: for whoever is not in an account, it does not exist. One of those looks at one of these.
    pub async fn look_from_outside(&mut self, all: &[Shown], step: &Step) {
        let stranger = PEOPLE[usize::from(step.stranger) % PEOPLE.len()];
        let outside: Vec<usize> = (0..all.len()).filter(|at| !all[*at].members.contains_key(stranger)).collect();
        let Some(at) = outside.get(usize::from(step.at) % outside.len().max(1)) else { return };
        // Of whom nobody has heard cannot even sign in.
        if !self.town.knows(stranger) {
            return;
        }
        let place = &self.places[*at];
        let account = format!("/v1/accounts/{}", place.id);
        let parts = [
            "",
            "/members",
            "/owners",
            "/roster",
            "/activity",
            "/children",
            "/policy",
            "/readiness",
            "/settings",
            "/transfers",
        ];
        let mut paths: Vec<String> = parts.map(|below| format!("{account}{below}")).into();
        paths.extend(place.offer.as_ref().map(|offer| format!("/v1/transfers/{offer}")));
        paths.extend(place.completed.iter().map(|case| format!("/v1/cases/{case}")));
        for path in paths {
            let reply = self.town.get(stranger, &path).await;
            // Who was replaced, or had a ballot, may read that case for ever.
            if path.starts_with("/v1/cases/") && reply.status == 200 {
                continue;
            }
            // Whoever was removed reads the roster as long as their standing lasts: they may contest their removal.
            if path.ends_with("/roster") && reply.status == 200 {
                let people = reply.json()["people"].as_array().unwrap().clone();
                assert!(people.iter().any(|it| it["name"] == stranger && it["state"] == "ending"), "{people:?}");
                continue;
            }
            reply.refused(404, "not_found");
        }
        self.note("looked at from outside".to_owned());
    }
}

fn inv_1_somebody_can_act_as_owner(shown: &Shown) {
    let effective = shown.members.values().filter(|member| member.is_effective_owner()).count();
    assert!(shown.status == "pending" || effective >= 1, "nobody can act as owner: {shown:?}");
}

fn a_change_of_policy_waits_no_longer_than_its_owner(shown: &Shown) {
    if let Some(waiting) = &shown.pending {
        let by = waiting.by.as_deref().unwrap_or_default();
        assert!(shown.owners().contains(by), "{by:?} owns the account no longer, and what they wanted waits");
    }
}

fn owners_keep_what_protects_them(place: &Place, shown: &Shown) {
    for (name, owner) in shown.members.iter().filter(|(_, member)| member.owner) {
        assert_ne!(owner.status, "suspended", "{name} is an owner, and suspended");
        let role = place.preset.role(&owner.role).unwrap();
        assert_eq!(role.access, RoleAccess::Given, "{name} is an owner, and without access");
    }
    let owners = shown.owners();
    if place.preset.name == "single-owner" {
        assert_eq!(owners.len(), 1, "{owners:?}");
    }
    let primary = place.preset.ownership.primary_owner == PrimaryOwner::One;
    assert_eq!(shown.primary.is_some(), primary);
    assert!(!primary || owners.contains(shown.primary.as_ref().unwrap()), "the primary owner is none: {shown:?}");
}

fn inv_2_each_completed_case_changed_the_owners_once(place: &Place) {
    let once: BTreeSet<String> = place.by_case.iter().cloned().collect();
    assert_eq!((once.len(), &once), (place.by_case.len(), &place.completed));
}

/// INVARIANT 2: besides a completed case, only an owner's act changes who owns an account, and just as it says.
fn inv_2_owners_change_by_their_own_act(before: &Shown, after: &Shown, tried: &Tried) {
    let (was, is) = (before.owners(), after.owners());
    if was == is {
        return;
    }
    let whom = tried.who.to_owned();
    let mut expected = was;
    match tried.what {
        What::Grant => drop(expected.insert(whom)),
        What::Revoke => drop(expected.remove(&whom)),
        What::Accept => {
            assert_eq!((&tried.offer["to"]["name"], &tried.offer["state"]), (&json!(tried.by), &json!("pending")));
            expected.remove(tried.offer["from"]["name"].as_str().unwrap());
            expected.insert(tried.by.to_owned());
        }
        What::Recover(kind) => {
            if kind.is_multiple_of(2) {
                expected.clear();
            }
            expected.insert(whom);
        }
        What::MakePrimary
        | What::Offer
        | What::Decline
        | What::TakeBack
        | What::Suspend
        | What::Resume
        | What::Close
        | What::UndoClose
        | What::SuspendMember
        | What::ResumeMember
        | What::GiveRole(_)
        | What::Delete
        | What::Leave
        | What::Invite(_)
        | What::Join
        | What::Child
        | What::JoinByDomain
        | What::EditPolicy(_)
        | What::CancelEdit
        | What::OpenCase
        | What::Wait(_) => {}
    }
    assert_eq!(is, expected, "the owners changed otherwise than was asked");
    if tried.what.is_owners_act() {
        assert!(before.is_effective_owner(tried.by), "{} was no owner", tried.by);
    }
}

/// INVARIANT 34: whatever was done in one account gives nobody another place in another one, and time does not either.
fn inv_34_no_other_account_changes(before: &Shown, after: &Shown) {
    assert_eq!(before.with_confirmed_as(after).members, after.members, "another account changed");
}

/// INVARIANT 34: to whoever is not in an account, each answer is that there is none. From the account above, people may be
/// invited, and that is all.
fn inv_34_who_is_not_there_does_nothing(tree: &Tree, before: &[Shown], tried: &Tried) {
    let place = &tree.places[tried.at];
    let person = tried.through == Through::Proven || tried.through == Through::SignedIn;
    if !person || before[tried.at].members.contains_key(tried.by) || matches!(tried.what, What::Wait(_)) {
        return;
    }
    let from_above = place.parent.is_some_and(|above| before[above].members.contains_key(tried.by));
    if from_above && matches!(tried.what, What::Invite(_)) {
        return;
    }
    // Whose address is in its domain may come in, or be told why not now.
    if tried.at == 0 && tried.what == What::JoinByDomain {
        return;
    }
    assert_eq!(tried.refused.as_deref(), Some("not_found"), "{} is not there", tried.by);
}

/// A token is no proof and no person.
fn tokens_do_nothing_as_owners(tried: &Tried) {
    let token = tried.through == Through::Product || tried.through == Through::Operator;
    if token && tried.what.is_owners_act() {
        assert_eq!(tried.refused.as_deref(), Some("people_only"));
    }
}
