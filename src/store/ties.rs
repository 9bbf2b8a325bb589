//! Where a person counts, and what that means for their address.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::identity::{Part, Pinned, Ties},
};

/// The accounts in which a person counts for something, by id: as a member, on the roster, or in an open case.
///
/// # Errors
/// When the database fails.
pub async fn accounts_of(tx: &mut Tx, user: UserId) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select account_id from members where user_id = $1
         union select account_id from roster where user_id = $1
         union select account_id from cases where nominee = $1 and state in ('collecting', 'waiting', 'paused')
         union select c.account_id from electors e join cases c on c.id = e.case_id
             where e.user_id = $1 and c.state in ('collecting', 'waiting', 'paused')
         order by 1",
    )
    .bind(user)
    .scalars()
    .await
}

#[derive(FromRow)]
struct PinnedRow {
    id: CaseId,
    nominee: UserId,
    until: Moment,
}

/// What holds a person to their address.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &mut Tx, user: UserId) -> Result<Ties, DbError> {
    let owned = tx
        .sql(
            "select a.name from members m join accounts a on a.id = m.account_id
             where m.user_id = $1 and m.owner and m.status <> 'invited' order by a.id",
        )
        .bind(user)
        .scalars()
        .await?;
    let rows: Vec<PinnedRow> = tx
        .sql(
            "select id, nominee, coalesce(due_at, closes_at) as until from cases
             where nominee = $1 and state in ('collecting', 'waiting', 'paused')
             union select c.id, c.nominee, coalesce(c.due_at, c.closes_at) as until
             from electors e join cases c on c.id = e.case_id
             where e.user_id = $1 and e.lost_at is null and c.state in ('collecting', 'waiting', 'paused')",
        )
        .bind(user)
        .all()
        .await?;
    let pinned = |row: PinnedRow| {
        let part = if row.nominee == user { Part::Nominee } else { Part::Elector };
        Pinned { case: row.id, part, until: row.until }
    };
    Ok(Ties { owned, cases: rows.into_iter().map(pinned).collect() })
}

/// When those on the roster of an account last changed their address, if they ever did.
///
/// # Errors
/// When the database fails.
pub async fn address_changes(tx: &mut Tx, account: AccountId) -> Result<BTreeMap<UserId, Moment>, DbError> {
    let rows: Vec<(UserId, Moment)> = tx
        .sql(
            "select u.id, u.email_changed_at from roster r join users u on u.id = r.user_id
             where r.account_id = $1 and u.email_changed_at is not null",
        )
        .bind(account)
        .all()
        .await?;
    Ok(rows.into_iter().collect())
}
