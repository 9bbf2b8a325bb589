//! Asks the database for the numbers that only it knows, and gives them to the meter.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::timeout;

use super::app::App;
use crate::{
    meter::{names, numbers::Meter, process},
    moment::Moment,
    store::{
        db::Connections,
        error::DbError,
        gauges::{self, Queue},
        halts,
        log_tree::{self, Backlog},
        tx::Backend,
    },
};

/// A database that does not answer in this time counts as down: whoever watches waits no longer than ten seconds, and
/// wants the other numbers all the more then.
const PATIENCE: Duration = Duration::from_secs(3);
/// Refused mails count for so long.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Brings up to date what is not counted as it happens.
pub async fn measure(app: &App) {
    let meter = app.db.meter();
    let (now, database) = (app.now(), app.db.backend());
    let asked = timeout(PATIENCE, ask(app, now)).await;
    let up = matches!(asked, Ok(Ok(())));
    if let Ok(Err(error)) = asked {
        tracing::warn!(%error, "the database does not give its numbers");
    }
    meter.set(&names::DATABASE_UP, [], f64::from(u8::from(up)));
    let database = match database {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    };
    meter.set(&names::BUILD, [env!("CARGO_PKG_VERSION").into(), database.into()], 1.0);
    for connections in app.db.connections() {
        let Connections { pool, in_use, idle, max } = connections;
        meter.set(&names::CONNECTIONS, [pool.into(), "in_use".into()], f64::from(in_use));
        meter.set(&names::CONNECTIONS, [pool.into(), "idle".into()], f64::from(idle));
        meter.set(&names::CONNECTIONS_MAX, [pool.into()], f64::from(max));
    }
    of_process(meter);
}

async fn ask(app: &App, now: Moment) -> Result<(), DbError> {
    let meter = app.db.meter();
    let mut tx = app.db.read().await?;
    let Queue { queued, oldest, next } = gauges::queue(&mut tx).await?;
    meter.set(&names::MAILS_QUEUED, [], number(queued));
    meter.set(&names::MAILS_OLDEST, [], seconds_since(oldest, now));
    meter.set(&names::MAILS_OVERDUE, [], seconds_since(next, now));
    let refused = gauges::refused_mails(&mut tx, now.before(DAY)).await?;
    meter.set(&names::MAILS_REFUSED, [], number(refused.all));
    let open = gauges::open_cases(&mut tx).await?;
    for state in ["collecting", "waiting", "paused"] {
        let count = open.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
        meter.set(&names::CASES_OPEN, [state.into()], number(count));
    }
    meter.set(&names::CASES_OVERDUE, [], number(gauges::overdue_cases(&mut tx, now).await?));
    meter.set(&names::HALTED, [], number(i64::try_from(halts::all(&mut tx).await?.len()).unwrap_or(i64::MAX)));
    let Backlog { waiting, oldest } = log_tree::backlog(&mut tx).await?;
    meter.set(&names::LOG_UNSEALED, [], number(waiting));
    meter.set(&names::LOG_UNSEALED_AGE, [], seconds_since(oldest, now));
    Ok(())
}

fn of_process(meter: &Meter) {
    if let Some(memory) = process::memory() {
        meter.set(&names::PROCESS_MEMORY, [], memory);
    }
    if let Some(files) = process::open_files() {
        meter.set(&names::PROCESS_FILES, [], f64::from(files));
    }
}

/// A count that has a bound.
fn number(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

fn seconds_since(past: Option<Moment>, now: Moment) -> f64 {
    past.map_or(0.0, |past| now.since(past).as_secs_f64().max(0.0))
}
