//! Reads of many accounts, one after the other, what their activity logs are compared with, for whoever checks them. The entries
//! themselves are read in `audit_entries.rs`, the cases in `audit_cases.rs`.
//!
//! Rows are read by range of account, so that what belongs to no account is read too.

use uuid::Uuid;

use super::{error::DbError, tx::Tx};
use crate::{
    activity::{chain::Head, entry::Hash},
    id::{AccountId, UserId},
};

/// From one account to another, both included. Always with two ends: a statement that can do without would read whole tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// From this account.
    pub from: AccountId,
    /// Up to this account.
    pub to: AccountId,
}

impl Range {
    /// One account.
    #[must_use]
    pub const fn only(account: AccountId) -> Self {
        Self { from: account, to: account }
    }

    /// Ranges that end with these accounts, in their order, and one behind the last of them. Together they have every id there can be.
    fn up_to(ends: Vec<AccountId>) -> Vec<Self> {
        let mut from = AccountId::LOWEST;
        let mut ranges = Vec::with_capacity(ends.len() + 1);
        for to in ends {
            ranges.push(Self { from, to });
            // Ids are whole numbers.
            from = AccountId::from_uuid(Uuid::from_u128(to.uuid().as_u128().saturating_add(1)));
        }
        ranges.push(Self { from, to: AccountId::HIGHEST });
        ranges
    }
}

/// How many entries all accounts say they have.
///
/// # Errors
/// When the database fails.
pub async fn size(tx: &mut Tx) -> Result<u64, DbError> {
    let sum: i64 = tx.sql("select cast(coalesce(sum(head_seq), 0) as bigint) from accounts").scalar().await?;
    Ok(u64::try_from(sum).unwrap_or_default())
}

/// Divides all accounts into ranges with so many each.
///
/// # Errors
/// When the database fails.
pub async fn ranges(tx: &mut Tx, accounts: i64) -> Result<Vec<Range>, DbError> {
    let ends: Vec<AccountId> = tx
        .sql(
            "select id from (select id, row_number() over (order by id) as place from accounts) a where place % $1 = 0
             order by id",
        )
        .bind(accounts)
        .scalars()
        .await?;
    Ok(Range::up_to(ends))
}

/// The ends of the logs of the accounts in that range.
///
/// # Errors
/// When the database fails.
pub async fn heads(tx: &mut Tx, range: Range) -> Result<Vec<(AccountId, Head)>, DbError> {
    let rows: Vec<(AccountId, i64, Vec<u8>)> = tx
        .sql(
            "select id, head_seq, head_hash from accounts
             where id between $1 and $2 order by id",
        )
        .bind(range.from)
        .bind(range.to)
        .all()
        .await?;
    rows.into_iter().map(head).collect()
}

/// The end of the log of one account.
///
/// # Errors
/// When the database fails.
pub async fn head_of(tx: &mut Tx, account: AccountId) -> Result<Option<(AccountId, Head)>, DbError> {
    let row = tx.sql("select id, head_seq, head_hash from accounts where id = $1").bind(account).maybe().await?;
    row.map(head).transpose()
}

fn head((account, seq, hash): (AccountId, i64, Vec<u8>)) -> Result<(AccountId, Head), DbError> {
    let corrupt = || DbError::corrupt("accounts", account);
    let seq = u64::try_from(seq).map_err(|_| corrupt())?;
    let hash = Hash::from_bytes(hash.as_slice().try_into().map_err(|_| corrupt())?);
    Ok((account, Head { seq, hash }))
}

/// The owners of the accounts in that range.
///
/// # Errors
/// When the database fails.
pub async fn owners(tx: &mut Tx, range: Range) -> Result<Vec<(AccountId, UserId)>, DbError> {
    tx.sql(
        "select account_id, user_id from members
         where (owner or administrator) and owner and account_id between $1 and $2",
    )
    .bind(range.from)
    .bind(range.to)
    .all()
    .await
}

/// The tables that have rows of a case that does not exist.
///
/// # Errors
/// When the database fails.
pub async fn orphans(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    tx.sql(
        "select 'electors' as name where exists
             (select 1 from electors e where not exists (select 1 from cases c where c.id = e.case_id))
         union all select 'ballots' where exists
             (select 1 from ballots b where not exists (select 1 from cases c where c.id = b.case_id))
         union all select 'ballot_signatures' where exists
             (select 1 from ballot_signatures s where not exists (select 1 from cases c where c.id = s.case_id))
         union all select 'redemptions' where exists
             (select 1 from redemptions r where not exists (select 1 from cases c where c.id = r.case_id))",
    )
    .scalars()
    .await
}
