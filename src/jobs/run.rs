//! The jobs of the service, put together: what they sweep, how often, and what they ring when they are done.

use std::{future::Future, sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::{
    check, closings,
    deadlines::{self, Round},
    deliver, digests, domains,
    each::Swept,
    key_reminders, key_tries, policies, prune, retention,
    schedule::{NotScheduled, Schedule},
    seal, sign_ins,
    sweep::{Found, Running, Sweep},
    transfers, webhooks,
};
use crate::{
    app::app::App,
    clock::Stopwatch,
    mail::post::Post,
    meter::{names, numbers::Meter},
    store::{error::DbError, nudge::Nudge},
};

/// How often the sweeps run when nobody nudges them, and how old things may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals {
    /// Deadlines and delivery.
    pub sweep: Duration,
    /// Deleting what is old.
    pub prune: Duration,
    /// How long personal values of the log are kept; without it, until somebody asks that they are erased.
    pub keep_personal: Option<SignedDuration>,
}

impl Default for Intervals {
    fn default() -> Self {
        Self { sweep: Duration::from_secs(5), prune: Duration::from_hours(1), keep_personal: None }
    }
}

/// Starts all jobs. Each runs at once, and then at its interval or when it is nudged.
///
/// # Errors
/// When the scheduler does not work.
pub async fn start(app: &App, post: Arc<Post>, every: Intervals) -> Result<Schedule, NotScheduled> {
    let sweeps = vec![
        mail_sign_ins(app, every),
        deliver_mails(app, post, every),
        deliver_webhooks(app, every),
        move_cases_on(app, every),
        end_transfers(app, every),
        close_accounts(app, every),
        change_policies(app, every),
        look_for_records(app, every),
        tell_of_readiness(app, every),
        tell_of_key_tries(app, every),
        remind_of_keys(app, every),
        seal_the_log(app, every),
        check_accounts(app, every),
        forget(app, every),
    ];
    let sweeps = sweeps.into_iter().chain(every.keep_personal.map(|keep| erase_personal(app, every, keep)));
    let sweeps = sweeps.map(|sweep| measured(app, sweep)).collect();
    Schedule::start(sweeps, &app.clock).await
}

/// The same sweep, with its runs timed.
fn measured(app: &App, sweep: Sweep) -> Sweep {
    let (meter, name, run) = (app.db.meter().clone(), sweep.name, sweep.run);
    meter.count(&names::SWEEP_FAILURES, [name.into()], 0);
    let run = Arc::new(move |stop| -> Running {
        let (running, meter) = (run(stop), meter.clone());
        Box::pin(async move {
            let mut timer = Timer::start(&meter, name);
            let outcome = running.await;
            timer.outcome = if outcome.is_ok() { "ok" } else { "failed" };
            outcome
        })
    });
    Sweep { run, ..sweep }
}

/// Records how long a run took when it is dropped: also after a panic, and when it is cut at shutdown.
struct Timer {
    meter: Meter,
    name: &'static str,
    watch: Stopwatch,
    outcome: &'static str,
}

impl Timer {
    fn start(meter: &Meter, name: &'static str) -> Self {
        Self { meter: meter.clone(), name, watch: Stopwatch::start(), outcome: "broken_off" }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.meter.took(&names::SWEEP_SECONDS, [self.name.into(), self.outcome.into()], self.watch.seconds());
    }
}

/// Counts the rows that a sweep handled, and those among them that it could not.
fn handled(app: &App, name: &'static str, swept: Swept) {
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    app.db.meter().count(&names::SWEEP_ROWS, [name.into()], number(swept.looked_at));
    app.db.meter().count(&names::SWEEP_FAILURES, [name.into()], number(swept.failed));
}

fn deliver_mails(app: &App, post: Arc<Post>, every: Intervals) -> Sweep {
    let app = app.clone();
    Sweep {
        name: "deliver",
        every: every.sweep,
        // Slow mail servers are no reason to call the service unhealthy, but no batch starts a mail after its lease.
        slack: deliver::LEASE.unsigned_abs(),
        nudge: app.db.nudges().mails.clone(),
        run: Arc::new(move |stop| {
            let (app, post) = (app.clone(), Arc::clone(&post));
            Box::pin(async move {
                let delivered = deliver::deliver(&app, &post, &stop).await?;
                handled(&app, "deliver", Swept { looked_at: delivered.claimed(), failed: delivered.failed });
                Ok(delivered.found())
            })
        }),
    }
}

fn deliver_webhooks(app: &App, every: Intervals) -> Sweep {
    let app = app.clone();
    Sweep {
        name: "webhooks",
        every: every.sweep,
        slack: webhooks::SLACK,
        nudge: app.db.nudges().webhooks.clone(),
        run: Arc::new(move |stop| {
            let app = app.clone();
            Box::pin(async move {
                let delivered = webhooks::deliver(&app, &stop).await?;
                handled(&app, "webhooks", delivered.swept());
                Ok(delivered.found())
            })
        }),
    }
}

fn move_cases_on(app: &App, every: Intervals) -> Sweep {
    let app = app.clone();
    let round = Arc::new(Mutex::new(Round::default()));
    Sweep {
        name: "deadlines",
        every: every.sweep,
        slack: Duration::ZERO,
        nudge: app.db.nudges().deadlines.clone(),
        run: Arc::new(move |stop| {
            let (app, round) = (app.clone(), Arc::clone(&round));
            Box::pin(async move {
                let (swept, found) = deadlines::batch(&app, &mut *round.lock().await, &stop).await?;
                handled(&app, "deadlines", swept);
                Ok(found)
            })
        }),
    }
}

fn mail_sign_ins(app: &App, every: Intervals) -> Sweep {
    let sweep = plain(app, "sign-ins", every.sweep, |app, stop| async move { sign_ins::sweep(&app, &stop).await });
    Sweep { nudge: app.db.nudges().sign_ins.clone(), ..sweep }
}

fn end_transfers(app: &App, every: Intervals) -> Sweep {
    plain(app, "transfers", every.sweep, |app, stop| async move { transfers::sweep(&app, &stop).await })
}

fn close_accounts(app: &App, every: Intervals) -> Sweep {
    plain(app, "closings", every.sweep, |app, stop| async move { closings::sweep(&app, &stop).await })
}

fn change_policies(app: &App, every: Intervals) -> Sweep {
    plain(app, "policies", every.sweep, |app, stop| async move { policies::sweep(&app, &stop).await })
}

fn look_for_records(app: &App, every: Intervals) -> Sweep {
    let sweep = plain(app, "domains", every.sweep, |app, stop| async move { domains::sweep(&app, &stop).await });
    // A batch for which nobody answers takes so long.
    Sweep { slack: Duration::from_mins(1), ..sweep }
}

fn tell_of_readiness(app: &App, every: Intervals) -> Sweep {
    let sweep = plain(app, "digests", every.sweep, |app, stop| async move { digests::sweep(&app, &stop).await });
    // All that are due in one run: after an outage that can be many.
    Sweep { slack: Duration::from_mins(10), ..sweep }
}

fn tell_of_key_tries(app: &App, every: Intervals) -> Sweep {
    plain(app, "key-tries", every.sweep, |app, stop| async move { key_tries::sweep(&app, &stop).await })
}

fn remind_of_keys(app: &App, every: Intervals) -> Sweep {
    let sweep =
        plain(app, "key-reminders", every.prune, |app, stop| async move { key_reminders::sweep(&app, &stop).await });
    // All that are due in one run: after an outage that can be many.
    Sweep { slack: Duration::from_mins(10), ..sweep }
}

fn check_accounts(app: &App, every: Intervals) -> Sweep {
    let sweep = plain(app, "check", every.prune, |app, stop| async move { check::sweep(&app, &stop).await });
    // Every account with an open case in one run.
    Sweep { slack: Duration::from_hours(1), ..sweep }
}

fn seal_the_log(app: &App, every: Intervals) -> Sweep {
    let sweep = plain(app, "seal", every.sweep, |app, stop| async move { seal::sweep(&app, &stop).await });
    // All that waits in one run: after an upgrade that is the whole log.
    Sweep { nudge: app.db.nudges().log.clone(), slack: Duration::from_mins(10), ..sweep }
}

fn forget(app: &App, every: Intervals) -> Sweep {
    plain(app, "prune", every.prune, |app, stop| async move {
        let rows = prune::prune(&app, prune::ALL, &stop).await?;
        Ok(Swept { looked_at: usize::try_from(rows).unwrap_or(usize::MAX), failed: 0 })
    })
}

fn erase_personal(app: &App, every: Intervals, keep: SignedDuration) -> Sweep {
    let sweep =
        plain(app, "retention", every.prune, move |app, stop| async move { retention::sweep(&app, keep, &stop).await });
    // All that are due in one run: when an operator sets a time for the first time, that can be many.
    Sweep { slack: Duration::from_mins(10), ..sweep }
}

/// A sweep that finds everything in one run, and that nobody rings for.
fn plain<F>(
    app: &App,
    name: &'static str,
    every: Duration,
    work: impl Fn(App, CancellationToken) -> F + Send + Sync + 'static,
) -> Sweep
where
    F: Future<Output = Result<Swept, DbError>> + Send + 'static,
{
    let app = app.clone();
    let run: Arc<dyn Fn(CancellationToken) -> Running + Send + Sync> = Arc::new(move |stop| {
        let (app, swept) = (app.clone(), work(app.clone(), stop));
        Box::pin(async move {
            let swept = swept.await?;
            handled(&app, name, swept);
            Ok(Found::All)
        })
    });
    Sweep { name, every, slack: Duration::ZERO, nudge: Nudge::default(), run }
}
