//! Erases personal values of the log that have been kept as long as the operator keeps them.

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::each::{Swept, each};
use crate::{
    app::{
        app::App,
        erase_values::{EraseValues, Why, kept_since_before},
    },
    moment::Moment,
    store::error::DbError,
};

/// Erases everything that was recorded longer ago than that. Whole days count, so that a log gets one entry a day about it, and
/// not one an hour.
///
/// # Errors
/// When the database does not tell what is old. What happens in a single account is never an error here.
pub async fn sweep(app: &App, keep: SignedDuration, stop: &CancellationToken) -> Result<Swept, DbError> {
    let before = begin_of_day(app.now().before(keep));
    let (mut swept, mut last) = (Swept::default(), Vec::new());
    while !stop.is_cancelled() {
        let due = kept_since_before(app, before).await?;
        // What could not be erased comes again: it waits for the next sweep.
        if due.is_empty() || due == last {
            break;
        }
        last.clone_from(&due);
        let work = due.into_iter().map(|(account, places)| {
            let unit = EraseValues { app: app.clone(), account, places, why: Why::Kept };
            let app = app.clone();
            (account, async move { app.db.run(unit).await })
        });
        swept += each(work, stop, "personal values that are old could not be erased").await;
    }
    Ok(swept)
}

/// The beginning of that day, in UTC.
fn begin_of_day(moment: Moment) -> Moment {
    const DAY: i64 = 24 * 3600 * 1_000_000;
    Moment::from_micros(moment.micros() - moment.micros().rem_euclid(DAY))
}
