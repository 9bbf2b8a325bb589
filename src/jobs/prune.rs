//! Deletes what has no use any more, such as codes that expired long ago. One kind that fails stops no other.

use std::{future::Future, pin::Pin};

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::{
    app::app::App,
    moment::Moment,
    ownership::session,
    store::{
        ceremonies, codes, credentials, db::Unit, drills, error::DbError, guesses, idempotency, inbound_mails,
        known_browsers, recoveries, recovery_codes, sessions, sign_in_requests, tx::Tx, webhook_deliveries, webhooks,
    },
};

/// Something that can be deleted after a while.
#[derive(Clone, Copy)]
pub struct Prunable {
    /// Its name, for the log.
    pub what: &'static str,
    /// How long it is kept after it has lost its use.
    pub keep: SignedDuration,
    /// Deletes what lost its use before that moment, and says how much it was.
    pub prune: for<'t> fn(&'t mut Tx, Moment) -> Pruning<'t>,
}

/// One deletion under way.
pub type Pruning<'t> = Pin<Box<dyn Future<Output = Result<u64, DbError>> + Send + 't>>;

/// Everything that is pruned. Sessions come after codes, which name them, and credentials after sessions.
pub const ALL: &[Prunable] = &[
    Prunable { what: "codes", keep: DAY, prune: |tx, before| Box::pin(codes::prune(tx, before)) },
    Prunable {
        what: "requests to sign in",
        keep: DAY,
        prune: |tx, before| Box::pin(sign_in_requests::prune(tx, before)),
    },
    Prunable {
        what: "codes of recovery users",
        keep: DAY,
        prune: |tx, before| Box::pin(recovery_codes::prune(tx, before)),
    },
    Prunable { what: "recoveries", keep: DAY, prune: |tx, before| Box::pin(recoveries::prune(tx, before)) },
    Prunable { what: "drills", keep: DAY, prune: |tx, before| Box::pin(drills::prune(tx, before)) },
    Prunable { what: "guesses", keep: DAY, prune: |tx, before| Box::pin(guesses::prune(tx, before)) },
    Prunable { what: "sessions", keep: WEEK, prune: |tx, before| Box::pin(sessions::prune(tx, before)) },
    Prunable { what: "credentials", keep: WEEK, prune: |tx, before| Box::pin(credentials::prune(tx, before)) },
    Prunable { what: "ceremonies", keep: DAY, prune: |tx, before| Box::pin(ceremonies::prune(tx, before)) },
    Prunable {
        what: "known browsers",
        keep: session::BROWSER_LASTS,
        prune: |tx, before| Box::pin(known_browsers::prune(tx, before)),
    },
    Prunable { what: "refused mails", keep: MONTH, prune: |tx, before| Box::pin(inbound_mails::prune(tx, before)) },
    Prunable {
        what: "attempts at webhooks",
        keep: MONTH,
        prune: |tx, before| Box::pin(webhook_deliveries::prune(tx, before)),
    },
    Prunable {
        what: "replaced secrets of webhooks",
        keep: SignedDuration::ZERO,
        prune: |tx, before| Box::pin(webhooks::forget_previous(tx, before)),
    },
    Prunable { what: "idempotency keys", keep: WEEK, prune: |tx, before| Box::pin(idempotency::prune(tx, before)) },
];

const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Prunes each of these until nothing is left to prune, and says how many rows that were.
///
/// # Errors
/// The first failure, after all of them have been tried.
pub async fn prune(app: &App, all: &[Prunable], stop: &CancellationToken) -> Result<u64, DbError> {
    let mut outcome = Ok(0);
    for prunable in all {
        match to_the_end(app, *prunable, stop).await {
            Ok(rows) => outcome = outcome.map(|total| total + rows),
            Err(error) => {
                tracing::warn!(what = prunable.what, %error, "what is old could not be deleted");
                outcome = outcome.and(Err(error));
            }
        }
    }
    outcome
}

async fn to_the_end(app: &App, prunable: Prunable, stop: &CancellationToken) -> Result<u64, DbError> {
    let mut total = 0;
    while !stop.is_cancelled() {
        match app.db.run(Once { prunable, before: app.now().before(prunable.keep) }).await? {
            0 => break,
            rows => total += rows,
        }
    }
    Ok(total)
}

struct Once {
    prunable: Prunable,
    before: Moment,
}

impl Unit for Once {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        (self.prunable.prune)(tx, self.before).await
    }
}
