//! The one place that reads a clock.
//!
//! The time of day is read once, when the process starts; from then on it advances with the monotonic clock. So a clock
//! that somebody sets, or that jumps, cannot shorten a waiting period under a running service.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

use crate::moment::Moment;

/// A source of the present moment. Clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System { started: Instant, at: Moment },
    Set(Arc<AtomicI64>),
}

/// Measures how long something took, for whoever watches. Decides nothing, and runs also where the clock stands still.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clocks")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The seconds since its start.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clocks")]
    pub fn seconds(self) -> f64 {
        Instant::now().duration_since(self.0).as_secs_f64()
    }

    /// The time since its start.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clocks")]
    pub fn passed(self) -> Duration {
        Instant::now().duration_since(self.0)
    }
}

impl Clock {
    /// The machine's clock, read now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clocks")]
    pub fn system() -> Self {
        Self(Source::System { started: Instant::now(), at: Timestamp::now().into() })
    }

    /// A clock that stands still until it is moved, for tests.
    #[must_use]
    pub fn set_to(moment: Moment) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(moment.micros()))))
    }

    /// The present moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clocks")]
    pub fn now(&self) -> Moment {
        match &self.0 {
            Source::System { started, at } => {
                let passed = Instant::now().duration_since(*started);
                at.after(SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX))
            }
            Source::Set(micros) => Moment::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a clock that stands still. The system's clock does not listen.
    pub fn advance(&self, length: SignedDuration) {
        match &self.0 {
            Source::System { .. } => {}
            Source::Set(micros) => {
                let later = Moment::from_micros(micros.load(Ordering::SeqCst)).after(length);
                micros.store(later.micros(), Ordering::SeqCst);
            }
        }
    }

    /// How far the time of day has moved away from this clock since it was started: the measure of a jump.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clocks")]
    pub fn drift(&self) -> SignedDuration {
        match &self.0 {
            Source::System { .. } => Moment::from(Timestamp::now()).since(self.now()),
            Source::Set(_) => SignedDuration::ZERO,
        }
    }
}
