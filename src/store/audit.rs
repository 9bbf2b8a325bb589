//! Reads activity logs whole, of many accounts one after the other, for whoever checks them.
//!
//! Rows are read by range of account, so that what belongs to no account is read too.

use sqlx::FromRow;

use super::{activity, error::DbError, tx::Tx};
use crate::{
    activity::{
        audit::{Personal, Row},
        chain::{Head, commitment},
        entry::Hash,
    },
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    recovery::case::Case,
};

/// From after one account to another, which is included. Open on a side without an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// After this account.
    pub after: Option<AccountId>,
    /// Up to this account.
    pub to: Option<AccountId>,
}

/// How many entries all accounts say they have.
///
/// # Errors
/// When the database fails.
pub async fn size(tx: &mut Tx) -> Result<u64, DbError> {
    let sum: i64 = tx.sql("select cast(coalesce(sum(head_seq), 0) as bigint) from accounts").scalar().await?;
    Ok(u64::try_from(sum).unwrap_or_default())
}

/// The ends of the logs of the next accounts.
///
/// # Errors
/// When the database fails.
pub async fn heads(tx: &mut Tx, after: Option<AccountId>, limit: i64) -> Result<Vec<(AccountId, Head)>, DbError> {
    let rows: Vec<(AccountId, i64, Vec<u8>)> = tx
        .sql("select id, head_seq, head_hash from accounts where ($1 is null or id > $1) order by id limit $2")
        .bind(after)
        .bind(limit)
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
         where (owner or administrator) and owner and ($1 is null or account_id > $1) and ($2 is null or account_id <= $2)",
    )
    .bind(range.after)
    .bind(range.to)
    .all()
    .await
}

/// The cases of the accounts in that range, by account.
///
/// # Errors
/// When the database fails.
pub async fn cases(tx: &mut Tx, range: Range) -> Result<Vec<(AccountId, CaseId)>, DbError> {
    tx.sql(
        "select account_id, id from cases where ($1 is null or account_id > $1) and ($2 is null or account_id <= $2)
         order by account_id, id",
    )
    .bind(range.after)
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

/// What the columns of a case, and of its ballots, repeat of its terms, so that it can be searched.
#[derive(Debug, Clone, FromRow)]
pub struct Columns {
    account_id: AccountId,
    opener: UserId,
    nominee: UserId,
    kind: String,
    required: i64,
    opened_at: Moment,
    closes_at: Moment,
    route: String,
    signed_in_only: i64,
    live: i64,
    elsewhere: i64,
}

impl Columns {
    /// Whether they are those of that case.
    #[must_use]
    pub fn are_of(&self, case: &Case) -> bool {
        let terms = &case.terms;
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let ballots = case.electors.values().filter(|elector| elector.ballot.is_some() && elector.lost_at.is_none());
        let live = if case.state.is_final() { 0 } else { ballots.count() };
        let marked = terms.signed_in_only.keys().filter(|user| terms.electorate.contains(user)).count();
        self.account_id == terms.account
            && self.opener == case.opener.administrator().unwrap_or(terms.nominee.id)
            && self.nominee == terms.nominee.id
            && self.kind == word(&terms.kind)
            && self.route == word(&terms.route)
            && self.required == i64::from(terms.required + terms.keys_required())
            && (self.opened_at, self.closes_at) == (terms.opened_at, terms.closes_at())
            && (self.signed_in_only, self.live, self.elsewhere) == (count(marked), count(live), 0)
    }
}

/// The word of a kind or a route, as in the terms and in the columns.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What the columns of a case repeat.
///
/// # Errors
/// When the database fails.
pub async fn columns(tx: &mut Tx, case: CaseId) -> Result<Option<Columns>, DbError> {
    tx.sql(
        "select c.account_id, c.opener, c.nominee, c.kind, c.required, c.opened_at, c.closes_at, c.route,
             (select count(*) from electors e where e.case_id = c.id and e.signed_in_only) as signed_in_only,
             (select count(*) from ballots b where b.case_id = c.id and b.live) as live,
             (select count(*) from ballots b where b.case_id = c.id and b.account_id <> c.account_id)
                 + (select count(*) from redemptions r where r.case_id = c.id and r.account_id <> c.account_id) as elsewhere
         from cases c where c.id = $1",
    )
    .bind(case)
    .maybe()
    .await
}

#[derive(FromRow)]
struct EntryRow {
    account_id: AccountId,
    seq: i64,
    at: Moment,
    kind: String,
    actor_id: Option<UserId>,
    case_id: Option<CaseId>,
    user_id: Option<UserId>,
    owners: bool,
    body: String,
    hash: Vec<u8>,
}

/// The next entries of a range, after the one with that number of that account. Account by account, each in order.
///
/// # Errors
/// When the database fails.
pub async fn entries(
    tx: &mut Tx,
    after: (AccountId, u64),
    to: Option<AccountId>,
    limit: i64,
) -> Result<Vec<(AccountId, Row)>, DbError> {
    let seq = i64::try_from(after.1).unwrap_or(i64::MAX);
    let rows: Vec<EntryRow> = tx
        .sql(
            "select account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash from activity
             where (account_id, seq) > ($1, $2) and ($3 is null or account_id <= $3)
             order by account_id, seq limit $4",
        )
        .bind(after.0)
        .bind(seq)
        .bind(to)
        .bind(limit)
        .all()
        .await?;
    let decode = |row: EntryRow| {
        let corrupt = || DbError::corrupt("activity", format!("{}/{}", row.account_id, row.seq));
        let entry = Row {
            seq: u64::try_from(row.seq).map_err(|_| corrupt())?,
            hash: Hash::from_bytes(row.hash.as_slice().try_into().map_err(|_| corrupt())?),
            at: row.at,
            kind: row.kind,
            actor: row.actor_id,
            case: row.case_id,
            user: row.user_id,
            owners: row.owners,
            body: row.body,
        };
        Ok((row.account_id, entry))
    };
    rows.into_iter().map(decode).collect()
}

#[derive(FromRow)]
struct PersonalRow {
    account_id: AccountId,
    seq: i64,
    name: String,
    salt: Vec<u8>,
    /// Mails are large, and read one by one.
    value: Option<String>,
}

/// The personal values of the entries after one and up to another, in the order of the entries.
///
/// # Errors
/// When the database fails.
pub async fn personal(
    tx: &mut Tx,
    after: (AccountId, u64),
    to: (AccountId, u64),
) -> Result<Vec<((AccountId, u64), Personal)>, DbError> {
    let rows: Vec<PersonalRow> = tx
        .sql(
            "select account_id, seq, name, salt, case when name = 'mail' then null else value end as value
             from activity_personal
             where (account_id, seq) > ($1, $2) and (account_id, seq) <= ($3, $4) order by account_id, seq, name",
        )
        .bind(after.0)
        .bind(number(after.1))
        .bind(to.0)
        .bind(number(to.1))
        .all()
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let corrupt = || DbError::corrupt("activity_personal", format!("{}/{}", row.account_id, row.seq));
        let seq = u64::try_from(row.seq).map_err(|_| corrupt())?;
        let salt = row.salt.as_slice().try_into().map_err(|_| corrupt())?;
        let value = match row.value {
            Some(value) => value,
            None => activity::mail(tx, row.account_id, row.seq).await?.ok_or_else(corrupt)?.value,
        };
        found.push(((row.account_id, seq), Personal { name: row.name, commitment: commitment(&salt, &value) }));
    }
    Ok(found)
}

/// The leaves of the tree that the entries after one and up to another are, in the order of the entries.
///
/// # Errors
/// When the database fails.
pub async fn leaves(
    tx: &mut Tx,
    after: (AccountId, u64),
    to: (AccountId, u64),
) -> Result<Vec<((AccountId, u64), u64)>, DbError> {
    let rows: Vec<(AccountId, i64, i64)> = tx
        .sql(
            "select account_id, seq, leaf from log_leaves
             where (account_id, seq) > ($1, $2) and (account_id, seq) <= ($3, $4) order by account_id, seq",
        )
        .bind(after.0)
        .bind(number(after.1))
        .bind(to.0)
        .bind(number(to.1))
        .all()
        .await?;
    let decode = |(account, seq, leaf): (AccountId, i64, i64)| {
        let corrupt = |_| DbError::corrupt("log_leaves", leaf);
        Ok(((account, u64::try_from(seq).map_err(corrupt)?), u64::try_from(leaf).map_err(corrupt)?))
    };
    rows.into_iter().map(decode).collect()
}

/// The entries after one and up to another that wait for the tree, in their order.
///
/// # Errors
/// When the database fails.
pub async fn unsealed(
    tx: &mut Tx,
    after: (AccountId, u64),
    to: (AccountId, u64),
) -> Result<Vec<(AccountId, u64)>, DbError> {
    let rows: Vec<(AccountId, i64)> = tx
        .sql(
            "select account_id, seq from log_unsealed
             where (account_id, seq) > ($1, $2) and (account_id, seq) <= ($3, $4) order by account_id, seq",
        )
        .bind(after.0)
        .bind(number(after.1))
        .bind(to.0)
        .bind(number(to.1))
        .all()
        .await?;
    let corrupt = |_| DbError::corrupt("log_unsealed", 1);
    rows.into_iter().map(|(account, seq)| Ok((account, u64::try_from(seq).map_err(corrupt)?))).collect()
}

/// A place as the database counts.
fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
