//! When sweeps run, what keeps them running, and how they stop.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use quorate::{
    clock::Clock,
    jobs::{
        pulse::{Pulse, Trouble},
        run::{self, Intervals},
        schedule::{Schedule, Stopped},
        sweep::{Found, Running, Sweep, keep_running},
    },
    store::{error::DbError, mails::Status, nudge::Nudge},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::world::{World, mailbox};
use crate::{
    harness::{TestDb, on_both},
    mail::samples::at,
};

on_both!(a_mail_leaves_at_once);

const HOUR: Duration = Duration::from_hours(1);
/// Long enough on a busy machine; nothing waits for its end unless the test fails.
const SOON: Duration = Duration::from_secs(30);

fn clock() -> Clock {
    Clock::set_to(at("2026-11-24T09:30:00Z"))
}

fn sweep(every: Duration, work: impl Fn(usize, CancellationToken) -> Running + Send + Sync + 'static) -> Sweep {
    let runs = AtomicUsize::new(0);
    Sweep {
        name: "test",
        every,
        slack: Duration::ZERO,
        nudge: Nudge::default(),
        run: Arc::new(move |stop| work(runs.fetch_add(1, Ordering::SeqCst) + 1, stop)),
    }
}

/// A sweep that reports each run by its number, and what each run finds.
fn reporting(every: Duration, found: fn(usize) -> Found) -> (Sweep, UnboundedReceiver<usize>) {
    let (report, reports) = unbounded_channel();
    let sweep = sweep(every, move |number, _| {
        report.send(number).unwrap();
        Box::pin(async move { Ok(found(number)) })
    });
    (sweep, reports)
}

async fn next(reports: &mut UnboundedReceiver<usize>) -> usize {
    timeout(SOON, reports.recv()).await.expect("no run").unwrap()
}

#[tokio::test]
async fn a_sweep_runs_at_the_start_and_at_every_ring() {
    let (sweep, mut reports) = reporting(HOUR, |_| Found::All);
    let nudge = sweep.nudge.clone();
    let schedule = Schedule::start(vec![sweep], &clock()).await.unwrap();
    assert_eq!(next(&mut reports).await, 1);
    for number in 2..5 {
        nudge.ring();
        assert_eq!(next(&mut reports).await, number);
    }
    assert_eq!(schedule.shut_down(SOON).await, Stopped::Finished);
    assert_eq!(reports.recv().await, None, "nothing runs afterwards");
}

#[tokio::test]
async fn a_full_batch_is_followed_by_another() {
    let (sweep, mut reports) = reporting(HOUR, |number| if number < 5 { Found::Some } else { Found::All });
    let schedule = Schedule::start(vec![sweep], &clock()).await.unwrap();
    for number in 1..=5 {
        assert_eq!(next(&mut reports).await, number);
    }
    schedule.shut_down(SOON).await;
    assert_eq!(reports.recv().await, None);
}

#[tokio::test]
async fn the_scheduler_rings_at_every_turn() {
    let busy = sweep(Duration::from_secs(1), |_, stop| {
        Box::pin(async move {
            stop.cancelled().await;
            Ok(Found::All)
        })
    });
    let bell = busy.nudge.clone();
    let schedule = Schedule::start(vec![busy], &clock()).await.unwrap();
    for _ in 0..2 {
        timeout(SOON, bell.rung()).await.expect("the scheduler is silent");
    }
    assert_eq!(schedule.shut_down(SOON).await, Stopped::Finished);
}

#[tokio::test]
async fn a_silent_scheduler_stops_no_sweep() {
    let (sweep, mut reports) = reporting(Duration::from_millis(5), |_| Found::All);
    let stop = CancellationToken::new();
    let task = tokio::spawn(keep_running(sweep, Pulse::default(), clock(), stop.clone()));
    for number in 1..=3 {
        assert_eq!(next(&mut reports).await, number);
    }
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn a_ring_during_a_run_is_looked_at_after_it() {
    let (report, mut reports) = unbounded_channel();
    let nudge = Nudge::default();
    let ringing = nudge.clone();
    let mut sweep = sweep(HOUR, move |number, _| {
        report.send(number).unwrap();
        let ringing = ringing.clone();
        Box::pin(async move {
            if number == 1 {
                ringing.ring();
                ringing.ring();
            }
            Ok(Found::All)
        })
    });
    sweep.nudge = nudge;
    let schedule = Schedule::start(vec![sweep], &clock()).await.unwrap();
    assert_eq!([next(&mut reports).await, next(&mut reports).await], [1, 2]);
    schedule.shut_down(SOON).await;
    assert_eq!(reports.recv().await, None, "two rings are one");
}

#[tokio::test]
async fn a_sweep_that_fails_goes_on_and_is_reported() {
    let (report, mut reports) = unbounded_channel();
    let sweep = sweep(Duration::from_secs(1000), move |number, _| {
        report.send(number).unwrap();
        Box::pin(async move {
            match number {
                2 => Err(DbError::Stopped),
                3 => panic!("in a test"),
                _ => Ok(Found::All),
            }
        })
    });
    let (nudge, clock) = (sweep.nudge.clone(), clock());
    let schedule = Schedule::start(vec![sweep], &clock).await.unwrap();
    let pulse = schedule.pulse().clone();
    let health = || pulse.health(clock.now(), clock.drift());
    let started = clock.now();
    assert_eq!(next(&mut reports).await, 1);
    clock.advance(SignedDuration::from_secs(3000));
    assert_eq!(health(), [], "three intervals are not yet too long");
    for number in 2..=3 {
        nudge.ring();
        assert_eq!(next(&mut reports).await, number);
    }
    // A fourth run, which is under way only when the third is over.
    clock.advance(SignedDuration::from_micros(1));
    let stale = timeout(SOON, async {
        loop {
            if let [Trouble::Stale { failure: Some(failure), since, .. }] = &health()[..]
                && failure.contains("panic")
            {
                return *since;
            }
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(stale.await.unwrap(), started);
    nudge.ring();
    assert_eq!(next(&mut reports).await, 4);
    assert_eq!(schedule.shut_down(SOON).await, Stopped::Finished);
    assert_eq!(health(), [], "it runs again");
}

#[tokio::test]
async fn a_hanging_sweep_is_stale_and_is_cut() {
    let (report, mut reports) = unbounded_channel();
    let hanging = sweep(Duration::from_secs(5), move |number, _| {
        report.send(number).unwrap();
        Box::pin(pending())
    });
    let clock = clock();
    let schedule = Schedule::start(vec![hanging], &clock).await.unwrap();
    next(&mut reports).await;
    clock.advance(SignedDuration::from_secs(16));
    let pulse = schedule.pulse().clone();
    let stale = [Trouble::Stale { sweep: "test", since: at("2026-11-24T09:30:00Z"), failure: None }];
    assert_eq!(pulse.health(clock.now(), SignedDuration::ZERO), stale);
    assert_eq!(schedule.shut_down(Duration::from_millis(10)).await, Stopped::Cut(1));
    assert_eq!(reports.recv().await, None);
}

#[tokio::test]
async fn shutting_down_waits_for_the_run_under_way() {
    let (report, mut reports) = unbounded_channel();
    let go = Nudge::default();
    let gone = go.clone();
    let over = Arc::new(AtomicUsize::new(0));
    let ended = Arc::clone(&over);
    let sweep = sweep(HOUR, move |_, stop| {
        let (report, go, ended) = (report.clone(), go.clone(), Arc::clone(&ended));
        Box::pin(async move {
            report.send(1).unwrap();
            stop.cancelled().await;
            report.send(2).unwrap();
            go.rung().await;
            ended.store(1, Ordering::SeqCst);
            Ok(Found::Some)
        })
    });
    let schedule = Schedule::start(vec![sweep], &clock()).await.unwrap();
    assert_eq!(next(&mut reports).await, 1);
    let stopping = async { (schedule.shut_down(SOON).await, over.load(Ordering::SeqCst)) };
    let (stopped, ()) = tokio::join!(stopping, async {
        assert_eq!(next(&mut reports).await, 2);
        gone.ring();
    });
    assert_eq!(stopped, (Stopped::Finished, 1), "the run was over by then");
    assert_eq!(reports.recv().await, None);
}

#[test]
fn a_clock_that_was_set_is_reported() {
    let pulse = Pulse::default();
    let health = |seconds| pulse.health(clock().now(), SignedDuration::from_secs(seconds));
    assert_eq!([health(60), health(-60)], [vec![], vec![]]);
    for seconds in [61, -61] {
        assert_eq!(health(seconds), [Trouble::Drift { by: SignedDuration::from_secs(seconds) }]);
    }
}

async fn a_mail_leaves_at_once(test: TestDb) {
    let world = World::new(test).await;
    let rare = Intervals { sweep: HOUR, prune: HOUR, ..Intervals::default() };
    let schedule = run::start(&world.app, mailbox(), rare).await.unwrap();
    let mail = world.alert("ann").await;
    timeout(SOON, async {
        while world.entry(mail).await.status != Status::Accepted {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the mail did not leave");
    assert_eq!(schedule.pulse().health(world.app.now(), SignedDuration::ZERO), []);
    assert_eq!(schedule.shut_down(SOON).await, Stopped::Finished);
}
