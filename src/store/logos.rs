//! The logos of accounts.

use sqlx::FromRow;

use super::{brands::whose_brand, error::DbError, tx::Tx};
use crate::{id::AccountId, moment::Moment, ownership::settings::Logo};

/// What is known of a logo without its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Facts {
    /// Its width in pixels.
    pub width: i64,
    /// Its height in pixels.
    pub height: i64,
    /// When it was uploaded. Its address has it, so that browsers may keep the picture.
    pub changed_at: Moment,
}

/// What is known of an account's logo.
///
/// # Errors
/// When the database fails.
pub async fn facts(tx: &mut Tx, account: AccountId) -> Result<Option<Facts>, DbError> {
    tx.sql("select width, height, changed_at from logos where account_id = $1").bind(account).maybe().await
}

/// The picture itself.
///
/// # Errors
/// When the database fails.
pub async fn png(tx: &mut Tx, account: AccountId) -> Result<Option<Vec<u8>>, DbError> {
    tx.sql("select png from logos where account_id = $1").bind(account).maybe_scalar().await
}

/// The picture that an account shows: its own, or that of the account whose brand it shows.
///
/// # Errors
/// When the database fails.
pub async fn shown(tx: &mut Tx, account: AccountId) -> Result<Option<Vec<u8>>, DbError> {
    let text = concat!("select png from logos where account_id = ", whose_brand!("$1"));
    tx.sql(text).bind(account).maybe_scalar().await
}

/// Gives an account this logo, in place of the one that it had.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, account: AccountId, logo: &Logo, now: Moment) -> Result<(), DbError> {
    tx.sql(
        "insert into logos (account_id, png, width, height, changed_at) values ($1, $2, $3, $4, $5)
         on conflict (account_id) do update set png = excluded.png, width = excluded.width, height = excluded.height,
             changed_at = excluded.changed_at",
    )
    .bind(account)
    .bind(logo.png().to_vec())
    .bind(i64::from(logo.width()))
    .bind(i64::from(logo.height()))
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// Takes an account's logo away. Says whether it had one.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, account: AccountId) -> Result<bool, DbError> {
    Ok(tx.sql("delete from logos where account_id = $1").bind(account).run().await? == 1)
}
