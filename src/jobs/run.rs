//! The jobs of the service, put together: what they sweep, how often, and what they ring when they are done.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

use super::{
    deadlines::{self, Round},
    deliver, prune,
    schedule::{NotScheduled, Schedule},
    sweep::{Found, Sweep},
};
use crate::{app::app::App, mail::post::Post, store::nudge::Nudge};

/// How often the sweeps run when nobody nudges them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals {
    /// Deadlines and delivery.
    pub sweep: Duration,
    /// Deleting what is old.
    pub prune: Duration,
}

impl Default for Intervals {
    fn default() -> Self {
        Self { sweep: Duration::from_secs(5), prune: Duration::from_hours(1) }
    }
}

/// Starts all jobs. Each runs at once, and then at its interval or when it is nudged.
///
/// # Errors
/// When the scheduler does not work.
pub async fn start(app: &App, post: Arc<Post>, every: Intervals) -> Result<Schedule, NotScheduled> {
    let sweeps = vec![deliver_mails(app, post, every), move_cases_on(app, every), forget(app, every)];
    Schedule::start(sweeps, &app.clock).await
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
            Box::pin(async move { Ok(deliver::deliver(&app, &post, &stop).await?.found()) })
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
                let (_, found) = deadlines::batch(&app, &mut *round.lock().await, &stop).await?;
                Ok(found)
            })
        }),
    }
}

fn forget(app: &App, every: Intervals) -> Sweep {
    let app = app.clone();
    Sweep {
        name: "prune",
        every: every.prune,
        slack: Duration::ZERO,
        nudge: Nudge::default(),
        run: Arc::new(move |stop| {
            let app = app.clone();
            Box::pin(async move {
                prune::prune(&app, prune::ALL, &stop).await?;
                Ok(Found::All)
            })
        }),
    }
}
