//! People whom owners chose to hold paper keys, and their addresses.
//!
//! A unit of work that changes them locks the account first.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{error::DbError, mails::Contact, paper_keys, tx::Tx};
use crate::{
    id::{AccountId, RecoveryAddressId, RecoveryUserId, UserId},
    moment::Moment,
    ownership::{
        paper_key::State,
        readiness::{self, Mailbox},
        recovery_user::{Address, RecoveryUser},
    },
};

#[derive(FromRow)]
struct Row {
    id: RecoveryUserId,
    account_id: AccountId,
    name: String,
    added_by: UserId,
    added_at: Moment,
    address_id: RecoveryAddressId,
    email: String,
    confirmed_at: Option<Moment>,
}

/// Somebody who was chosen, and by which account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The account.
    pub account: AccountId,
    /// Who.
    pub user: RecoveryUser,
}

impl Stored {
    /// Where mails go that are for one of their addresses.
    #[must_use]
    pub fn contact(&self, address: &Address) -> Contact {
        Contact { user: None, name: self.user.name.clone(), email: address.email.as_str().to_owned() }
    }

    /// One of their addresses.
    #[must_use]
    pub fn address(&self, id: RecoveryAddressId) -> Option<&Address> {
        self.user.addresses.iter().find(|address| address.id == id)
    }
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "select r.id, r.account_id, r.name, r.added_by, r.added_at, a.id as address_id, a.email, a.confirmed_at
             from recovery_users r join recovery_addresses a on a.recovery_user_id = r.id where ",
            $condition,
            " order by r.id, a.email"
        )
    };
}

fn decode(rows: Vec<Row>) -> Result<Vec<Stored>, DbError> {
    let mut all: BTreeMap<RecoveryUserId, Stored> = BTreeMap::new();
    for row in rows {
        let Row { id, account_id: account, name, added_by, added_at, address_id, email, confirmed_at } = row;
        let email = email.parse().map_err(|_| DbError::corrupt("recovery_addresses", address_id))?;
        let user = RecoveryUser { id, name, addresses: Vec::new(), added_by, added_at };
        let stored = all.entry(id).or_insert(Stored { account, user });
        stored.user.addresses.push(Address { id: address_id, email, confirmed_at });
    }
    Ok(all.into_values().collect())
}

/// The recovery users of an account, the first chosen first.
///
/// # Errors
/// When the database fails.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<RecoveryUser>, DbError> {
    let rows = tx.sql(select!("r.account_id = $1")).bind(account).all().await?;
    Ok(decode(rows)?.into_iter().map(|stored| stored.user).collect())
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: RecoveryUserId) -> Result<Option<Stored>, DbError> {
    let rows = tx.sql(select!("r.id = $1")).bind(id).all().await?;
    Ok(decode(rows)?.pop())
}

/// Whose address that is.
///
/// # Errors
/// When the database fails.
pub async fn whose(tx: &mut Tx, address: RecoveryAddressId) -> Result<Option<Stored>, DbError> {
    let condition = select!("r.id = (select recovery_user_id from recovery_addresses where id = $1)");
    let rows = tx.sql(condition).bind(address).all().await?;
    Ok(decode(rows)?.pop())
}

/// Keeps somebody who was chosen.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, account: AccountId, user: &RecoveryUser) -> Result<(), DbError> {
    tx.sql("insert into recovery_users (id, account_id, name, added_by, added_at) values ($1, $2, $3, $4, $5)")
        .bind(user.id)
        .bind(account)
        .bind(user.name.clone())
        .bind(user.added_by)
        .bind(user.added_at)
        .run()
        .await?;
    for address in &user.addresses {
        tx.sql(
            "insert into recovery_addresses (id, recovery_user_id, account_id, email, confirmed_at)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(address.id)
        .bind(user.id)
        .bind(account)
        .bind(address.email.as_str().to_owned())
        .bind(address.confirmed_at)
        .run()
        .await?;
    }
    Ok(())
}

/// Forgets somebody, with their addresses and every code that was mailed there.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, id: RecoveryUserId) -> Result<(), DbError> {
    tx.sql("delete from recovery_users where id = $1").bind(id).run().await?;
    Ok(())
}

/// Keeps that somebody reads an address.
///
/// # Errors
/// When the database fails.
pub async fn confirm(tx: &mut Tx, address: RecoveryAddressId, now: Moment) -> Result<(), DbError> {
    tx.sql("update recovery_addresses set confirmed_at = $2 where id = $1 and confirmed_at is null")
        .bind(address)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct ReachedRow {
    id: RecoveryUserId,
    confirmed: bool,
    bounces: bool,
}

/// How readiness sees them, with their keys that work at a moment.
///
/// # Errors
/// When the database fails.
pub async fn prepared(
    tx: &mut Tx,
    account: AccountId,
    now: Moment,
) -> Result<BTreeMap<RecoveryUserId, readiness::RecoveryUser>, DbError> {
    let mut keys: BTreeMap<RecoveryUserId, Vec<readiness::Key>> = BTreeMap::new();
    for paper_keys::Stored { user, key, .. } in paper_keys::of_account(tx, account).await? {
        if key.state(now) == State::InForce {
            let seen = readiness::Key { issued_at: key.issued_at, drilled_at: key.drilled_at };
            keys.entry(user).or_default().push(seen);
        }
    }
    let rows: Vec<ReachedRow> = tx
        .sql(
            "select r.id,
                 not exists (
                     select 1 from recovery_addresses a where a.recovery_user_id = r.id and a.confirmed_at is null
                 ) as confirmed,
                 exists (
                     select 1 from recovery_addresses a where a.recovery_user_id = r.id and coalesce((
                         select e.status from mails e
                         where e.user_id is null and e.address = a.email
                             and e.status in ('accepted', 'bounced', 'undeliverable')
                         order by e.id desc limit 1
                     ), 'accepted') <> 'accepted'
                 ) as bounces
             from recovery_users r where r.account_id = $1",
        )
        .bind(account)
        .all()
        .await?;
    let mut reached = |row: ReachedRow| {
        let keys = keys.remove(&row.id).unwrap_or_default();
        let mailbox = if row.bounces { Mailbox::Bounces } else { Mailbox::Fine };
        (row.id, readiness::RecoveryUser { confirmed: row.confirmed, mailbox, keys })
    };
    Ok(rows.into_iter().map(&mut reached).collect())
}
