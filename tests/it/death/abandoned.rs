//! A request is dropped at every point at which it waits: what it asked for is done as a whole or not at all, the next one
//! is not kept waiting, and asking again comes to the same end.

use std::{future::Future, pin::pin, task::Poll};

use quorate::{
    app::{app::App, error::Error},
    store::{
        db::{Db, Unit},
        error::DbError,
        tx::Tx,
    },
};

use super::{
    crash_points::undisturbed,
    ground::{Prepared, outline},
    trials::{self, Again, Trial},
};
use crate::harness::{
    TestDb, on_both,
    race::tell,
    small,
    trace::{Dump, difference},
};

on_both!(requests, use_cases);

async fn requests(test: TestDb) {
    let (nothing, whole) = every_point_of(trials::http::TRIALS.iter(), &test).await;
    tell(&format!(
        "{} requests dropped on {:?} at {} points: {nothing} times nothing was done, {whole} times all of it",
        trials::http::TRIALS.len(),
        test.db.backend(),
        nothing + whole
    ));
    assert!(nothing > 0 && whole > 0);
}

async fn use_cases(test: TestDb) {
    let (nothing, whole) = every_point_of(trials::all().filter(|trial| trial.again != Again::Later), &test).await;
    tell(&format!("all use cases dropped on {:?}: {nothing} times nothing, {whole} times all", test.db.backend()));
    assert!(whole > 0);
}

async fn every_point_of(trials: impl Iterator<Item = &'static Trial>, test: &TestDb) -> (u32, u32) {
    let (mut nothing, mut whole) = (0, 0);
    for trial in trials {
        let prepared = Prepared::new(trial, test.another().await).await;
        let done = undisturbed(trial, &prepared).await;
        for polls in 1.. {
            match dropped_after(polls, trial, &prepared, &done).await {
                Left::Nothing => nothing += 1,
                Left::All => whole += 1,
                Left::Answer => break,
            }
        }
    }
    (nothing, whole)
}

/// What was left of a request that was dropped.
enum Left {
    Nothing,
    All,
    /// It was not dropped, because it was answered first.
    Answer,
}

async fn dropped_after(polls: u32, trial: &Trial, prepared: &Prepared, done: &Dump) -> Left {
    let at = format!("`{}` after {polls} polls", trial.name);
    let ground = prepared.copy().await;
    let world = &ground.world;
    let before = world.dump().await;
    let answer = poll_at_most(polls, (prepared.attempt)(world.app.clone())).await;
    // On PostgreSQL there is one connection for this and for what was dropped.
    world.app.db.run(Next).await.unwrap_or_else(|error| panic!("{at}, the next one: {error}"));
    drop(world.app.db.snapshot().await.unwrap());
    // Waits for the units under way.
    world.app.db.close().await;
    let after = world.dump().await;
    let same = difference(&before, &after).is_empty();
    if !same && trial.again != Again::TheRest {
        assert_eq!(difference(done, &outline(&after)), [""; 0], "{at}, the half of it was done");
    }
    let app = App { db: Db::open(world.url(), &small()).await.unwrap(), ..world.app.clone() };
    let again = (prepared.attempt)(app.clone()).await;
    assert!(!matches!(again, Err(Error::Internal(_))), "{at}, again: {again:?}");
    if same || trial.again != Again::OneMore {
        assert_eq!(difference(done, &outline(&world.dump().await)), [""; 0], "{at}, again");
    }
    app.db.close().await;
    match (answer, same) {
        (Some(_), _) => Left::Answer,
        (None, true) => Left::Nothing,
        (None, false) => Left::All,
    }
}

/// Another unit of work, which changes nothing.
struct Next;

impl Unit for Next {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        tx.sql("update accounts set version = version where name = 'nobody'").run().await
    }
}

/// Polls a future so many times, each time when it is woken, and drops it where it then stands.
async fn poll_at_most<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|cx| {
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Pending if left > 0 => Poll::Pending,
            Poll::Pending => Poll::Ready(None),
            Poll::Ready(out) => Poll::Ready(Some(out)),
        }
    })
    .await
}
