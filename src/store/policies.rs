//! Changes of the policy that have not taken effect: one at most for each account.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, UserId},
    moment::Moment,
    ownership::policy_change::Pending,
};

#[derive(FromRow)]
struct PendingRow {
    policy: String,
    proposed_by: UserId,
    proposed_at: Moment,
    effective_at: Moment,
}

/// The change that waits, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn pending(tx: &mut Tx, account: AccountId) -> Result<Option<Pending>, DbError> {
    let row = tx
        .sql("select policy, proposed_by, proposed_at, effective_at from policy_changes where account_id = $1")
        .bind(account)
        .maybe::<PendingRow>()
        .await?;
    let decode = |row: PendingRow| {
        Ok(Pending {
            policy: serde_json::from_str(&row.policy).map_err(|_| DbError::corrupt("policy_changes", account))?,
            by: row.proposed_by,
            proposed_at: row.proposed_at,
            effective_at: row.effective_at,
        })
    };
    row.map(decode).transpose()
}

/// Has a change wait. Whatever waited before must be gone.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, account: AccountId, pending: &Pending) -> Result<(), DbError> {
    let policy = serde_json::to_string(&pending.policy).map_err(|_| DbError::corrupt("policy_changes", account))?;
    tx.sql(
        "insert into policy_changes (account_id, policy, proposed_by, proposed_at, effective_at, wake_at)
         values ($1, $2, $3, $4, $5, $5)",
    )
    .bind(account)
    .bind(policy)
    .bind(pending.by)
    .bind(pending.proposed_at)
    .bind(pending.effective_at)
    .run()
    .await?;
    Ok(())
}

/// Has a change that waits looked at again at that moment.
///
/// # Errors
/// When the database fails.
pub async fn put_off(tx: &mut Tx, account: AccountId, until: Moment) -> Result<(), DbError> {
    tx.sql("update policy_changes set wake_at = $2 where account_id = $1").bind(account).bind(until).run().await?;
    Ok(())
}

/// Ends the waiting of a change, whatever has become of it. Says whether one waited.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, account: AccountId) -> Result<bool, DbError> {
    Ok(tx.sql("delete from policy_changes where account_id = $1").bind(account).run().await? == 1)
}

/// Accounts whose change is to be looked at, by id, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn due(tx: &mut Tx, now: Moment, after: Option<AccountId>, limit: i64) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select account_id from policy_changes where wake_at <= $1 and ($2 is null or account_id > $2)
         order by account_id limit $3",
    )
    .bind(now)
    .bind(after)
    .bind(limit)
    .scalars()
    .await
}
