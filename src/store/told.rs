//! Who was told, as far as their mail servers say: what waits for it, waits for nothing else.

use std::collections::BTreeMap;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// The moment by which every one of these owners had been told of the quorum of this case: each has a `quorum` alert
/// that was queued and accepted at or after `since`. `None` when one of them has none, and when there are no owners.
///
/// # Errors
/// When the database fails.
pub async fn notice(tx: &mut Tx, case: CaseId, owners: &[UserId], since: Moment) -> Result<Option<Moment>, DbError> {
    // An alert of an earlier quorum names an earlier due moment, even when a mail server takes it only now.
    let told: Vec<(UserId, Moment)> = tx
        .sql(
            "select user_id, min(accepted_at) from mails
             where case_id = $1 and event = 'quorum' and status = 'accepted' and created_at >= $2 and accepted_at >= $2
             group by user_id",
        )
        .bind(case)
        .bind(since)
        .all()
        .await?;
    let told: BTreeMap<UserId, Moment> = told.into_iter().collect();
    let each: Option<Vec<Moment>> = owners.iter().map(|owner| told.get(owner).copied()).collect();
    Ok(each.and_then(|moments| moments.into_iter().max()))
}

/// The moment by which the mail servers had taken every mail of an event to people of the account, and to whom it
/// concerns wherever they are. `None` while one of them has not, and where nobody in the account was written to.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx, account: AccountId, event: &str) -> Result<Option<Moment>, DbError> {
    let (inside, missing, last): (i64, i64, Option<Moment>) = tx
        .sql(
            "select count(account_id), count(case when status <> 'accepted' then 1 end), max(accepted_at) from mails
             where event = $2 and case_id is null and (account_id = $1 or account_id is null)",
        )
        .bind(account)
        .bind(event.to_owned())
        .one()
        .await?;
    Ok(last.filter(|_| inside > 0 && missing == 0))
}
