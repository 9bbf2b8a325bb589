//! Random stories in the running service, with every invariant checked after every step.

use std::collections::BTreeMap;

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    steps::{EVERYTHING, Step, step},
    tree::Tree,
};
use crate::{
    harness::{TestDb, race::rounds},
    ownership::steps::{Setup, setup},
};

/// How many steps a story has.
const STEPS: usize = 60;

async fn story(test: TestDb, setup: &Setup, steps: &[Step]) -> BTreeMap<String, u64> {
    println!("{setup:?}");
    let mut tree = Tree::grown(test, setup).await;
    let mut before = tree.look().await;
    tree.check(&before);
    for step in steps {
        println!("{step:?}");
        let tried = tree.play(step, &before).await;
        println!("  {} by {}: {:?}", tried.what.name(), tried.by, tried.refused);
        let after = tree.look().await;
        tree.check(&after);
        tree.check_step(&before, &after, &tried);
        tree.everybody_is_told(&before, &after, &tried).await;
        tree.look_from_outside(&after, step).await;
        before = after;
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
    let seen = play(rounds().div_ceil(10).max(8), TestDb::sqlite).await;
    let each = EVERYTHING.iter().flat_map(|what| ["done", "refused"].map(|outcome| format!("{what} {outcome}")));
    let more =
        ["looked at from outside", "edit waiting", "edit in_force", "!owner_protected", "!last_owner", "!case_open"];
    let wanted = each.chain(more.map(str::to_owned));
    let missing: Vec<String> = wanted.filter(|what| !seen.contains_key(what)).collect();
    assert!(missing.is_empty(), "never: {missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invariant_holds_after_every_step_on_postgres() {
    let Some(first) = TestDb::postgres().await else { return };
    play(rounds().div_ceil(40), async || first.another().await).await;
}
