//! Paper keys: their numbers, the hashes of their secrets, and until when they work.
//!
//! A unit of work that issues or ends them locks the account first.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, PaperKeyId, RecoveryUserId, UserId},
    moment::Moment,
    ownership::paper_key::{Ended, How, Key},
    paper_key::key::{KeyHash, Number},
};

#[derive(FromRow)]
struct Row {
    id: PaperKeyId,
    account_id: AccountId,
    recovery_user_id: RecoveryUserId,
    number: Vec<u8>,
    issued_by: UserId,
    issued_at: Moment,
    expires_at: Option<Moment>,
    drilled_at: Option<Moment>,
    ended_at: Option<Moment>,
    ended: Option<String>,
}

#[derive(FromRow)]
struct NumberedRow {
    #[sqlx(flatten)]
    key: Row,
    secret_hash: Vec<u8>,
}

#[derive(FromRow)]
struct ToRemindOf {
    id: PaperKeyId,
    account_id: AccountId,
}

/// A key, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The account.
    pub account: AccountId,
    /// Who holds it.
    pub user: RecoveryUserId,
    /// The key.
    pub key: Key,
}

impl Row {
    fn decode(self) -> Result<Stored, DbError> {
        let corrupt = || DbError::corrupt("paper_keys", self.id);
        let number = Number::new(self.number.as_slice().try_into().map_err(|_| corrupt())?);
        let ended = match (self.ended_at, self.ended.as_deref()) {
            (None, None) => None,
            (Some(at), Some(word)) => {
                let how = How::ALL.into_iter().find(|how| how.word() == word).ok_or_else(corrupt)?;
                Some(Ended { at, how })
            }
            (Some(_), None) | (None, Some(_)) => return Err(corrupt()),
        };
        let Self { id, issued_by, issued_at, expires_at, drilled_at, .. } = self;
        let key = Key { id, number, issued_by, issued_at, expires_at, drilled_at, ended };
        Ok(Stored { account: self.account_id, user: self.recovery_user_id, key })
    }
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "select id, account_id, recovery_user_id, number, issued_by, issued_at, expires_at, drilled_at, ended_at, ended
             from paper_keys where ",
            $condition,
            " order by issued_at, id"
        )
    };
}

/// The keys of an account, the first issued first, ended ones included.
///
/// # Errors
/// When the database fails.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Stored>, DbError> {
    let rows: Vec<Row> = tx.sql(select!("account_id = $1")).bind(account).all().await?;
    rows.into_iter().map(Row::decode).collect()
}

/// The keys that somebody has or had.
///
/// # Errors
/// When the database fails.
pub async fn of_user(tx: &mut Tx, user: RecoveryUserId) -> Result<Vec<Key>, DbError> {
    let rows: Vec<Row> = tx.sql(select!("recovery_user_id = $1")).bind(user).all().await?;
    rows.into_iter().map(|row| Ok(row.decode()?.key)).collect()
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: PaperKeyId) -> Result<Option<Stored>, DbError> {
    let row: Option<Row> = tx.sql(select!("id = $1")).bind(id).maybe().await?;
    row.map(Row::decode).transpose()
}

/// The one with that number, and the hash of its secret.
///
/// # Errors
/// When the database fails.
pub async fn numbered(tx: &mut Tx, number: Number) -> Result<Option<(Stored, KeyHash)>, DbError> {
    let row: Option<NumberedRow> = tx
        .sql(
            "select id, account_id, recovery_user_id, number, issued_by, issued_at, expires_at, drilled_at, ended_at, ended,
                 secret_hash
             from paper_keys where number = $1",
        )
        .bind(number.as_bytes().to_vec())
        .maybe()
        .await?;
    let decode = |row: NumberedRow| {
        let hash = row.secret_hash.as_slice().try_into().map_err(|_| DbError::corrupt("paper_keys", row.key.id))?;
        Ok((row.key.decode()?, KeyHash::from_bytes(hash)))
    };
    row.map(decode).transpose()
}

/// Whether a number is taken.
///
/// # Errors
/// When the database fails.
pub async fn is_taken(tx: &mut Tx, number: Number) -> Result<bool, DbError> {
    let found: i64 =
        tx.sql("select count(*) from paper_keys where number = $1").bind(number.as_bytes().to_vec()).scalar().await?;
    Ok(found > 0)
}

/// Keeps a new key.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, stored: &Stored, hash: KeyHash, remind_at: Moment) -> Result<(), DbError> {
    let Stored { account, user, key } = stored;
    tx.sql(
        "insert into paper_keys (id, account_id, recovery_user_id, number, secret_hash, issued_by, issued_at, expires_at,
             remind_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(key.id)
    .bind(*account)
    .bind(*user)
    .bind(key.number.as_bytes().to_vec())
    .bind(hash.as_bytes().to_vec())
    .bind(key.issued_by)
    .bind(key.issued_at)
    .bind(key.expires_at)
    .bind(remind_at)
    .run()
    .await?;
    Ok(())
}

/// Keeps that a key was shown to work, and when its owners are to be reminded of it after that.
///
/// # Errors
/// When the database fails.
pub async fn drilled(tx: &mut Tx, id: PaperKeyId, now: Moment, remind_at: Moment) -> Result<(), DbError> {
    tx.sql("update paper_keys set drilled_at = $2, remind_at = $3 where id = $1 and ended_at is null")
        .bind(id)
        .bind(now)
        .bind(remind_at)
        .run()
        .await?;
    Ok(())
}

/// When owners are to be reminded of a key, which has not ended.
///
/// # Errors
/// When the database fails.
pub async fn remind_at(tx: &mut Tx, id: PaperKeyId) -> Result<Option<Moment>, DbError> {
    let found: Option<Option<Moment>> =
        tx.sql("select remind_at from paper_keys where id = $1 and ended_at is null").bind(id).maybe_scalar().await?;
    Ok(found.flatten())
}

/// Keeps when they are to be reminded of it next; never, where that is none.
///
/// # Errors
/// When the database fails.
pub async fn remind(tx: &mut Tx, id: PaperKeyId, at: Option<Moment>) -> Result<(), DbError> {
    tx.sql("update paper_keys set remind_at = $2 where id = $1 and ended_at is null").bind(id).bind(at).run().await?;
    Ok(())
}

/// The keys of which owners are to be reminded by now, with their accounts, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn to_remind_of(
    tx: &mut Tx,
    now: Moment,
    after: Option<PaperKeyId>,
    limit: i64,
) -> Result<Vec<(PaperKeyId, AccountId)>, DbError> {
    let rows: Vec<ToRemindOf> = tx
        .sql(
            "select id, account_id from paper_keys
             where remind_at <= $1 and ended_at is null and ($2 is null or id > $2)
             order by id limit $3",
        )
        .bind(now)
        .bind(after)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.account_id)).collect())
}

/// Ends a key.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx, id: PaperKeyId, how: How, now: Moment) -> Result<(), DbError> {
    tx.sql("update paper_keys set ended_at = $2, ended = $3 where id = $1 and ended_at is null")
        .bind(id)
        .bind(now)
        .bind(how.word())
        .run()
        .await?;
    Ok(())
}

/// Ends every key of an account. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &mut Tx, account: AccountId, how: How, now: Moment) -> Result<u64, DbError> {
    tx.sql("update paper_keys set ended_at = $2, ended = $3 where account_id = $1 and ended_at is null")
        .bind(account)
        .bind(now)
        .bind(how.word())
        .run()
        .await
}
