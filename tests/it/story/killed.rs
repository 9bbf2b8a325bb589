//! The service is killed with the signal that no process can answer, all over the story, and the story ends the same. Then
//! the same with PostgreSQL killed under a service that stays up.
//!
//! `cargo test` kills twelve times, at places drawn by lot; `QUORATE_TEST_FULL` kills at every step, at least a hundred
//! times. `QUORATE_TEST_SEED` repeats a draw.

use quorate::{secret::Chance, store::tx::Backend};

use super::{
    plan::{Plan, Step},
    stage::{Deaths, Stage, Victim},
};
use crate::harness::{
    TestDb, on_both, postgres,
    race::{full, tell},
};

on_both!(the_story_survives_the_death_of_the_service);

/// So many deaths, spread over the story, when not everything is tested.
const SOME: usize = 12;

async fn the_story_survives_the_death_of_the_service(test: TestDb) {
    let backend = test.db.backend();
    let database = async || match backend {
        Backend::Sqlite => None,
        Backend::Postgres => Some(postgres::server().unwrap().empty_database().await),
    };
    let mut calm = Stage::set(database().await, Victim::Service, Plan::calm()).await;
    let ending = calm.play().await;
    let (expected, _) = calm.check(&ending).await;
    let (seed, plan) = plan(&calm.steps);
    let mut stage = Stage::set(database().await, Victim::Service, plan).await;
    let ending = stage.play().await;
    let (account, post) = stage.check(&ending).await;
    assert_eq!(account, expected, "seed {seed}");
    report(&format!("the service on {backend:?}"), seed, &stage.deaths, &post);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_survives_the_death_of_postgres() {
    let Some(server) = postgres::mortal() else { return };
    let database = server.empty_database().await;
    let mut calm = Stage::set(Some(database), Victim::Service, Plan::calm()).await;
    let ending = calm.play().await;
    let (expected, _) = calm.check(&ending).await;
    let (seed, plan) = plan(&calm.steps);
    drop(calm);
    let database = server.empty_database().await;
    let mut stage = Stage::set(Some(database), Victim::Database(server), plan).await;
    let ending = stage.play().await;
    let (account, post) = stage.check(&ending).await;
    assert_eq!(account, expected, "seed {seed}");
    report("PostgreSQL", seed, &stage.deaths, &post);
}

fn plan(steps: &[Step]) -> (u64, Plan) {
    let seed = std::env::var("QUORATE_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(u32::from_le_bytes(Chance::system().bytes())));
    tell(&format!("deaths are drawn with QUORATE_TEST_SEED={seed}"));
    let chance = Chance::seeded(seed);
    let plan = if full() {
        // More than are needed: a wait may be over before everybody has died who should.
        Plan::everywhere(steps, 180_usize.div_ceil(steps.len()), &chance)
    } else {
        Plan::here_and_there(steps, SOME, &chance)
    };
    (seed, plan)
}

fn report(victim: &str, seed: u64, deaths: &Deaths, post: &super::ending::Post) {
    let Deaths { unanswered, answered, between, mailing, stumbles, noticed } = deaths;
    let sum = unanswered + answered + between + mailing;
    assert!(sum >= if full() { 100 } else { u32::try_from(SOME / 2).unwrap() }, "only {sum} deaths, seed {seed}");
    tell(&format!(
        "killed {victim} {sum} times (seed {seed}): {unanswered} requests got no answer and were repeated, {answered} were \
         answered all the same, {between} deaths between requests, {mailing} while mails were awaited; {} mails arrived, \
         {} of them twice as the same letter, {} were not worth sending (again), the waiting period was prolonged {} times; {stumbles} requests failed after \
         the database was back, and its absence was noticed within {noticed:?}",
        post.mails, post.twice, post.dropped, post.extended
    ));
}
