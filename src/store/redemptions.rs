//! Paper keys that were redeemed for a case. [`super::scene`] reads them, as part of it.

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, RecoveryUserId},
    moment::Moment,
    recovery::case::{Case, Redeemed},
};

/// Keeps that one was redeemed by somebody of that name.
///
/// # Errors
/// When the database fails, or it was redeemed before.
pub async fn keep(
    tx: &mut Tx,
    case: &Case,
    by: RecoveryUserId,
    name: &str,
    redeemed: &Redeemed,
) -> Result<(), DbError> {
    tx.sql(
        "insert into redemptions (case_id, recovery_user_id, account_id, name, key_id, member_id, redeemed_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(case.id())
    .bind(by)
    .bind(case.terms.account)
    .bind(name.to_owned())
    .bind(redeemed.key)
    .bind(redeemed.member)
    .bind(redeemed.at)
    .run()
    .await?;
    Ok(())
}

/// Keeps that it does not count any more.
///
/// # Errors
/// When the database fails.
pub(super) async fn lose(tx: &mut Tx, case: CaseId, of: RecoveryUserId, at: Option<Moment>) -> Result<(), DbError> {
    tx.sql("update redemptions set lost_at = $3 where case_id = $1 and recovery_user_id = $2")
        .bind(case)
        .bind(of)
        .bind(at)
        .run()
        .await?;
    Ok(())
}

/// An open case other than that one for which they have redeemed a key that counts.
///
/// # Errors
/// When the database fails.
pub async fn elsewhere(
    tx: &mut Tx,
    account: AccountId,
    by: RecoveryUserId,
    but: Option<CaseId>,
) -> Result<Option<CaseId>, DbError> {
    tx.sql(
        "select r.case_id from redemptions r join cases c on c.id = r.case_id
         where r.recovery_user_id = $2 and r.account_id = $1 and r.lost_at is null
             and c.state in ('collecting', 'waiting', 'paused') and ($3 is null or r.case_id <> $3)
         order by r.case_id limit 1",
    )
    .bind(account)
    .bind(by)
    .bind(but)
    .maybe_scalar()
    .await
}

/// The name of somebody who redeemed one, as it was then.
///
/// # Errors
/// When the database fails, or nobody with that id did.
pub async fn name(tx: &mut Tx, case: CaseId, of: RecoveryUserId) -> Result<String, DbError> {
    let name = tx.sql("select name from redemptions where case_id = $1 and recovery_user_id = $2").bind(case).bind(of);
    name.maybe_scalar().await?.ok_or_else(|| DbError::corrupt("redemptions", case))
}
