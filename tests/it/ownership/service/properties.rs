//! Random stories in the running service, with every invariant checked after every step.

use std::collections::BTreeMap;

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    aim::aim,
    steps::{EVERYTHING, Step, step},
    tree::Tree,
};
use crate::{
    harness::{TestDb, race::rounds},
    ownership::steps::{Setup, setup},
};

/// How many steps a story has.
const STEPS: usize = 90;

async fn story(test: TestDb, setup: &Setup, steps: &[Step]) -> BTreeMap<String, u64> {
    println!("{setup:?}");
    let mut tree = Tree::grown(test, setup).await;
    let mut known = tree.look().await;
    tree.check(&known);
    for step in steps {
        println!("{step:?}");
        let at = aim(step, &known);
        tree.is_as_known(at, &mut known).await;
        let tried = tree.play(step, at, &known[at]).await;
        println!("  {} in {at} by {}: {:?}", tried.what.name(), tried.by, tried.refused);
        let mut after = known.clone();
        if tried.what.takes_time() || tree.places.len() > after.len() {
            after = tree.look().await;
        } else {
            after[at] = tree.look_at(at).await;
        }
        tree.check(&after);
        tree.check_step(&known, &after, &tried);
        if known[at].pending.is_some() && after[at].pending.is_none() && known[at].owners() != after[at].owners() {
            tree.note("edit ended with its owner".to_owned());
        }
        tree.everybody_is_told(&known, &after, &tried).await;
        if step.at.is_multiple_of(2) {
            tree.look_from_outside(&after, step).await;
        }
        known = after;
    }
    for at in 0..known.len() {
        tree.is_as_known(at, &mut known).await;
    }
    tree.seen
}

/// Plays so many stories, always the same ones, each on a database of its own.
async fn play(stories: u32, fresh: impl AsyncFn() -> TestDb) -> BTreeMap<String, u64> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = (setup(), prop::collection::vec(step(), STEPS));
    let mut seen = BTreeMap::<String, u64>::new();
    for number in 0..stories {
        let (mut setup, steps) = strategy.new_tree(&mut runner).unwrap().current();
        // Every other one where there is most to decide about owners.
        if number.is_multiple_of(2) {
            setup.tree = "multi-owner";
        }
        for (what, times) in story(fresh().await, &setup, &steps).await {
            *seen.entry(what).or_default() += times;
        }
    }
    println!("{seen:#?}");
    seen
}

/// The play is worth nothing if nothing ever happens in it, or if everything does.
#[tokio::test(flavor = "multi_thread")]
async fn every_invariant_holds_after_every_step_on_sqlite() {
    let seen = play(rounds().div_ceil(13).max(8), TestDb::sqlite).await;
    let each = EVERYTHING.iter().flat_map(|what| ["done", "refused"].map(|outcome| format!("{what} {outcome}")));
    let more = [
        "looked at from outside",
        "edit waiting",
        "edit in_force",
        "edit ended with its owner",
        "!owner_protected",
        "!last_owner",
        "!case_open",
    ];
    let wanted = each.chain(more.map(str::to_owned));
    let missing: Vec<String> = wanted.filter(|what| !seen.contains_key(what)).collect();
    assert!(missing.is_empty(), "never: {missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invariant_holds_after_every_step_on_postgres() {
    let Some(first) = TestDb::postgres().await else { return };
    play(rounds().div_ceil(50), async || first.another().await).await;
}
