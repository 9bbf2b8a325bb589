//! Attempts at webhooks, for the account's owners. Of each endpoint the last ones are kept.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{DeliveryId, WebhookId},
    moment::Moment,
};

/// So many attempts are kept of an endpoint.
pub const KEPT: i64 = 100;

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Delivery {
    /// Names it.
    pub id: DeliveryId,
    /// At which endpoint.
    pub webhook_id: WebhookId,
    /// The id of what was sent.
    pub event: String,
    /// Its type.
    #[sqlx(rename = "type")]
    pub public: String,
    /// How often it had been tried, this one included.
    pub attempt: i64,
    /// When.
    pub at: Moment,
    /// How long it took.
    pub milliseconds: i64,
    /// `delivered` or `failed`.
    pub outcome: String,
    /// What the receiver answered.
    pub status: Option<i64>,
    /// Why it did not.
    pub trouble: Option<String>,
    /// What it said.
    pub excerpt: String,
}

/// Keeps an attempt, and forgets the one that is too many.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, delivery: &Delivery) -> Result<(), DbError> {
    tx.sql(
        "insert into webhook_deliveries (id, webhook_id, event, type, attempt, at, milliseconds, outcome, status, trouble, excerpt)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(delivery.id)
    .bind(delivery.webhook_id)
    .bind(delivery.event.as_str())
    .bind(delivery.public.as_str())
    .bind(delivery.attempt)
    .bind(delivery.at)
    .bind(delivery.milliseconds)
    .bind(delivery.outcome.as_str())
    .bind(delivery.status)
    .bind(delivery.trouble.as_deref())
    .bind(delivery.excerpt.as_str())
    .run()
    .await?;
    tx.sql(
        "delete from webhook_deliveries where webhook_id = $1 and id <= (
             select id from webhook_deliveries where webhook_id = $1 order by id desc limit 1 offset $2
         )",
    )
    .bind(delivery.webhook_id)
    .bind(KEPT)
    .run()
    .await?;
    Ok(())
}

/// The attempts at an endpoint, the last one first, before the one with this id.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, DbError> {
    tx.sql(
        "select id, webhook_id, event, type, attempt, at, milliseconds, outcome, status, trouble, excerpt
         from webhook_deliveries where webhook_id = $1 and id < $2 order by id desc limit $3",
    )
    .bind(webhook)
    .bind(before.unwrap_or(DeliveryId::HIGHEST))
    .bind(limit.clamp(0, KEPT + 1))
    .all()
    .await
}

/// Forgets attempts from before that moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from webhook_deliveries where id in (select id from webhook_deliveries where at < $1 limit 500)")
        .bind(before)
        .run()
        .await
}
