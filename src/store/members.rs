//! Members of accounts, with the people they are.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::{error::DbError, mails::Contact, tx::Tx};
use crate::{
    id::{AccountId, UserId},
    moment::Moment,
    ownership::member::{Member, Status},
    recovery::terms::Person,
};

/// A member as stored, with their name and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What decisions about them need.
    pub member: Member,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// When they were invited.
    pub created_at: Moment,
    /// Counts their edits.
    pub version: i64,
}

impl Stored {
    /// How terms name them.
    #[must_use]
    pub fn person(&self) -> Person {
        Person { id: self.member.user, name: self.name.clone(), email: self.email.clone() }
    }

    /// Where mails to them go.
    #[must_use]
    pub fn contact(&self) -> Contact {
        Contact { user: Some(self.member.user), name: self.name.clone(), email: self.email.clone() }
    }
}

#[derive(FromRow)]
pub(super) struct MemberRow {
    pub(super) user_id: UserId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) confirmed_at: Option<Moment>,
    pub(super) role: String,
    pub(super) administrator: bool,
    pub(super) status: String,
    pub(super) owner: bool,
    pub(super) created_at: Moment,
    pub(super) version: i64,
}

impl MemberRow {
    pub(super) fn decode(self) -> Result<Stored, DbError> {
        let status = Status::named(&self.status).ok_or_else(|| DbError::corrupt("members", self.user_id))?;
        Ok(Stored {
            member: Member {
                user: self.user_id,
                role: self.role,
                administrator: self.administrator,
                status,
                confirmed: self.confirmed_at.is_some(),
                owner: self.owner,
            },
            name: self.name,
            email: self.email,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

pub(super) fn status(word: &str) -> Option<Status> {
    [Status::Invited, Status::Active, Status::Suspended].into_iter().find(|status| status.word() == word)
}

/// Reads one member.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, account: AccountId, user: UserId) -> Result<Option<Stored>, DbError> {
    let row = tx
        .sql(
            "select m.user_id, u.name, u.email, u.confirmed_at, m.role, m.administrator, m.status, m.owner, m.created_at, m.version
             from members m join users u on u.id = m.user_id where m.account_id = $1 and m.user_id = $2",
        )
        .bind(account)
        .bind(user)
        .maybe::<MemberRow>()
        .await?;
    row.map(MemberRow::decode).transpose()
}

/// Reads every owner and every member whose role makes them an administrator.
///
/// # Errors
/// When the database fails.
pub async fn key_people(tx: &mut Tx, account: AccountId) -> Result<Vec<Stored>, DbError> {
    let rows = tx
        .sql(
            "select m.user_id, u.name, u.email, u.confirmed_at, m.role, m.administrator, m.status, m.owner, m.created_at, m.version
             from members m join users u on u.id = m.user_id
             where m.account_id = $1 and (m.owner or m.administrator) order by m.user_id",
        )
        .bind(account)
        .all::<MemberRow>()
        .await?;
    rows.into_iter().map(MemberRow::decode).collect()
}

/// Reads members by id, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, account: AccountId, after: Option<UserId>, limit: i64) -> Result<Vec<Stored>, DbError> {
    let rows = tx
        .sql(
            "select m.user_id, u.name, u.email, u.confirmed_at, m.role, m.administrator, m.status, m.owner, m.created_at, m.version
             from members m join users u on u.id = m.user_id
             where m.account_id = $1 and m.user_id > $2 order by m.user_id limit $3",
        )
        .bind(account)
        .bind(after.unwrap_or(UserId::LOWEST))
        .bind(limit)
        .all::<MemberRow>()
        .await?;
    rows.into_iter().map(MemberRow::decode).collect()
}

/// How many active, confirmed members are neither owners nor anywhere on the roster.
///
/// # Errors
/// When the database fails.
pub async fn count_off_roster(tx: &mut Tx, account: AccountId) -> Result<i64, DbError> {
    tx.sql(
        "select count(*) from members m join users u on u.id = m.user_id
         where m.account_id = $1 and m.status = 'active' and not m.owner and u.confirmed_at is not null and not exists (
             select 1 from roster r where r.account_id = m.account_id and r.user_id = m.user_id
         )",
    )
    .bind(account)
    .scalar()
    .await
}

/// Who owns the account.
///
/// # Errors
/// When the database fails.
pub async fn owners(tx: &mut Tx, account: AccountId) -> Result<BTreeSet<UserId>, DbError> {
    let owners = tx.sql("select user_id from members where account_id = $1 and owner").bind(account).scalars().await?;
    Ok(owners.into_iter().collect())
}

/// Stores a new member.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, account: AccountId, member: &Member, now: Moment) -> Result<(), DbError> {
    tx.sql(
        "insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, 1)",
    )
    .bind(account)
    .bind(member.user)
    .bind(member.role.clone())
    .bind(member.administrator)
    .bind(member.status.word())
    .bind(member.owner)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// Saves a member's role, status and ownership, and counts the edit.
///
/// # Errors
/// When the database fails, or there is no such member.
pub async fn save(tx: &mut Tx, account: AccountId, member: &Member) -> Result<(), DbError> {
    let written = tx
        .sql(
            "update members set role = $3, administrator = $4, status = $5, owner = $6, version = version + 1
             where account_id = $1 and user_id = $2",
        )
        .bind(account)
        .bind(member.user)
        .bind(member.role.clone())
        .bind(member.administrator)
        .bind(member.status.word())
        .bind(member.owner)
        .run()
        .await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("members", member.user)) }
}

/// Deletes a member, who must not be an owner.
///
/// # Errors
/// When the database fails, or there is no such member.
pub async fn delete(tx: &mut Tx, account: AccountId, user: UserId) -> Result<(), DbError> {
    let written = tx
        .sql("delete from members where account_id = $1 and user_id = $2 and not owner")
        .bind(account)
        .bind(user)
        .run()
        .await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("members", user)) }
}

/// The accounts in which a person is a member, by id.
///
/// # Errors
/// When the database fails.
pub async fn accounts_of(tx: &mut Tx, user: UserId) -> Result<Vec<(AccountId, String)>, DbError> {
    tx.sql(
        "select a.id, a.name from members m join accounts a on a.id = m.account_id
         where m.user_id = $1 order by a.id limit 200",
    )
    .bind(user)
    .all()
    .await
}

/// A person's membership, with the account that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// The preset that it was made from.
    pub preset: String,
    /// The person's place in it.
    pub member: Member,
}

#[derive(FromRow)]
struct MembershipRow {
    account_id: AccountId,
    account_name: String,
    preset: String,
    #[sqlx(flatten)]
    member: MemberRow,
}

/// Everything in which a person is a member, by the accounts' ids.
///
/// # Errors
/// When the database fails.
pub async fn memberships(tx: &mut Tx, user: UserId) -> Result<Vec<Membership>, DbError> {
    let rows = tx
        .sql(
            "select a.id as account_id, a.name as account_name, a.preset, m.user_id, u.name, u.email, u.confirmed_at, m.role,
                 m.administrator, m.status, m.owner, m.created_at, m.version
             from members m join accounts a on a.id = m.account_id join users u on u.id = m.user_id
             where m.user_id = $1 order by a.id limit 200",
        )
        .bind(user)
        .all::<MembershipRow>()
        .await?;
    let decode = |row: MembershipRow| {
        let (account, name, preset) = (row.account_id, row.account_name, row.preset);
        row.member.decode().map(|stored| Membership { account, name, preset, member: stored.member })
    };
    rows.into_iter().map(decode).collect()
}
