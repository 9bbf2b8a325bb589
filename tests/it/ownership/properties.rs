//! Random play over a tree of accounts, with every invariant of ownership checked after every step.

use std::collections::BTreeMap;

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

use super::{
    invariants,
    steps::{Setup, Step, setup, step},
    world::World,
};
use crate::recovery::properties::rounds;

fn story(setup: &Setup, steps: &[Step]) -> World {
    let mut world = setup.world();
    invariants::check(&world);
    for step in steps {
        let before = world.clone();
        let tried = world.play(step);
        invariants::check(&world);
        invariants::check_step(&before, &world, &tried);
    }
    world
}

proptest! {
    #![proptest_config(rounds())]

    #[test]
    fn every_invariant_holds_after_every_step(setup in setup(), steps in prop::collection::vec(step(), 1..=120)) {
        story(&setup, &steps);
    }
}

/// The play is worth nothing if nothing ever happens in it.
#[test]
fn the_play_reaches_everything_that_can_happen() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]);
    let mut runner = TestRunner::new_with_rng(rounds(), rng);
    let stories = (setup(), prop::collection::vec(step(), 160));
    let mut seen = BTreeMap::<String, u64>::new();
    for _ in 0..400 {
        let (setup, steps) = stories.new_tree(&mut runner).unwrap().current();
        for (what, times) in story(&setup, &steps).seen {
            *seen.entry(what).or_default() += times;
        }
    }
    let missing: Vec<_> = EVERYTHING.iter().filter(|what| !seen.contains_key(**what)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}\nseen: {seen:?}");
}

const EVERYTHING: [&str; 73] = [
    "invited",
    "onboarded",
    "accepted",
    "activated",
    "role changed",
    "member suspended",
    "member resumed",
    "suspended",
    "removed",
    "left",
    "touched",
    "granted",
    "revoked",
    "primary passed",
    "offered",
    "transferred",
    "declined",
    "taken back",
    "expired",
    "cancelled",
    "in use again",
    "closing",
    "closed",
    "policy changed at once",
    "policy change waits",
    "policy change too early",
    "policy change took effect",
    "policy change waits for a case",
    "policy change does not fit",
    "policy change cancelled",
    "policy change replaced",
    "child created",
    "case opened",
    "quorum",
    "case ended",
    "recovered",
    "!not_found",
    "!people_only",
    "!may_not_manage_members",
    "!may_not_delete_members",
    "!onboards_plain_roles",
    "!owners_only",
    "!only_themselves",
    "!owner_protected",
    "!owner_needs_access",
    "!primary_owner_only",
    "!not_an_effective_owner",
    "!last_owner",
    "!transfer_instead",
    "!not_active_member",
    "!case_open",
    "!not_accepted",
    "!already_member",
    "!nominee_protected",
    "!suspended",
    "!account_pending",
    "!account_suspended",
    "!account_closing",
    "!account_closed",
    "!not_closing",
    "!transfer_pending",
    "!transfer_not_yours",
    "!transfer_ended",
    "!already_owner",
    "!no_policy_change_pending",
    "!policy_out_of_bounds",
    "!too_many_owners",
    "!too_few_recovery_users",
    "!not_a_member",
    "!role_lacks",
    "!no_children",
    "!nominee_unfit",
    "!one_owner_only",
];
