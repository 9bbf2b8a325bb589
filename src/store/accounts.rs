//! Accounts, and the lock under which everything in one changes.

use sqlx::FromRow;

use super::{digests, error::DbError, tx::Tx};
use crate::{
    activity::{chain::Head, entry::Hash},
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::{account::Status, readiness::DIGEST_EVERY},
    recovery::policy::Policy,
};

/// An account as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The preset that it was made from.
    pub preset: String,
    /// Its policy in force.
    pub policy: Policy,
    /// Whether it is in use.
    pub status: Status,
    /// The account that it stands below. It never changes.
    pub parent: Option<AccountId>,
    /// How many accounts stand above it.
    pub depth: u32,
    /// What others file it under.
    pub reference: Option<String>,
    /// The primary owner, where the preset has one.
    pub primary_owner: Option<UserId>,
    /// When it was created.
    pub created_at: Moment,
    /// Counts its edits.
    pub version: i64,
    /// The end of its activity chain.
    pub head: Head,
}

#[derive(FromRow)]
pub(super) struct AccountRow {
    id: AccountId,
    name: String,
    preset: String,
    policy: String,
    status: String,
    closing_until: Option<Moment>,
    parent_id: Option<AccountId>,
    depth: i64,
    reference: Option<String>,
    primary_owner: Option<UserId>,
    created_at: Moment,
    version: i64,
    head_seq: i64,
    head_hash: Vec<u8>,
}

impl AccountRow {
    pub(super) fn decode(self) -> Result<Account, DbError> {
        let corrupt = || DbError::corrupt("accounts", self.id);
        Ok(Account {
            id: self.id,
            policy: serde_json::from_str(&self.policy).map_err(|_| corrupt())?,
            status: status(&self.status, self.closing_until).ok_or_else(corrupt)?,
            depth: u32::try_from(self.depth).map_err(|_| corrupt())?,
            head: Head {
                seq: u64::try_from(self.head_seq).map_err(|_| corrupt())?,
                hash: Hash::from_bytes(self.head_hash.as_slice().try_into().map_err(|_| corrupt())?),
            },
            name: self.name,
            preset: self.preset,
            parent: self.parent_id,
            reference: self.reference,
            primary_owner: self.primary_owner,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

pub(super) fn status(word: &str, until: Option<Moment>) -> Option<Status> {
    let without = || [Status::Pending, Status::Active, Status::Suspended, Status::Closed].into_iter();
    match until {
        Some(until) => Some(Status::Closing { until }).filter(|status| status.word() == word),
        None => without().find(|status| status.word() == word),
    }
}

/// A statement that reads whole accounts.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner, created_at,
                 version, head_seq, head_hash
             from accounts ",
            $rest
        )
    };
}

/// Reads an account and locks it until the unit of work ends. Every unit that writes in an account begins with this.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, account: AccountId) -> Result<Option<Account>, DbError> {
    let row = tx.sql(select!("where id = $1")).bind(account).for_update().maybe::<AccountRow>().await?;
    row.map(AccountRow::decode).transpose()
}

/// Reads the account of a case and locks it, as [`lock`] does.
///
/// # Errors
/// When the database fails.
pub async fn lock_of_case(tx: &mut Tx, case: CaseId) -> Result<Option<Account>, DbError> {
    let row = tx
        .sql(select!("where id = (select account_id from cases where id = $1)"))
        .bind(case)
        .for_update()
        .maybe::<AccountRow>()
        .await?;
    row.map(AccountRow::decode).transpose()
}

/// Reads an account.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, account: AccountId) -> Result<Option<Account>, DbError> {
    let row = tx.sql(select!("where id = $1")).bind(account).maybe::<AccountRow>().await?;
    row.map(AccountRow::decode).transpose()
}

/// What has become of an account, or of that of a case.
///
/// # Errors
/// When the database fails, or its row makes no sense.
pub async fn status_of(
    tx: &mut Tx,
    account: Option<AccountId>,
    case: Option<CaseId>,
) -> Result<Option<(AccountId, Status)>, DbError> {
    let row: Option<(AccountId, String, Option<Moment>)> = tx
        .sql(
            "select id, status, closing_until from accounts
             where id = coalesce($1, (select account_id from cases where id = $2))",
        )
        .bind(account)
        .bind(case)
        .maybe()
        .await?;
    let decode = |(id, word, until): (AccountId, String, Option<Moment>)| {
        status(&word, until).map(|status| (id, status)).ok_or_else(|| DbError::corrupt("accounts", id))
    };
    row.map(decode).transpose()
}

/// Accounts by id, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, after: Option<AccountId>, limit: i64) -> Result<Vec<Account>, DbError> {
    let rows = tx
        .sql(select!("where id > $1 order by id limit $2"))
        .bind(after.unwrap_or(AccountId::LOWEST))
        .bind(limit)
        .all::<AccountRow>()
        .await?;
    rows.into_iter().map(AccountRow::decode).collect()
}

/// The account above another. It never changes, so no lock is needed to know it.
///
/// # Errors
/// When the database fails.
pub async fn parent_of(tx: &mut Tx, account: AccountId) -> Result<Option<AccountId>, DbError> {
    let parent = tx.sql("select parent_id from accounts where id = $1").bind(account).maybe_scalar().await?;
    Ok(parent.flatten())
}

/// Accounts below another that wait for this person, their first owner, to accept.
///
/// # Errors
/// When the database fails.
pub async fn pending_below(tx: &mut Tx, parent: AccountId, owner: UserId) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select a.id from accounts a join members m on m.account_id = a.id and m.user_id = $2 and m.owner
         where a.parent_id = $1 and a.status = 'pending' and m.status = 'invited' order by a.id",
    )
    .bind(parent)
    .bind(owner)
    .scalars()
    .await
}

/// Accounts that are to be closed for good by now, after a given one. Those with an open case wait for its end.
///
/// # Errors
/// When the database fails.
pub async fn closings_due(
    tx: &mut Tx,
    now: Moment,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<AccountId>, DbError> {
    tx.sql(
        "select a.id from accounts a
         where a.closing_until <= $1 and ($2 is null or a.id > $2) and not exists (
             select 1 from cases c where c.account_id = a.id and c.state in ('collecting', 'waiting', 'paused')
         )
         order by a.id limit $3",
    )
    .bind(now)
    .bind(after)
    .bind(limit)
    .scalars()
    .await
}

/// The presets that accounts were made from, each once.
///
/// # Errors
/// When the database fails.
pub async fn presets(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    tx.sql("select distinct preset from accounts order by preset").scalars().await
}

/// Stores a new account, with an empty activity log. Its readiness is looked at after a while.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<(), DbError> {
    let policy = serde_json::to_string(&account.policy).map_err(|_| DbError::corrupt("accounts", account.id))?;
    tx.sql(
        "insert into accounts (id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner,
             created_at, version, head_seq, head_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13)",
    )
    .bind(account.id)
    .bind(account.name.clone())
    .bind(account.preset.clone())
    .bind(policy)
    .bind(account.status.word())
    .bind(account.status.closing_until())
    .bind(account.parent)
    .bind(i64::from(account.depth))
    .bind(account.reference.clone())
    .bind(account.primary_owner)
    .bind(account.created_at)
    .bind(account.version)
    .bind(Hash::NONE.as_bytes().to_vec())
    .run()
    .await?;
    digests::begin(tx, account.id, account.created_at.after(DIGEST_EVERY)).await
}

/// Saves the policy that is in force from now on, and counts the edit.
///
/// # Errors
/// When the database fails, or a case of the account is open.
pub async fn save_policy(tx: &mut Tx, account: &mut Account) -> Result<(), DbError> {
    let policy = serde_json::to_string(&account.policy).map_err(|_| DbError::corrupt("accounts", account.id))?;
    account.version += 1;
    tx.sql("update accounts set policy = $2, version = $3 where id = $1")
        .bind(account.id)
        .bind(policy)
        .bind(account.version)
        .run()
        .await?;
    Ok(())
}

/// Counts an edit of what belongs to an account and stands in other tables: a change that waits, a setting.
///
/// # Errors
/// When the database fails.
pub async fn touch(tx: &mut Tx, account: &mut Account) -> Result<(), DbError> {
    account.version += 1;
    tx.sql("update accounts set version = $2 where id = $1").bind(account.id).bind(account.version).run().await?;
    Ok(())
}

/// Saves an account's name, status and primary owner, and counts the edit.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, account: &mut Account) -> Result<(), DbError> {
    account.version += 1;
    tx.sql("update accounts set name = $2, status = $3, closing_until = $4, primary_owner = $5, version = $6 where id = $1")
        .bind(account.id)
        .bind(account.name.clone())
        .bind(account.status.word())
        .bind(account.status.closing_until())
        .bind(account.primary_owner)
        .bind(account.version)
        .run()
        .await?;
    Ok(())
}
