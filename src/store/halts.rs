//! Accounts that were halted: what is wrong with each, and since when that is known.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{id::AccountId, moment::Moment};

/// An account that was halted.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Halt {
    /// Which.
    pub account_id: AccountId,
    /// What is wrong, in words for the operator.
    pub why: String,
    /// When it was found.
    pub found_at: Moment,
}

/// Why an account is halted, if it is.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &mut Tx, account: AccountId) -> Result<Option<Halt>, DbError> {
    tx.sql("select account_id, why, found_at from halts where account_id = $1").bind(account).maybe().await
}

/// The accounts that are halted, up to a hundred.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Halt>, DbError> {
    tx.sql("select account_id, why, found_at from halts order by account_id limit 100").all().await
}

/// Halts an account. One that is halted keeps the moment at which that was found.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, halt: &Halt) -> Result<(), DbError> {
    tx.sql(
        "insert into halts (account_id, why, found_at) values ($1, $2, $3)
         on conflict (account_id) do update set why = excluded.why",
    )
    .bind(halt.account_id)
    .bind(halt.why.as_str())
    .bind(halt.found_at)
    .run()
    .await?;
    Ok(())
}

/// Lets an account go on, and says whether it was halted.
///
/// # Errors
/// When the database fails.
pub async fn lift(tx: &mut Tx, account: AccountId) -> Result<bool, DbError> {
    Ok(tx.sql("delete from halts where account_id = $1").bind(account).run().await? > 0)
}

/// The next accounts to look at: those with an open case, and those that are halted.
///
/// # Errors
/// When the database fails.
pub async fn to_check(tx: &mut Tx, after: Option<AccountId>, limit: i64) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select account_id from (
             select account_id from cases where state in ('collecting', 'waiting', 'paused')
             union select account_id from halts
         ) as due where account_id > $1 order by account_id limit $2",
    )
    .bind(after.unwrap_or(AccountId::LOWEST))
    .bind(limit)
    .scalars()
    .await
}

/// A stretch of all accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The last account of it; none behind the last of all.
    pub last: Option<AccountId>,
    /// Those in it that are active, and of whose owners none is active with a confirmed address.
    pub unowned: Vec<AccountId>,
}

/// Looks for active accounts that nobody owns who can act, in the next so many of all.
///
/// # Errors
/// When the database fails.
pub async fn unowned(tx: &mut Tx, after: Option<AccountId>, limit: i64) -> Result<Stretch, DbError> {
    // Stretch by stretch, so that no statement is a long one.
    let rows: Vec<(AccountId, i64)> = tx
        .sql(
            "select a.id, cast(case when a.status <> 'active' or exists (
                     select 1 from members m join users u on u.id = m.user_id
                     where m.account_id = a.id and (m.owner or m.administrator) and m.owner and m.status = 'active' and u.confirmed_at is not null
                 ) then 1 else 0 end as bigint)
             from (select id, status from accounts where id > $1 order by id limit $2) a
             order by a.id",
        )
        .bind(after.unwrap_or(AccountId::LOWEST))
        .bind(limit)
        .all()
        .await?;
    let last = rows.last().map(|(account, _)| *account);
    let unowned = rows.into_iter().filter(|(_, fine)| *fine == 0).map(|(account, _)| account).collect();
    Ok(Stretch { last, unowned })
}
