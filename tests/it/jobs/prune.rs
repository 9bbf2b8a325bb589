//! Deleting what is old: one kind that fails stops no other.

use jiff::SignedDuration;
use quorate::{
    jobs::prune::{ALL, Prunable, prune},
    store::error::DbError,
};
use tokio_util::sync::CancellationToken;

use super::world::World;
use crate::harness::{TestDb, on_both};

on_both!(what_is_old_goes_and_nothing_else, a_kind_that_fails_stops_no_other);

async fn what_is_old_goes_and_nothing_else(test: TestDb) {
    let world = World::new(test).await;
    let stop = CancellationToken::new();
    let minute = SignedDuration::from_mins(1);
    // The one code there is expires after ten minutes, and is kept for a day.
    world.app.clock.advance(SignedDuration::from_hours(24).checked_add(minute.checked_mul(10).unwrap()).unwrap());
    assert_eq!(prune(&world.app, ALL, &stop).await.unwrap(), 0);
    world.app.clock.advance(minute);
    assert_eq!(prune(&world.app, ALL, &stop).await.unwrap(), 1);
    assert_eq!(prune(&world.app, ALL, &stop).await.unwrap(), 0);
}

async fn a_kind_that_fails_stops_no_other(test: TestDb) {
    let world = World::new(test).await;
    world.app.clock.advance(SignedDuration::from_hours(1000));
    let broken = Prunable {
        what: "broken",
        keep: SignedDuration::ZERO,
        prune: |_, _| Box::pin(async { Err(DbError::Stopped) }),
    };
    let all: Vec<Prunable> = [broken].into_iter().chain(ALL.iter().copied()).collect();
    let stop = CancellationToken::new();
    assert!(prune(&world.app, &all, &stop).await.is_err());
    assert_eq!(prune(&world.app, ALL, &stop).await.unwrap(), 0, "the code is gone");
}
