//! The invariants of recovery, one function each under its number, checked after every step of the play.
//! They count from the world's own books, never with the case's own arithmetic.

use std::collections::BTreeSet;

use quorate::{
    id::UserId,
    recovery::{
        action::Place,
        ballot::Choice,
        case::State,
        event::Event,
        policy::{BallotWay, NomineeApproval},
        terms::{Kind, TermsHash},
    },
};

use super::world::{Access, Changed, Tracked, World};

/// Checks all of them.
pub fn check(world: &World) {
    for invariant in [
        inv_01_there_is_an_effective_owner,
        inv_02_each_change_of_owners_has_its_completed_case,
        inv_03_the_new_owners_are_those_in_the_terms,
        inv_04_the_nominee_is_confirmed_active_and_not_replaced,
        inv_05_one_live_ballot_and_one_live_approval,
        inv_06_electorate_and_required_never_change,
        inv_07_required_is_a_majority_and_at_least_the_minimum,
        inv_08_a_counted_ballot_carries_the_hash_in_force,
        inv_09_owners_never_count_and_the_nominee_by_policy,
        inv_10_who_counts_is_an_elector_with_a_ballot,
        inv_11_the_count_suffices_at_quorum_and_completion,
        inv_12_only_confirmed_people_vote,
        inv_20_nothing_early_and_due_never_moves_earlier,
        inv_21_a_veto_or_a_completion_and_not_both,
        inv_22_final_is_final,
        inv_23_only_the_listed_transitions,
        inv_24_one_case_waits_or_is_paused,
        inv_32_replaced_owners_have_no_standing,
        inv_33_nobody_completes_alone,
        inv_37_nobody_votes_by_mail_from_an_address_that_is_too_new,
        inv_38_addresses_stay_while_a_case_counts_on_them,
    ] {
        invariant(world);
    }
}

/// The people whose approval counts, from the accepted ballots alone.
pub fn counted(tracked: &Tracked) -> BTreeSet<UserId> {
    let terms = &tracked.opened.terms;
    let left_out = |user: &UserId| {
        tracked.lost.contains(user)
            || terms.owners.iter().any(|owner| owner.id == *user)
            || (terms.policy.nominee_approval == NomineeApproval::DoesNotCount && *user == terms.nominee.id)
            || !terms.electorate.contains(user)
    };
    let approve = tracked.ledger.iter().filter(|(_, ballot)| **ballot == (Choice::Approve, tracked.opened.terms_hash));
    approve.map(|(user, _)| *user).filter(|user| !left_out(user)).collect()
}

fn each_case(world: &World) -> impl Iterator<Item = &Tracked> {
    world.cases.values()
}

fn completions(world: &World) -> impl Iterator<Item = &Changed> {
    let is = |change: &&Changed| change.events.iter().any(|event| matches!(event, Event::Completed { .. }));
    world.changes.iter().filter(is)
}

fn inv_01_there_is_an_effective_owner(world: &World) {
    let effective = |owner: &UserId| matches!(world.access(*owner), Access::Plain | Access::Administrator);
    assert!(world.owners.iter().any(effective), "no effective owner among {:?}", world.owners);
}

fn inv_02_each_change_of_owners_has_its_completed_case(world: &World) {
    let by_case: Vec<_> = world.ownership.iter().filter_map(|change| change.case).collect();
    let distinct: BTreeSet<_> = by_case.iter().copied().collect();
    assert_eq!(distinct.len(), by_case.len(), "a case completed twice");
    let is_completed = |tracked: &&Tracked| matches!(tracked.case.state, State::Completed { .. });
    let completed: BTreeSet<_> = each_case(world).filter(is_completed).map(|tracked| tracked.case.id()).collect();
    assert_eq!(completed, distinct);
}

fn inv_03_the_new_owners_are_those_in_the_terms(world: &World) {
    let mut owners = world.ownership.first().map_or(&world.owners, |first| &first.before);
    for change in &world.ownership {
        assert_eq!(owners, &change.before);
        owners = &change.after;
        let Some(case) = change.case else { continue };
        let terms = &world.cases[&case].opened.terms;
        let named: BTreeSet<_> = terms.owners.iter().map(|owner| owner.id).collect();
        assert_eq!(change.before, named, "the owners before are not those in the terms");
        let kept = if terms.kind == Kind::Add { named } else { BTreeSet::new() };
        assert_eq!(change.after, kept.into_iter().chain([terms.nominee.id]).collect());
    }
    assert_eq!(owners, &world.owners);
}

fn inv_04_the_nominee_is_confirmed_active_and_not_replaced(world: &World) {
    for change in completions(world) {
        let nominee = &change.before.terms.nominee.id;
        assert!(matches!(change.nominee, Access::Plain | Access::Administrator), "{:?}", change.nominee);
        assert!(!change.around.owners.contains(nominee), "the nominee was an owner");
    }
}

fn inv_05_one_live_ballot_and_one_live_approval(world: &World) {
    let open = || each_case(world).filter(|tracked| !tracked.case.state.is_final());
    for person in world.access.keys() {
        let approving = open().filter(|tracked| {
            let elector = tracked.case.electors.get(person).filter(|elector| elector.lost_at.is_none());
            elector.and_then(|elector| elector.ballot.as_ref()).is_some_and(|ballot| ballot.choice == Choice::Approve)
        });
        assert!(approving.count() <= 1, "{person} approves two open cases");
    }
    for tracked in each_case(world) {
        let held = tracked.case.electors.values().filter(|elector| elector.ballot.is_some()).count();
        assert_eq!(held, tracked.ledger.len(), "a ballot that nobody cast, or one that went missing");
    }
}

fn inv_06_electorate_and_required_never_change(world: &World) {
    for tracked in each_case(world) {
        assert_eq!(tracked.case.terms, tracked.opened.terms);
        assert_eq!(tracked.case.opener, tracked.opened.opener);
        assert!(tracked.case.electors.keys().eq(&tracked.opened.terms.electorate));
        let hash = TermsHash::of(&tracked.case.terms.canonical().unwrap());
        assert_eq!((tracked.case.terms_hash, hash), (tracked.opened.terms_hash, tracked.opened.terms_hash));
    }
}

fn inv_07_required_is_a_majority_and_at_least_the_minimum(world: &World) {
    for tracked in each_case(world) {
        let terms = &tracked.case.terms;
        let required = usize::try_from(terms.required).unwrap();
        assert!(required * 2 > terms.electorate.len(), "not a majority of the electorate");
        assert!(required * 2 > tracked.administrators, "not a majority of the active administrators");
        assert!(terms.required >= terms.policy.min_approvals);
    }
}

fn inv_08_a_counted_ballot_carries_the_hash_in_force(world: &World) {
    for tracked in each_case(world) {
        for ballot in tracked.case.electors.values().filter_map(|elector| elector.ballot.as_ref()) {
            assert_eq!(ballot.terms_hash, tracked.opened.terms_hash);
            assert!(tracked.opened.terms.policy.takes(ballot.way), "a ballot came a way not allowed");
        }
    }
}

fn inv_09_owners_never_count_and_the_nominee_by_policy(world: &World) {
    for tracked in each_case(world) {
        let count = usize::try_from(tracked.case.count().approvals).unwrap();
        assert_eq!(count, counted(tracked).len());
        assert!(tracked.opened.terms.owners.iter().all(|owner| !tracked.opened.terms.electorate.contains(&owner.id)));
    }
}

fn inv_10_who_counts_is_an_elector_with_a_ballot(world: &World) {
    for tracked in each_case(world) {
        let lost = tracked.case.electors.iter().filter(|(_, elector)| elector.lost_at.is_some());
        assert!(lost.map(|(user, _)| user).eq(&tracked.lost), "a ballot came back, or somebody else took it");
        assert!(tracked.ledger.keys().all(|user| tracked.opened.terms.electorate.contains(user)));
    }
}

fn inv_11_the_count_suffices_at_quorum_and_completion(world: &World) {
    for tracked in each_case(world) {
        if matches!(tracked.case.state, State::Waiting { .. } | State::Paused { .. } | State::Completed { .. }) {
            let required = usize::try_from(tracked.opened.terms.required).unwrap();
            assert!(counted(tracked).len() >= required, "a quorum without the approvals");
        }
    }
}

fn inv_12_only_confirmed_people_vote(world: &World) {
    for tracked in each_case(world) {
        assert!(tracked.opened.terms.electorate.is_subset(&tracked.confirmed), "somebody unconfirmed is an elector");
    }
}

fn inv_20_nothing_early_and_due_never_moves_earlier(world: &World) {
    for change in &world.changes {
        let (before, after) = (change.latest_due, change.after.state.due_at());
        assert!(after.is_none() || before <= after, "the due moment went back from {before:?} to {after:?}");
        let reached = change.events.iter().any(|event| matches!(event, Event::QuorumReached { .. }));
        if let (true, Some(due_at)) = (reached, after) {
            assert!(due_at >= change.at.after(change.after.terms.policy.waiting_period), "a waiting period cut short");
        }
    }
    for change in completions(world) {
        assert!(change.latest_due.is_some_and(|due_at| due_at <= change.at), "completed before it was due");
    }
}

fn inv_21_a_veto_or_a_completion_and_not_both(world: &World) {
    for tracked in each_case(world) {
        let completed = world.ownership.iter().any(|change| change.case == Some(tracked.case.id()));
        assert!(!(completed && matches!(tracked.case.state, State::Vetoed { .. })));
    }
}

fn inv_22_final_is_final(world: &World) {
    for change in &world.changes {
        assert!(!change.before.state.is_final() || change.before == change.after);
    }
}

fn inv_23_only_the_listed_transitions(world: &World) {
    for change in &world.changes {
        let closed = change.after.terms.closes_at() <= change.at;
        // Only a quorum that waits for the account's place keeps a window open.
        let votes = change.events.iter().any(|event| matches!(event, Event::BallotCast { .. }));
        let late = closed && votes && change.before.state == State::Collecting;
        assert!(!late || change.before.count().approvals >= change.before.terms.required, "a ballot after the window");
        let listed = match (change.before.state, change.after.state) {
            (State::Collecting, State::Waiting { .. }) => change.around.place == Place::Free,
            (State::Waiting { .. } | State::Paused { .. }, State::Collecting) => !closed,
            (State::Waiting { since, .. }, State::Paused { since: kept, .. })
            | (State::Paused { since, .. }, State::Waiting { since: kept, .. })
            | (State::Waiting { since, .. }, State::Waiting { since: kept, .. })
            | (State::Paused { since, .. }, State::Paused { since: kept, .. }) => since == kept,
            (State::Collecting, State::Expired { .. }) => closed,
            (State::Waiting { .. }, State::Completed { .. })
            | (State::Collecting, State::Collecting | State::Withdrawn { .. })
            | (
                State::Collecting | State::Waiting { .. } | State::Paused { .. },
                State::Vetoed { .. } | State::Rejected { .. },
            ) => true,
            (before, after) => before.is_final() && before == after,
        };
        assert!(listed, "{:?} became {:?}", change.before.state, change.after.state);
        assert!(change.after.pauses <= change.after.terms.policy.pauses, "paused more often than the policy allows");
        assert!(change.after.reminders <= 2, "reminded more than twice");
        let moved = change.before.state.due_at() != change.after.state.due_at();
        assert!(
            change.after.warned <= 2 && (moved || change.before.warned <= change.after.warned),
            "owners reminded again"
        );
    }
}

fn inv_24_one_case_waits_or_is_paused(world: &World) {
    let holds = |tracked: &&Tracked| matches!(tracked.case.state, State::Waiting { .. } | State::Paused { .. });
    assert!(each_case(world).filter(holds).count() <= 1, "two cases have the account's place");
}

fn inv_32_replaced_owners_have_no_standing(world: &World) {
    if completions(world).next().is_some() {
        let change = world.ownership.last().unwrap();
        let standing = world.roster.standing_at(world.now, &world.owners);
        assert!(change.before.difference(&change.after).all(|replaced| !standing.contains(replaced)));
    }
}

fn inv_33_nobody_completes_alone(world: &World) {
    for change in completions(world) {
        let people = counted(&world.cases[&change.id]).len();
        assert!(people >= 2 || change.before.terms.policy.min_approvals == 1, "one person alone completed a case");
    }
}

fn inv_37_nobody_votes_by_mail_from_an_address_that_is_too_new(world: &World) {
    for tracked in each_case(world) {
        let terms = &tracked.opened.terms;
        for (user, elector) in &tracked.case.electors {
            let by_mail =
                elector.ballot.as_ref().is_some_and(|it| !matches!(it.way, BallotWay::SignedIn | BallotWay::Passkey));
            let moved = tracked.address_changed.get(user);
            let recently = moved.is_some_and(|moved| terms.opened_at.since(*moved) < terms.policy.seasoning);
            assert!(!(by_mail && recently), "a ballot by mail from an address of {moved:?}");
        }
    }
}

fn inv_38_addresses_stay_while_a_case_counts_on_them(world: &World) {
    for tracked in each_case(world).filter(|tracked| !tracked.case.state.is_final()) {
        let terms = &tracked.opened.terms;
        let holders = terms.electorate.iter().filter(|elector| !tracked.lost.contains(elector));
        for person in holders.chain([&terms.nominee.id]) {
            let moved = world.address_changed.get(person);
            assert!(moved.is_none_or(|moved| *moved <= terms.opened_at), "{person} moved at {moved:?}");
        }
    }
}
