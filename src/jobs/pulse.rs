//! Whether the sweeps of this process still run: when each of them last ended well, and what went wrong since.
//!
//! Kept in memory, because it is about this process and nothing else.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::moment::Moment;

/// How far the time of day may move away from our clock before somebody should look.
const DRIFT: SignedDuration = SignedDuration::from_secs(60);

/// The pulse of all sweeps. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Pulse {
    beats: Arc<Mutex<BTreeMap<&'static str, Beat>>>,
    stopping: CancellationToken,
}

/// When a sweep last ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// Its name.
    pub sweep: &'static str,
    /// When that was, or when it was started.
    pub at: Moment,
    /// How much later it counts as stale.
    pub patience: SignedDuration,
}

#[derive(Debug, Clone)]
struct Beat {
    patience: SignedDuration,
    /// When it last ended well, or was started.
    at: Moment,
    failure: Option<String>,
}

/// A reason not to call this process healthy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A sweep has not ended well for too long.
    Stale {
        /// Its name.
        sweep: &'static str,
        /// When it last did.
        since: Moment,
        /// What went wrong last, if it is known. For the operator only.
        failure: Option<String>,
    },
    /// Somebody set the time of day, or it jumped. Deadlines of this process follow the time at which it started.
    Drift {
        /// By how much.
        by: SignedDuration,
    },
    /// The process has been told to stop, and still answers those who have not heard of it.
    Stopping,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale { sweep, since, failure: None } => write!(f, "the sweep `{sweep}` has not run since {since}"),
            Self::Stale { sweep, since, failure: Some(failure) } => {
                write!(f, "the sweep `{sweep}` has not ended well since {since}: {failure}")
            }
            Self::Stopping => f.write_str("the service is stopping; ask another replica"),
            Self::Drift { by } => {
                write!(f, "the time of day moved by {by:#} since the service started; check the clock, then restart")
            }
        }
    }
}

impl Pulse {
    /// What is wrong at `now`, when the time of day is `drift` away from our clock.
    #[must_use]
    pub fn health(&self, now: Moment, drift: SignedDuration) -> Vec<Trouble> {
        let beats = self.beats();
        let stale = beats
            .iter()
            .filter(|(_, beat)| now.since(beat.at) > beat.patience)
            .map(|(name, beat)| Trouble::Stale { sweep: name, since: beat.at, failure: beat.failure.clone() });
        let drift = (drift.abs() > DRIFT).then_some(Trouble::Drift { by: drift });
        let stopping = self.stopping.is_cancelled().then_some(Trouble::Stopping);
        stale.chain(drift).chain(stopping).collect()
    }

    /// The process is about to stop: from now on it is not healthy, so that nobody sends it more work.
    pub fn stopping(&self) {
        self.stopping.cancel();
    }

    /// Waits for something, but no longer than until the process is about to stop.
    pub async fn unless_stopping<T>(&self, awaited: impl Future<Output = T>) -> Option<T> {
        self.stopping.run_until_cancelled(awaited).await
    }

    /// When each sweep last ended well.
    #[must_use]
    pub fn last(&self) -> Vec<Last> {
        self.beats().iter().map(|(sweep, beat)| Last { sweep, at: beat.at, patience: beat.patience }).collect()
    }

    /// Begins to watch a sweep that runs that often.
    pub fn watch(&self, name: &'static str, every: Duration, slack: Duration, now: Moment) {
        let patience = every.saturating_mul(3).saturating_add(slack);
        let patience = SignedDuration::try_from(patience).unwrap_or(SignedDuration::MAX);
        self.beats().insert(name, Beat { patience, at: now, failure: None });
    }

    /// A run ended well.
    pub(super) fn beat(&self, name: &'static str, now: Moment) {
        if let Some(beat) = self.beats().get_mut(name) {
            beat.at = now;
            beat.failure = None;
        }
    }

    /// A run did not end well.
    pub(super) fn failed(&self, name: &'static str, failure: String) {
        if let Some(beat) = self.beats().get_mut(name) {
            beat.failure = Some(failure);
        }
    }

    fn beats(&self) -> MutexGuard<'_, BTreeMap<&'static str, Beat>> {
        self.beats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
