//! When the owners of an account are told how badly it is prepared, and whether they want to be.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{id::AccountId, moment::Moment, recovery::policy::Switch};

/// What is planned for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Whether its owners want to be told.
    pub wanted: Switch,
    /// When to look at it (again).
    pub next_at: Moment,
}

#[derive(FromRow)]
struct PlanRow {
    wanted: bool,
    next_at: Moment,
}

/// Plans the first look at a new account.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &mut Tx, account: AccountId, next_at: Moment) -> Result<(), DbError> {
    tx.sql("insert into readiness_digests (account_id, wanted, next_at) values ($1, $2, $3)")
        .bind(account)
        .bind(true)
        .bind(next_at)
        .run()
        .await?;
    Ok(())
}

/// What is planned for an account.
///
/// # Errors
/// When the database fails, or nothing is.
pub async fn plan(tx: &mut Tx, account: AccountId) -> Result<Plan, DbError> {
    let row = tx
        .sql("select wanted, next_at from readiness_digests where account_id = $1")
        .bind(account)
        .maybe::<PlanRow>()
        .await?;
    let row = row.ok_or_else(|| DbError::corrupt("readiness_digests", account))?;
    Ok(Plan { wanted: if row.wanted { Switch::On } else { Switch::Off }, next_at: row.next_at })
}

/// Saves what is planned for an account.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, account: AccountId, plan: Plan) -> Result<(), DbError> {
    tx.sql("update readiness_digests set wanted = $2, next_at = $3 where account_id = $1")
        .bind(account)
        .bind(plan.wanted == Switch::On)
        .bind(plan.next_at)
        .run()
        .await?;
    Ok(())
}

/// Accounts that are to be looked at, the longest overdue first, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn due(
    tx: &mut Tx,
    now: Moment,
    after: Option<(Moment, AccountId)>,
    limit: i64,
) -> Result<Vec<(Moment, AccountId)>, DbError> {
    tx.sql(
        "select next_at, account_id from readiness_digests
         where wanted and next_at <= $1 and ($2 is null or (next_at, account_id) > ($2, $3))
         order by next_at, account_id limit $4",
    )
    .bind(now)
    .bind(after.map(|(next_at, _)| next_at))
    .bind(after.map(|(_, account)| account))
    .bind(limit)
    .all()
    .await
}
