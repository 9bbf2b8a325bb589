//! Reads activity logs whole, of many accounts one after the other, for whoever checks them.
//!
//! Rows are read by range of account, so that what belongs to no account is read too.

use data_encoding::HEXLOWER;
use uuid::Uuid;

use super::{activity, error::DbError, sql::Pair, tx::Tx};
use crate::{
    activity::{
        audit::{Personal, Row, Sealed},
        chain::{Broken, Head, Salt},
        entry::Hash,
    },
    id::{AccountId, CaseId, UserId},
    moment::Moment,
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
        let mut from = AccountId::from_uuid(Uuid::nil());
        let mut ranges = Vec::with_capacity(ends.len() + 1);
        for to in ends {
            ranges.push(Self { from, to });
            // Ids are whole numbers.
            from = AccountId::from_uuid(Uuid::from_u128(to.uuid().as_u128().saturating_add(1)));
        }
        ranges.push(Self { from, to: AccountId::from_uuid(Uuid::max()) });
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

/// An entry, with what other tables have beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Of which account.
    pub account: AccountId,
    /// The entry.
    pub row: Row,
    /// Its personal values that have not been erased.
    pub personal: Vec<Personal>,
    /// Whether there is a mail besides, which is large: see [`mail`].
    pub mailed: bool,
    /// Whether it is in the tree.
    pub sealed: Sealed,
}

/// As a tuple: it is read a million times, and names of columns would be looked up each time.
type EntryRow = (
    AccountId,
    i64,
    Moment,
    String,
    Option<UserId>,
    Option<CaseId>,
    Option<UserId>,
    bool,
    String,
    Vec<u8>,
    Option<i64>,
    bool,
    Option<String>,
);

/// The next entries of a range, after the one with that number of that account. Account by account, each in order.
///
/// # Errors
/// When the database fails.
pub async fn entries(tx: &mut Tx, after: (AccountId, i64), to: AccountId, limit: i64) -> Result<Vec<Found>, DbError> {
    let rows: Vec<EntryRow> = tx.sql(ENTRIES).bind(after.0).bind(after.1).bind(to).bind(limit).all().await?;
    rows.into_iter().map(found).collect()
}

/// What stands beside an entry comes with it, as one value: a row costs more to hand over than to read.
macro_rules! entries {
    ($personal:literal) => {
        concat!(
            "select a.account_id, a.seq, a.at, a.kind, a.actor_id, a.case_id, a.user_id, a.owners, a.body, a.hash, l.leaf,
                 u.seq is not null,
                 (select ",
            $personal,
            " from activity_personal p where p.account_id = a.account_id and p.seq = a.seq)
             from activity a
                 left join log_leaves l on l.account_id = a.account_id and l.seq = a.seq
                 left join log_unsealed u on u.account_id = a.account_id and u.seq = a.seq
             where (a.account_id, a.seq) > ($1, $2) and a.account_id <= $3
             order by a.account_id, a.seq limit $4"
        )
    };
}

const ENTRIES: Pair = Pair {
    sqlite: entries!(
        "json_group_array(json_array(p.name, lower(hex(p.salt)), case when p.name = 'mail' then null else p.value end))"
    ),
    postgres: entries!(
        "json_agg(json_build_array(p.name, encode(p.salt, 'hex'), case when p.name = 'mail' then null else p.value end))::text"
    ),
};

fn found(row: EntryRow) -> Result<Found, DbError> {
    let (account, seq, at, kind, actor, case, user, owners, body, hash, leaf, waits, personal) = row;
    let corrupt = |table| DbError::corrupt(table, format!("{account}/{seq}"));
    let sealed = match (leaf, waits) {
        (Some(leaf), false) => Sealed::As(u64::try_from(leaf).map_err(|_| corrupt("log_leaves"))?),
        (None, true) => Sealed::Waits,
        (None, false) | (Some(_), true) => Sealed::Unclear,
    };
    let row = Row {
        seq: u64::try_from(seq).map_err(|_| corrupt("activity"))?,
        at,
        kind,
        actor,
        case,
        user,
        owners,
        body,
        hash: Hash::from_bytes(hash.as_slice().try_into().map_err(|_| corrupt("activity"))?),
    };
    let values: Vec<Value> = match personal.as_deref() {
        None | Some("[]") => Vec::new(),
        Some(values) => serde_json::from_str(values).map_err(|_| corrupt("activity_personal"))?,
    };
    let mailed = values.iter().any(|(_, _, value)| value.is_none());
    let mut personal: Vec<Personal> = Vec::with_capacity(values.len());
    for (name, salt, value) in values {
        let Some(value) = value else { continue };
        let salt: Salt = salt_of(&salt).ok_or_else(|| corrupt("activity_personal"))?;
        personal.push(Personal { name, salt, value });
    }
    Ok(Found { account, row, personal, mailed, sealed })
}

/// Name, salt in hexadecimal digits, and value; none of a mail.
type Value = (String, String, Option<String>);

fn salt_of(digits: &str) -> Option<Salt> {
    let bytes: Vec<u8> = HEXLOWER.decode(digits.as_bytes()).ok()?;
    bytes.try_into().ok()
}

/// The mail that stands beside an entry.
///
/// # Errors
/// When the database fails, or there is none.
pub async fn mail(tx: &mut Tx, account: AccountId, seq: u64) -> Result<Personal, DbError> {
    let corrupt = || DbError::corrupt("activity_personal", format!("{account}/{seq}"));
    let found = activity::mail(tx, account, i64::try_from(seq).map_err(|_| corrupt())?).await?.ok_or_else(corrupt)?;
    Ok(Personal { salt: found.salt()?, name: found.name, value: found.value })
}

/// What stands beside entries that are not there: of each account something, which tells of an entry that was removed.
///
/// # Errors
/// When the database fails.
pub async fn stray(tx: &mut Tx, range: Range) -> Result<Vec<(AccountId, Broken)>, DbError> {
    let rows: Vec<(AccountId, i64, Option<String>, Option<i64>)> =
        tx.sql(STRAY).bind(range.from).bind(range.to).all().await?;
    let read = |(account, seq, name, leaf): (AccountId, i64, Option<String>, Option<i64>)| {
        let corrupt = |_| DbError::corrupt("activity", format!("{account}/{seq}"));
        let seq = u64::try_from(seq).map_err(corrupt)?;
        let broken = match (name, leaf) {
            (Some(name), _) => Broken::PersonalChanged { seq, name },
            (None, Some(leaf)) => Broken::Removed { seq, leaf: u64::try_from(leaf).map_err(corrupt)? },
            (None, None) => Broken::NotSealed { seq },
        };
        Ok((account, broken))
    };
    rows.into_iter().map(read).collect()
}

const STRAY: &str = "select p.account_id, p.seq, p.name, cast(null as bigint) as leaf from activity_personal p
     where p.account_id between $1 and $2
         and not exists (select 1 from activity a where a.account_id = p.account_id and a.seq = p.seq)
 union all
     select l.account_id, l.seq, null, l.leaf from log_leaves l
     where l.account_id between $1 and $2
         and not exists (select 1 from activity a where a.account_id = l.account_id and a.seq = l.seq)
 union all
     select u.account_id, u.seq, null, null from log_unsealed u
     where u.account_id between $1 and $2
         and not exists (select 1 from activity a where a.account_id = u.account_id and a.seq = u.seq)
 order by 1, 2";
