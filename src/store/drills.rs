//! Drills that were begun: each has a code on its way to the addresses of whoever holds the key. The code stands nowhere.
//!
//! A unit of work that counts, checks or ends them locks the account first.

use sqlx::FromRow;

use super::{codes::TRIES, error::DbError, tx::Tx};
use crate::{
    id::{CodeId, PaperKeyId},
    moment::Moment,
};

/// A drill.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Drill {
    /// Names it; its code is derived from that.
    pub id: CodeId,
    /// The key.
    #[sqlx(rename = "paper_key_id")]
    pub key: PaperKeyId,
    /// Since when.
    pub created_at: Moment,
    /// Until when its code works.
    pub expires_at: Moment,
    /// How often the code was mistyped.
    pub wrong: i64,
    /// When it came to its end.
    pub used_at: Option<Moment>,
}

impl Drill {
    /// Whether its code still works.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.used_at.is_none() && self.wrong < TRIES && self.expires_at > now
    }
}

/// Keeps a new one.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, drill: &Drill) -> Result<(), DbError> {
    tx.sql(
        "insert into drills (id, paper_key_id, created_at, expires_at, wrong, used_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(drill.id)
    .bind(drill.key)
    .bind(drill.created_at)
    .bind(drill.expires_at)
    .bind(drill.wrong)
    .bind(drill.used_at)
    .run()
    .await?;
    Ok(())
}

/// The one with that id.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: CodeId) -> Result<Option<Drill>, DbError> {
    tx.sql("select id, paper_key_id, created_at, expires_at, wrong, used_at from drills where id = $1")
        .bind(id)
        .maybe()
        .await
}

/// When the drills with a key were begun whose time is not over, used and mistyped ones included, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn unexpired(tx: &mut Tx, key: PaperKeyId, now: Moment) -> Result<Vec<Drill>, DbError> {
    tx.sql(
        "select id, paper_key_id, created_at, expires_at, wrong, used_at from drills
         where paper_key_id = $1 and expires_at > $2 order by created_at, id",
    )
    .bind(key)
    .bind(now)
    .all()
    .await
}

/// Counts a wrong code.
///
/// # Errors
/// When the database fails.
pub async fn mistype(tx: &mut Tx, drill: CodeId) -> Result<(), DbError> {
    tx.sql("update drills set wrong = wrong + 1 where id = $1").bind(drill).run().await?;
    Ok(())
}

/// Ends every drill with a key.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &mut Tx, key: PaperKeyId, now: Moment) -> Result<(), DbError> {
    tx.sql("update drills set used_at = $2 where paper_key_id = $1 and used_at is null")
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
    tx.sql("delete from drills where expires_at < $1").bind(before).run().await
}
