//! Accounts, and the lock under which everything in one changes.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    activity::{chain::Head, entry::Hash},
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::account::Status,
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

fn status(word: &str, until: Option<Moment>) -> Option<Status> {
    let without = || [Status::Pending, Status::Active, Status::Suspended, Status::Closed].into_iter();
    match until {
        Some(until) => Some(Status::Closing { until }).filter(|status| status.word() == word),
        None => without().find(|status| status.word() == word),
    }
}

/// When an account with that status is closed for good.
const fn closing_until(status: Status) -> Option<Moment> {
    match status {
        Status::Closing { until } => Some(until),
        Status::Pending | Status::Active | Status::Suspended | Status::Closed => None,
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

/// Accounts by id, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, after: Option<AccountId>, limit: i64) -> Result<Vec<Account>, DbError> {
    let rows = tx
        .sql(select!("where $1 is null or id > $1 order by id limit $2"))
        .bind(after)
        .bind(limit)
        .all::<AccountRow>()
        .await?;
    rows.into_iter().map(AccountRow::decode).collect()
}

/// Stores a new account, with an empty activity log.
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
    .bind(closing_until(account.status))
    .bind(account.parent)
    .bind(i64::from(account.depth))
    .bind(account.reference.clone())
    .bind(account.primary_owner)
    .bind(account.created_at)
    .bind(account.version)
    .bind(Hash::NONE.as_bytes().to_vec())
    .run()
    .await?;
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
        .bind(closing_until(account.status))
        .bind(account.primary_owner)
        .bind(account.version)
        .run()
        .await?;
    Ok(())
}
