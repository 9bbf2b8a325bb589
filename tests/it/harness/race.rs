//! Things that happen at the same time: a starting gun, head starts of any length, and how many rounds to run.

use std::{future::Future, sync::Arc};

use quorate::secret::Chance;
use tokio::{sync::Barrier, task::JoinSet};

/// How many rounds a race runs: `QUORATE_TEST_ROUNDS`, or 50.
pub fn rounds() -> u32 {
    std::env::var("QUORATE_TEST_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(50)
}

/// Whether everything is tested, however long it takes: `QUORATE_TEST_FULL`.
pub fn full() -> bool {
    std::env::var_os("QUORATE_TEST_FULL").is_some()
}

/// A fraction of the rounds, for races with many runners.
pub fn a_tenth_of_the_rounds() -> u32 {
    rounds().div_ceil(10)
}

/// Runs all of them in tasks of their own that start together, and gives what each came to, in their order.
pub async fn at_once<T, F>(runners: Vec<F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let gun = Arc::new(Barrier::new(runners.len()));
    let mut tasks = JoinSet::new();
    for (place, runner) in runners.into_iter().enumerate() {
        let gun = Arc::clone(&gun);
        tasks.spawn(async move {
            gun.wait().await;
            (place, runner.await)
        });
    }
    let mut outcomes = tasks.join_all().await;
    outcomes.sort_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Lets the others go first for a while, without a clock: up to so many turns of the runtime.
pub async fn stumble(chance: &Chance, most: u16) {
    let turns = u16::from_le_bytes(chance.bytes()) % most.max(1);
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}

/// Says how a race went, past the capture of the test's output, so that it can be quoted.
pub fn tell(line: &str) {
    let line = format!("race: {line}\n");
    std::io::Write::write_all(&mut std::io::stderr().lock(), line.as_bytes()).unwrap();
}
