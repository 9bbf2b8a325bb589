//! Wrong tries with the numbers of paper keys of which owners have not been told.
//!
//! A unit of work that counts or tells locks the account first.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{id::AccountId, moment::Moment, ownership::key_tries::Untold};

#[derive(FromRow)]
struct Row {
    untold: i64,
    told_at: Moment,
}

/// Those in an account; none where there never were any.
///
/// # Errors
/// When the database fails.
pub async fn untold(tx: &mut Tx, account: AccountId) -> Result<Option<Untold>, DbError> {
    let row: Option<Row> =
        tx.sql("select untold, told_at from key_tries where account_id = $1").bind(account).maybe().await?;
    Ok(row.map(|Row { untold: tries, told_at }| Untold { tries, told_at }))
}

/// Keeps how many there are.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, account: AccountId, untold: Untold) -> Result<(), DbError> {
    tx.sql(
        "insert into key_tries (account_id, untold, told_at, due_at) values ($1, $2, $3, $4)
         on conflict (account_id) do update set
             untold = excluded.untold, told_at = excluded.told_at, due_at = excluded.due_at",
    )
    .bind(account)
    .bind(untold.tries)
    .bind(untold.told_at)
    .bind(untold.due_at())
    .run()
    .await?;
    Ok(())
}

/// The accounts whose owners are to be told by now, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn due(tx: &mut Tx, now: Moment, after: Option<AccountId>, limit: i64) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select account_id from key_tries where due_at <= $1 and ($2 is null or account_id > $2)
         order by account_id limit $3",
    )
    .bind(now)
    .bind(after)
    .bind(limit)
    .scalars()
    .await
}
