//! One sweep: what it does, how often, and the task that runs it.
//!
//! The task runs it once when the service starts, then whenever its bell rings, and again at once while it found more
//! than it took. It is one task, so a sweep never overlaps itself; the bell keeps one ring, so whatever happens during
//! a run is looked at after it.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::pulse::Pulse;
use crate::{
    clock::Clock,
    store::{error::DbError, nudge::Nudge},
};

/// Whether a run found everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Found {
    /// Nothing more is due.
    All,
    /// As much as it takes at once: there may be more.
    Some,
}

/// One run under way.
pub type Running = Pin<Box<dyn Future<Output = Result<Found, DbError>> + Send>>;

/// A sweep.
#[derive(Clone)]
pub struct Sweep {
    /// Its name, for the log and for health.
    pub name: &'static str,
    /// The longest time between two runs.
    pub every: Duration,
    /// How much longer than three times that a run may take before it counts as stale.
    pub slack: Duration,
    /// Rung when it should run.
    pub nudge: Nudge,
    /// What it does. It stops early, and well, when the token is cancelled.
    pub run: Arc<dyn Fn(CancellationToken) -> Running + Send + Sync>,
}

/// Runs the sweep until `stop` is cancelled, and then to the end of the run under way.
pub async fn keep_running(sweep: Sweep, pulse: Pulse, clock: Clock, stop: CancellationToken) {
    loop {
        while !stop.is_cancelled() {
            match once(&sweep, &pulse, &clock, &stop).await {
                Found::Some => {}
                Found::All => break,
            }
        }
        // The scheduler follows the time of day. Should that be set back, the scheduler is silent until it has caught
        // up; this wait is not.
        let turn = stop.run_until_cancelled(timeout(sweep.every.saturating_mul(2), sweep.nudge.rung())).await;
        match turn {
            None => return,
            Some(Ok(())) => {}
            Some(Err(_)) => tracing::warn!(sweep = sweep.name, "the scheduler missed a turn; running anyway"),
        }
    }
}

/// One run. After one that failed, the next turn tries again, not this one.
async fn once(sweep: &Sweep, pulse: &Pulse, clock: &Clock, stop: &CancellationToken) -> Found {
    // In a task of its own, so that a panic ends this run and not the sweep.
    let run = AbortOnDropHandle::new(tokio::spawn((sweep.run)(stop.clone())));
    let trouble = match run.await {
        Ok(Ok(found)) => {
            pulse.beat(sweep.name, clock.now());
            return found;
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it stopped with a panic".to_owned(),
    };
    tracing::error!(sweep = sweep.name, trouble, "a sweep failed; its next turn tries again");
    pulse.failed(sweep.name, trouble);
    Found::All
}
