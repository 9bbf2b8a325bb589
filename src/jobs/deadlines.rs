//! Looks at the cases that time may have moved on, and has each of them looked at by the one function through which a
//! case changes. A case that fails stops no other; the next sweep tries it again.

use std::collections::BTreeSet;

use tokio_util::sync::CancellationToken;

use super::{
    each::{Swept, each},
    sweep::Found,
};
use crate::{
    app::{act, app::App},
    id::CaseId,
    store::{docket, error::DbError},
};

/// So many cases are looked at before the database is asked again.
pub const BATCH: usize = 100;

/// A sweep in several batches. It remembers the cases that are still due after it looked at them, so that they neither
/// hide the others nor keep it busy for ever.
#[derive(Debug, Default)]
pub struct Round {
    stuck: BTreeSet<CaseId>,
    last: BTreeSet<CaseId>,
}

/// Looks at every case that is due.
///
/// # Errors
/// When the database does not tell which cases are due. What happens to a single case is never an error here.
pub async fn sweep(app: &App, stop: &CancellationToken) -> Result<Swept, DbError> {
    let (mut round, mut total) = (Round::default(), Swept::default());
    loop {
        let (swept, found) = batch(app, &mut round, stop).await?;
        total += swept;
        match found {
            Found::All => return Ok(total),
            Found::Some => {}
        }
    }
}

/// Looks at the next cases of a round. After the last of them, the round begins anew.
///
/// # Errors
/// As [`sweep`].
pub async fn batch(app: &App, round: &mut Round, stop: &CancellationToken) -> Result<(Swept, Found), DbError> {
    let wanted = i64::try_from(BATCH + round.stuck.len() + round.last.len()).unwrap_or(i64::MAX);
    let due = docket::due(&mut app.db.read().await?, app.now(), wanted).await?;
    let Round { stuck, last } = &mut *round;
    stuck.extend(due.iter().copied().filter(|case| last.contains(case)));
    let fresh: Vec<CaseId> = due.into_iter().filter(|case| !round.stuck.contains(case)).take(BATCH).collect();
    round.last = fresh.iter().copied().collect();
    let found = if fresh.len() < BATCH || stop.is_cancelled() { Found::All } else { Found::Some };
    let tick = fresh.into_iter().map(|case| {
        let app = app.clone();
        (case, async move { act::tick(&app, case).await })
    });
    let swept = each(tick, stop, "a case could not be moved on").await;
    match found {
        Found::All => *round = Round::default(),
        Found::Some => {}
    }
    Ok((swept, found))
}
