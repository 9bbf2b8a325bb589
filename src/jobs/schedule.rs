//! Rings every sweep's bell at its time, and stops all of them together.
//!
//! tokio-cron-scheduler does nothing but ring: it overlaps jobs, does not wait for them at shutdown, and follows the
//! time of day. Which rows are due is decided by the sweeps, from the database.

use std::time::Duration;

use tokio::time::timeout;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use super::{
    pulse::Pulse,
    sweep::{Sweep, keep_running},
};
use crate::clock::Clock;

/// Sweeps that are running. When it is dropped, they stop after the run under way.
pub struct Schedule {
    scheduler: JobScheduler,
    tasks: TaskTracker,
    cut: CancellationToken,
    pulse: Pulse,
    stop: DropGuard,
}

/// How the sweeps ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Each finished what it was doing.
    Finished,
    /// That many took too long, and were cut. What they had claimed is done after its lease, by whoever comes.
    Cut(usize),
}

/// The scheduler does not work.
#[derive(Debug, thiserror::Error)]
#[error("the scheduler cannot be started: {0}")]
pub struct NotScheduled(#[from] JobSchedulerError);

impl Schedule {
    /// Runs each sweep now, and from then on at its time.
    ///
    /// # Errors
    /// When the scheduler does not work.
    pub async fn start(sweeps: Vec<Sweep>, clock: &Clock) -> Result<Self, NotScheduled> {
        let (tasks, pulse) = (TaskTracker::new(), Pulse::default());
        let (stop, cut) = (CancellationToken::new(), CancellationToken::new());
        let guard = stop.clone().drop_guard();
        let mut scheduler = JobScheduler::new().await?;
        scheduler.init().await?;
        for sweep in sweeps {
            let nudge = sweep.nudge.clone();
            let ring = move |_, _| -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
                nudge.ring();
                Box::pin(std::future::ready(()))
            };
            scheduler.add(Job::new_async(cron(sweep.every), ring)?).await?;
            pulse.watch(sweep.name, sweep.every, sweep.slack, clock.now());
            let running = keep_running(sweep, pulse.clone(), clock.clone(), stop.clone());
            let cut = cut.clone();
            tasks.spawn(async move { cut.run_until_cancelled(running).await });
        }
        scheduler.start().await?;
        tasks.close();
        Ok(Self { scheduler, tasks, cut, pulse, stop: guard })
    }

    /// Whether the sweeps still run.
    #[must_use]
    pub const fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// Stops ringing, and waits for the runs under way, but no longer than `patience`.
    pub async fn shut_down(mut self, patience: Duration) -> Stopped {
        self.stop.disarm().cancel();
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::debug!(%error, "the scheduler did not stop; it only rings bells that nobody hears");
        }
        if timeout(patience, self.tasks.wait()).await.is_ok() {
            return Stopped::Finished;
        }
        let left = self.tasks.len();
        self.cut.cancel();
        self.tasks.wait().await;
        Stopped::Cut(left)
    }
}

/// At least that often: in UTC, with the field for seconds.
fn cron(every: Duration) -> String {
    match every.as_secs() {
        0 | 1 => "* * * * * *".to_owned(),
        seconds @ 2..=59 => format!("*/{seconds} * * * * *"),
        seconds @ 60..=3599 => format!("0 */{} * * * *", seconds / 60),
        seconds => format!("0 0 */{} * * *", (seconds / 3600).min(23)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_becomes_a_cron_expression_that_parses() {
        let cases = [
            (0, "* * * * * *"),
            (1, "* * * * * *"),
            (5, "*/5 * * * * *"),
            (59, "*/59 * * * * *"),
            (90, "0 */1 * * * *"),
            (3599, "0 */59 * * * *"),
            (3600, "0 0 */1 * * *"),
            (1_000_000, "0 0 */23 * * *"),
        ];
        for (seconds, expression) in cases {
            assert_eq!(cron(Duration::from_secs(seconds)), expression);
            assert!(Job::new(expression, |_, _| ()).is_ok(), "{expression}");
        }
    }
}
