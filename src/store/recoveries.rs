//! Requests to redeem a paper key: each has a code on its way to the addresses of whoever holds the key. The code stands nowhere.
//!
//! A unit of work that counts, checks or ends them locks the account first.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{CodeId, PaperKeyId},
    moment::Moment,
};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Recovery {
    /// Names it; its code is derived from that.
    pub id: CodeId,
    /// The key.
    #[sqlx(rename = "paper_key_id")]
    pub key: PaperKeyId,
    /// Since when.
    pub created_at: Moment,
    /// Until when its code works.
    pub expires_at: Moment,
    /// Whether owners were told of this one.
    pub told: bool,
    /// When its code was used.
    pub used_at: Option<Moment>,
}

impl Recovery {
    /// Whether its code still works.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.used_at.is_none() && self.expires_at > now
    }
}

/// Keeps a new one.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, recovery: &Recovery) -> Result<(), DbError> {
    tx.sql("insert into recoveries (id, paper_key_id, created_at, expires_at, told, used_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(recovery.id)
        .bind(recovery.key)
        .bind(recovery.created_at)
        .bind(recovery.expires_at)
        .bind(recovery.told)
        .bind(recovery.used_at)
        .run()
        .await?;
    Ok(())
}

/// The one with that id.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: CodeId) -> Result<Option<Recovery>, DbError> {
    tx.sql("select id, paper_key_id, created_at, expires_at, told, used_at from recoveries where id = $1")
        .bind(id)
        .maybe()
        .await
}

/// Those for a key that began after a moment, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn since(tx: &mut Tx, key: PaperKeyId, after: Moment) -> Result<Vec<Recovery>, DbError> {
    tx.sql(
        "select id, paper_key_id, created_at, expires_at, told, used_at from recoveries
         where paper_key_id = $1 and created_at > $2 order by created_at desc, id desc",
    )
    .bind(key)
    .bind(after)
    .all()
    .await
}

/// Ends every one for a key.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &mut Tx, key: PaperKeyId, now: Moment) -> Result<(), DbError> {
    tx.sql("update recoveries set used_at = $2 where paper_key_id = $1 and used_at is null")
        .bind(key)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Deletes those that expired before a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from recoveries where expires_at < $1").bind(before).run().await
}
