//! Idempotency keys: the first call with a key claims it, in the transaction of its effect; repeats find its answer.

use super::{error::DbError, tx::Tx};
use crate::moment::Moment;

/// A caller's key, with what tells one request from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whose key.
    pub principal: String,
    /// The key.
    pub text: String,
    /// A hash of the request.
    pub fingerprint: [u8; 32],
}

/// What the key says about the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// This is the first call with the key: do the work, then [`answer`].
    First,
    /// The same request was answered before. Without a text, its answer is not kept.
    Answered(Option<String>),
    /// The key was used for another request.
    OtherRequest,
}

/// What stands in place of an answer that is not kept, or not known yet. No JSON, so no answer looks like it.
const NOT_KEPT: &str = "-";

/// Claims a key for this unit of work.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &mut Tx, key: &Key, now: Moment) -> Result<Claim, DbError> {
    // Twice, because a row that stood in the way of the first insert may be pruned before it is read.
    for _ in 0..2 {
        // When another unit is at work under the same key, PostgreSQL makes the insert wait here until that one has
        // ended: rolled back, the key is ours; committed, the select, a statement later, sees its answer.
        let written = tx
            .sql(
                "insert into idempotency (principal, key, fingerprint, answer, created_at)
                 values ($1, $2, $3, $4, $5) on conflict (principal, key) do nothing",
            )
            .bind(key.principal.clone())
            .bind(key.text.clone())
            .bind(key.fingerprint.to_vec())
            .bind(NOT_KEPT)
            .bind(now)
            .run()
            .await?;
        if written == 1 {
            return Ok(Claim::First);
        }
        let found: Option<(Vec<u8>, String)> = tx
            .sql("select fingerprint, answer from idempotency where principal = $1 and key = $2")
            .bind(key.principal.clone())
            .bind(key.text.clone())
            .maybe()
            .await?;
        if let Some((fingerprint, answer)) = found {
            return Ok(if fingerprint == key.fingerprint {
                Claim::Answered((answer != NOT_KEPT).then_some(answer))
            } else {
                Claim::OtherRequest
            });
        }
    }
    Err(DbError::NoRow("idempotency"))
}

/// Keeps the answer to a call that claimed its key, as JSON. Without this, repeats learn only that there was one.
///
/// # Errors
/// When the database fails, or the key was not claimed.
pub async fn answer(tx: &mut Tx, key: &Key, json: String) -> Result<(), DbError> {
    let written = tx
        .sql("update idempotency set answer = $3 where principal = $1 and key = $2")
        .bind(key.principal.clone())
        .bind(key.text.clone())
        .bind(json)
        .run()
        .await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("idempotency", &key.text)) }
}

/// Deletes keys from before a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from idempotency where created_at < $1").bind(before).run().await
}
