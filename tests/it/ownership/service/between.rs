//! What must hold between the states before and after a step, in the account where it was tried.

use quorate::{
    moment::Moment,
    ownership::policy_change::{Comparison, Way},
    recovery::policy::{Policy, Switch},
};

use super::{
    play::Tried,
    steps::{Through, What},
    tree::{Shown, Waiting},
};

/// Checks all of it.
pub fn check(before: &Shown, after: &Shown, tried: &Tried) {
    new_owners_are_fit(before, after);
    owners_keep_their_role(before, after, tried);
    the_primary_owner_passes_it_on(before, after, tried);
    the_status_is_the_owners_to_change(before, after, tried);
    nothing_is_given_while_it_rests(before, after, tried);
    nothing_changes_the_owners_of_a_case(before, after, tried);
    offers_end(before, after, tried);
    no_policy_loosens_early(before, after, tried);
}

/// While a member is owner, nobody but an owner gives them another role, and no token does.
fn owners_keep_their_role(before: &Shown, after: &Shown, tried: &Tried) {
    let person = tried.through == Through::Proven || tried.through == Through::SignedIn;
    let owner = before.is_effective_owner(tried.by) && person;
    for (name, was) in before.members.iter().filter(|(_, member)| member.owner) {
        let now = after.members.get(name);
        assert!(owner || now.is_none_or(|it| it.role == was.role), "{} gave the owner {name} a role", tried.by);
    }
}

/// The primary owner changes when they say so, when they stop being an owner, or when a case makes another.
fn the_primary_owner_passes_it_on(before: &Shown, after: &Shown, tried: &Tried) {
    let Some(was) = before.primary.as_ref().filter(|_| before.primary != after.primary) else { return };
    let theirs = tried.what == What::MakePrimary && tried.by == was && tried.through == Through::Proven;
    let recovered = matches!(tried.what, What::Recover(_));
    assert!(theirs || recovered || !after.owners().contains(was), "{was} is no longer the primary owner");
}

/// In an account that is suspended, is being closed or is closed, nobody gets anything, but for what a case brings.
fn nothing_is_given_while_it_rests(before: &Shown, after: &Shown, tried: &Tried) {
    let rests = ["suspended", "closing", "closed"].contains(&before.status.as_str());
    if !rests || matches!(tried.what, What::Recover(_)) {
        return;
    }
    let status = &before.status;
    assert_eq!(before.owners(), after.owners(), "the owners changed while it was {status}");
    for (name, now) in &after.members {
        let was = before.members.get(name).unwrap_or_else(|| panic!("{name} came in while it was {status}"));
        assert_eq!(was.role, now.role, "{name} got a role while it was {status}");
        assert!(was.status == now.status || now.status == "suspended", "{name} got access while it was {status}");
    }
    assert!(after.pending.is_none() || before.pending == after.pending, "the policy was edited while it was {status}");
}

/// While a case is open, nothing but the case changes the owners, and nobody suspends or closes the account.
fn nothing_changes_the_owners_of_a_case(before: &Shown, after: &Shown, tried: &Tried) {
    if before.case_open && !matches!(tried.what, What::Recover(_)) {
        assert_eq!(before.owners(), after.owners(), "the owners changed during a case");
        let stops =
            before.status != after.status && ["suspended", "closing", "closed"].contains(&after.status.as_str());
        assert!(!stops || !after.case_open, "it became {} during a case", after.status);
    }
}

/// An offer is accepted in its time, and outlives no recovery.
fn offers_end(before: &Shown, after: &Shown, tried: &Tried) {
    let recovered = matches!(tried.what, What::Recover(_)) && tried.refused.is_none();
    assert!(!recovered || after.offer.as_deref() != Some("pending"), "an offer outlived a recovery");
    if tried.what == What::Accept && tried.refused.is_none() && before.owners() != after.owners() {
        let expires_at: Moment = serde_json::from_value(tried.offer["expires_at"].clone()).unwrap();
        assert!(tried.since < expires_at, "the offer was accepted too late");
    }
}

fn new_owners_are_fit(before: &Shown, after: &Shown) {
    for name in after.owners().difference(&before.owners()) {
        let was = before.members.get(name);
        assert!(was.is_some_and(|it| it.confirmed && it.status == "active"), "{name} became owner, and was {was:?}");
    }
}

/// Only owners suspend, resume and close; only time closes for good, and nothing opens again what is closed.
fn the_status_is_the_owners_to_change(before: &Shown, after: &Shown, tried: &Tried) {
    if before.status == after.status {
        return;
    }
    let owner = before.is_effective_owner(tried.by) && tried.through == Through::Proven;
    let fits = match (before.status.as_str(), after.status.as_str(), tried.what) {
        ("pending", "active", What::Join) | ("closing", "closed", What::Wait(_) | What::Recover(_)) => true,
        ("active", "suspended", What::Suspend)
        | ("suspended", "active", What::Resume)
        | ("active" | "suspended", "closing", What::Close)
        | ("closing", "active", What::UndoClose) => owner,
        ("closing", "active", What::Recover(_)) => tried.refused.is_none(),
        _ => false,
    };
    assert!(fits, "{} made of {} {}", tried.what.name(), before.status, after.status);
}

/// What loosens a policy waits as long as the policy says; only owners ask for it.
fn no_policy_loosens_early(before: &Shown, after: &Shown, tried: &Tried) {
    let old = &before.policy;
    let loosens = |new: &Policy| Comparison::of(old, new).changes.iter().any(|it| it.way == Way::Loosening);
    let edited = matches!(tried.what, What::EditPolicy(_))
        && before.is_effective_owner(tried.by)
        && tried.through == Through::Proven;
    if *old != after.policy {
        let passed = matches!(tried.what, What::Wait(_) | What::Recover(_));
        let waited = before.pending.as_ref().is_some_and(|it| it.policy == after.policy);
        assert!(if passed { waited } else { edited && !loosens(&after.policy) }, "the policy changed in a wrong way");
    }
    let proposed = after.pending.as_ref().filter(|_| before.pending != after.pending);
    if let Some(Waiting { policy: new, from, .. }) = proposed {
        assert!(edited, "somebody else edited the policy");
        let routes = [(old.vote_route, old.waiting_period), (old.paper_key_route, old.key_waiting_period)];
        let longest = routes.into_iter().filter(|(route, _)| *route == Switch::On).map(|(_, period)| period).max();
        assert!(!loosens(new) || *from >= tried.since.after(longest.unwrap()), "it would loosen too early: {from}");
    }
}
