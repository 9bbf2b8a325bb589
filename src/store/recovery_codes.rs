//! Links and typed codes that were mailed to recovery addresses. What makes them usable stands nowhere.
//!
//! A unit of work that counts, checks or uses them locks the account first.

use sqlx::FromRow;

use super::{codes::TRIES, error::DbError, tx::Tx};
use crate::{
    id::{CodeId, RecoveryAddressId},
    moment::Moment,
};

/// How somebody shows what was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// By opening a link, which shows first what it does.
    Link,
    /// By typing digits.
    Code,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Code => "code",
        }
    }
}

/// A link or a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its id, from which it is derived.
    pub id: CodeId,
    /// Where it was mailed.
    pub address: RecoveryAddressId,
    /// Which of the two it is.
    pub kind: Kind,
    /// Since when.
    pub created_at: Moment,
    /// Until when.
    pub expires_at: Moment,
    /// How often it was mistyped.
    pub wrong: i64,
    /// When it was used, or lost its use.
    pub used_at: Option<Moment>,
}

impl Code {
    /// Whether it can still be used.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.used_at.is_none() && self.wrong < TRIES && self.expires_at > now
    }
}

#[derive(FromRow)]
struct Row {
    id: CodeId,
    address_id: RecoveryAddressId,
    kind: String,
    created_at: Moment,
    expires_at: Moment,
    wrong: i64,
    used_at: Option<Moment>,
}

impl Row {
    fn decode(self) -> Result<Code, DbError> {
        let Self { id, address_id: address, kind, created_at, expires_at, wrong, used_at } = self;
        let kind = [Kind::Link, Kind::Code].into_iter().find(|known| known.word() == kind);
        let kind = kind.ok_or_else(|| DbError::corrupt("recovery_codes", id))?;
        Ok(Code { id, address, kind, created_at, expires_at, wrong, used_at })
    }
}

/// Keeps a new one.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, code: &Code) -> Result<(), DbError> {
    tx.sql(
        "insert into recovery_codes (id, address_id, kind, created_at, expires_at, wrong, used_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(code.id)
    .bind(code.address)
    .bind(code.kind.word())
    .bind(code.created_at)
    .bind(code.expires_at)
    .bind(code.wrong)
    .bind(code.used_at)
    .run()
    .await?;
    Ok(())
}

/// The one with that id, dead or alive.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: CodeId) -> Result<Option<Code>, DbError> {
    let row: Option<Row> = tx
        .sql("select id, address_id, kind, created_at, expires_at, wrong, used_at from recovery_codes where id = $1")
        .bind(id)
        .maybe()
        .await?;
    row.map(Row::decode).transpose()
}

/// The typed codes of an address that have not expired, used and mistyped ones included, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn unexpired(tx: &mut Tx, address: RecoveryAddressId, now: Moment) -> Result<Vec<Code>, DbError> {
    let rows: Vec<Row> = tx
        .sql(
            "select id, address_id, kind, created_at, expires_at, wrong, used_at from recovery_codes
             where address_id = $1 and kind = 'code' and expires_at > $2 order by created_at, id",
        )
        .bind(address)
        .bind(now)
        .all()
        .await?;
    rows.into_iter().map(Row::decode).collect()
}

/// Counts a wrong try against a code.
///
/// # Errors
/// When the database fails.
pub async fn mistype(tx: &mut Tx, code: CodeId) -> Result<(), DbError> {
    tx.sql("update recovery_codes set wrong = wrong + 1 where id = $1").bind(code).run().await?;
    Ok(())
}

/// Ends every link and code that was mailed to an address.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &mut Tx, address: RecoveryAddressId, now: Moment) -> Result<(), DbError> {
    tx.sql("update recovery_codes set used_at = $2 where address_id = $1 and used_at is null")
        .bind(address)
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
    tx.sql("delete from recovery_codes where expires_at < $1").bind(before).run().await
}
