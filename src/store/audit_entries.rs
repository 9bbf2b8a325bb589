//! Reads activity logs whole, a page of entries after the other, with what other tables have beside them.
//!
//! Each of the four tables is read in the order of the entries, and what belongs together is put together here: looking up three
//! tables for each entry would take longer than reading all four. What is left then stands beside an entry that is not there.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    activity,
    error::DbError,
    packed::{At, Bytes, Flag},
    sql::Pair,
    tx::Tx,
};
use crate::{
    activity::{
        audit::{Personal, Row, Sealed},
        chain::Broken,
        entry::Hash,
    },
    id::{AccountId, CaseId, UserId},
};

/// An account, and the number of an entry of it. Entries are numbered from 1; one that is not is read, and found out of place.
pub type Place = (AccountId, i64);

/// Some entries that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entries. Account by account, each in order.
    pub entries: Vec<Found>,
    /// What stands beside entries that are not there: of each something, which tells of an entry that was removed.
    pub stray: Vec<(AccountId, Broken)>,
    /// Where the next page begins; none behind the last.
    pub next: Option<Place>,
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

/// What stands beside an entry.
#[derive(Default)]
struct Beside {
    personal: Vec<(String, Bytes, Option<String>)>,
    leaf: Option<i64>,
    waits: bool,
}

/// The next entries after that one, up to those of an account, and everything that stands between the first and the last of them.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, after: Place, to: AccountId, limit: i64) -> Result<Page, DbError> {
    let rows: Vec<EntryRow> = tx.sql(ENTRIES).bind(after.0).bind(after.1).bind(to).bind(limit).packed().await?;
    let next = match rows.last() {
        Some(last) if i64::try_from(rows.len()) == Ok(limit) => Some((AccountId::from_uuid(last.0), last.1)),
        _ => None,
    };
    let upto = next.unwrap_or((to, i64::MAX));
    let mut beside: BTreeMap<(Uuid, i64), Beside> = BTreeMap::new();
    for (account, seq, name, salt, value) in between::<PersonalRow>(tx, PERSONAL, after, upto).await? {
        beside.entry((account, seq)).or_default().personal.push((name, salt, value));
    }
    for (account, seq, leaf) in between::<(Uuid, i64, i64)>(tx, LEAVES, after, upto).await? {
        beside.entry((account, seq)).or_default().leaf = Some(leaf);
    }
    for (account, seq) in between::<(Uuid, i64)>(tx, UNSEALED, after, upto).await? {
        beside.entry((account, seq)).or_default().waits = true;
    }
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let beside = beside.remove(&(row.0, row.1)).unwrap_or_default();
        entries.push(found(row, beside)?);
    }
    let stray = beside.into_iter().map(|(place, beside)| beside.stray(place)).collect::<Result<_, _>>()?;
    Ok(Page { entries, stray, next })
}

async fn between<R: super::sql::Row + DeserializeOwned>(
    tx: &mut Tx,
    text: Pair,
    after: Place,
    upto: Place,
) -> Result<Vec<R>, DbError> {
    let (of_first, of_last) = if after.0 == upto.0 { (upto.1, i64::MIN) } else { (i64::MAX, upto.1) };
    tx.sql(text).bind(after.0).bind(after.1).bind(of_first).bind(upto.0).bind(of_last).packed().await
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

/// Account, number, moment, kind, actor, case, person, whether it changes owners, text, hash.
type EntryRow = (Uuid, i64, At, String, Option<Uuid>, Option<Uuid>, Option<Uuid>, Flag, String, Bytes);

/// Account, number, name, salt, and value; none of a mail.
type PersonalRow = (Uuid, i64, String, Bytes, Option<String>);

const ENTRIES: Pair = Pair {
    sqlite: "select json_group_array(json_array(hex(account_id), seq, at, kind, nullif(hex(actor_id), ''), nullif(hex(case_id), ''),
             nullif(hex(user_id), ''), owners, body, hex(hash)))
         from (
             select account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash from activity
             where (account_id, seq) > ($1, $2) and account_id <= $3 order by account_id, seq limit $4
         ) as page",
    postgres: "select account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash from activity
         where (account_id, seq) > ($1, $2) and account_id <= $3 order by account_id, seq limit $4",
};

/// All rows of a table from behind one place up to another: what is left of the first account, all of those between, what begins of
/// the last. Of comparisons of both columns at once, PostgreSQL expects a large part of the table; and with the accounts named besides,
/// it begins at the first row of the account.
macro_rules! rows {
    ($columns:literal, $table:literal) => {
        concat!(
            "select ",
            $columns,
            " from ",
            $table,
            " where account_id = $1 and seq > $2 and seq <= $3 union all select ",
            $columns,
            " from ",
            $table,
            " where account_id > $1 and account_id < $4 union all select ",
            $columns,
            " from ",
            $table,
            " where account_id = $4 and seq <= $5"
        )
    };
}

macro_rules! between {
    ($columns:literal, $packed:literal, $table:literal) => {
        Pair {
            sqlite: concat!(
                "select json_group_array(json_array(",
                $packed,
                ")) from (",
                rows!($columns, $table),
                ") as beside"
            ),
            postgres: rows!($columns, $table),
        }
    };
}

const PERSONAL: Pair = between!(
    "account_id, seq, name, salt, case when name = 'mail' then null else value end as value",
    "hex(account_id), seq, name, hex(salt), value",
    "activity_personal"
);

const LEAVES: Pair = between!("account_id, seq, leaf", "hex(account_id), seq, leaf", "log_leaves");

const UNSEALED: Pair = between!("account_id, seq", "hex(account_id), seq", "log_unsealed");

fn found(row: EntryRow, beside: Beside) -> Result<Found, DbError> {
    let (account, seq, at, kind, actor, case, user, owners, body, hash) = row;
    let account = AccountId::from_uuid(account);
    let corrupt = |table| DbError::corrupt(table, format!("{account}/{seq}"));
    let sealed = match (beside.leaf, beside.waits) {
        (Some(leaf), false) => Sealed::As(u64::try_from(leaf).map_err(|_| corrupt("log_leaves"))?),
        (None, true) => Sealed::Waits,
        (None, false) | (Some(_), true) => Sealed::Unclear,
    };
    let row = Row {
        seq: u64::try_from(seq).map_err(|_| corrupt("activity"))?,
        at: at.0,
        kind,
        actor: actor.map(UserId::from_uuid),
        case: case.map(CaseId::from_uuid),
        user: user.map(UserId::from_uuid),
        owners: owners.0,
        body,
        hash: Hash::from_bytes(hash.0.as_slice().try_into().map_err(|_| corrupt("activity"))?),
    };
    let mailed = beside.personal.iter().any(|(_, _, value)| value.is_none());
    let mut personal = Vec::with_capacity(beside.personal.len());
    for (name, salt, value) in beside.personal {
        let Some(value) = value else { continue };
        let salt = salt.0.as_slice().try_into().map_err(|_| corrupt("activity_personal"))?;
        personal.push(Personal { name, salt, value });
    }
    Ok(Found { account, row, personal, mailed, sealed })
}

impl Beside {
    /// What it tells of an entry that is not there.
    fn stray(mut self, (account, seq): (Uuid, i64)) -> Result<(AccountId, Broken), DbError> {
        let account = AccountId::from_uuid(account);
        let corrupt = |_| DbError::corrupt("activity", format!("{account}/{seq}"));
        let seq = u64::try_from(seq).map_err(corrupt)?;
        let broken = match (self.personal.pop(), self.leaf) {
            (Some((name, ..)), _) => Broken::PersonalChanged { seq, name },
            (None, Some(leaf)) => Broken::Removed { seq, leaf: u64::try_from(leaf).map_err(corrupt)? },
            (None, None) => Broken::NotSealed { seq },
        };
        Ok((account, broken))
    }
}
