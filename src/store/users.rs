//! People: one row each, known by their address, the same in every account.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::{error::DbError, mails::Contact, sql::Pair, tx::Tx};
use crate::{id::UserId, moment::Moment, ownership::address::Email, zone::Zone};

/// A person as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Their address.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// When they first showed that the address is theirs.
    pub confirmed_at: Option<Moment>,
    /// When we first heard of them.
    pub created_at: Moment,
    /// Counts the edits of name and address.
    pub version: i64,
}

impl User {
    /// Where mails to them go.
    #[must_use]
    pub fn contact(&self) -> Contact {
        Contact { user: Some(self.id), name: self.name.clone(), email: self.email.as_str().to_owned() }
    }
}

#[derive(FromRow)]
struct UserRow {
    id: UserId,
    email: String,
    name: String,
    confirmed_at: Option<Moment>,
    created_at: Moment,
    version: i64,
}

impl UserRow {
    fn decode(self) -> Result<User, DbError> {
        Ok(User {
            id: self.id,
            email: self.email.parse().map_err(|_| DbError::corrupt("users", self.id))?,
            name: self.name,
            confirmed_at: self.confirmed_at,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

/// The person with that address.
///
/// # Errors
/// When the database fails.
pub async fn by_email(tx: &mut Tx, email: &Email) -> Result<Option<User>, DbError> {
    let row = tx
        .sql("select id, email, name, confirmed_at, created_at, version from users where email = $1")
        .bind(email.as_str().to_owned())
        .maybe::<UserRow>()
        .await?;
    row.map(UserRow::decode).transpose()
}

/// The person with that id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, user: UserId) -> Result<Option<User>, DbError> {
    let row = tx
        .sql("select id, email, name, confirmed_at, created_at, version from users where id = $1")
        .bind(user)
        .maybe::<UserRow>()
        .await?;
    row.map(UserRow::decode).transpose()
}

/// Makes other units of work that count a person's codes wait until this one has ended.
///
/// # Errors
/// When the database fails, or there is no such person.
pub async fn lock(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    // The weaker lock of the two that exclude each other: rows of other tables that only name the person go on.
    tx.sql(Pair {
        sqlite: "select id from users where id = $1",
        postgres: "select id from users where id = $1 for no key update",
    })
    .bind(user)
    .scalar::<UserId>()
    .await?;
    Ok(())
}

/// The same, and nobody names the person in a new row meanwhile: no account gets them as a member, and no case as an
/// elector.
///
/// # Errors
/// When the database fails, or there is no such person.
pub async fn lock_whole(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    tx.sql("select id from users where id = $1").bind(user).for_update().scalar::<UserId>().await?;
    Ok(())
}

/// Where mails to a person go.
///
/// # Errors
/// When the database fails, or there is no such person.
pub async fn contact(tx: &mut Tx, user: UserId) -> Result<Contact, DbError> {
    let found = by_id(tx, user).await?;
    found.map(|user| user.contact()).ok_or_else(|| DbError::corrupt("users", user))
}

/// Where mails to several people go, in their order.
///
/// # Errors
/// When the database fails, or one of them does not exist.
pub async fn contacts(tx: &mut Tx, users: impl IntoIterator<Item = UserId> + Send) -> Result<Vec<Contact>, DbError> {
    let users: Vec<UserId> = users.into_iter().collect();
    let mut contacts = Vec::with_capacity(users.len());
    for user in users {
        contacts.push(contact(tx, user).await?);
    }
    Ok(contacts)
}

/// What people are called, of those who exist.
///
/// # Errors
/// When the database fails.
pub async fn names(tx: &mut Tx, users: &BTreeSet<UserId>) -> Result<BTreeMap<UserId, String>, DbError> {
    if users.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<String> = users.iter().map(|user| user.uuid().simple().to_string()).collect();
    let rows: Vec<(UserId, String)> = tx.sql(NAMES).bind(serde_json::json!(ids).to_string()).all().await?;
    Ok(rows.into_iter().collect())
}

// An array, so that PostgreSQL looks each of them up, and reads no whole table.
const NAMES: Pair = Pair {
    sqlite: "select id, name from users where id in (select unhex(value) from json_each($1))",
    postgres: "select id, name from users
               where id = any(array(select value::uuid from jsonb_array_elements_text($1::jsonb)))",
};

/// The person with that address; if nobody has it yet, a new, unconfirmed one with that id and name.
///
/// # Errors
/// When the database fails.
pub async fn find_or_create(tx: &mut Tx, id: UserId, email: &Email, name: &str, now: Moment) -> Result<User, DbError> {
    // Whoever is found keeps that address until this unit of work has ended: somebody who is just moving away from it is
    // not taken for its reader.
    let found = tx
        .sql(Pair {
            sqlite: "select id, email, name, confirmed_at, created_at, version from users where email = $1",
            postgres: "select id, email, name, confirmed_at, created_at, version from users where email = $1 for key share",
        })
        .bind(email.as_str().to_owned())
        .maybe::<UserRow>()
        .await?;
    if let Some(row) = found {
        return row.decode();
    }
    // Somebody else may be inserting the same address: then this waits for them, and the row is theirs.
    tx.sql("insert into users (id, email, name, created_at) values ($1, $2, $3, $4) on conflict (email) do nothing")
        .bind(id)
        .bind(email.as_str().to_owned())
        .bind(name.to_owned())
        .bind(now)
        .run()
        .await?;
    by_email(tx, email).await?.ok_or_else(|| DbError::corrupt("users", id))
}

/// Notes that a person has shown that their address is theirs. Says whether that was new.
///
/// # Errors
/// When the database fails.
pub async fn confirm(tx: &mut Tx, user: UserId, now: Moment) -> Result<bool, DbError> {
    let written = tx
        .sql("update users set confirmed_at = $2 where id = $1 and confirmed_at is null")
        .bind(user)
        .bind(now)
        .run()
        .await?;
    Ok(written == 1)
}

/// Gives a person another name, and counts the edit.
///
/// # Errors
/// When the database fails, or there is no such person.
pub async fn rename(tx: &mut Tx, user: UserId, name: &str) -> Result<(), DbError> {
    let written = tx
        .sql("update users set name = $2, version = version + 1 where id = $1")
        .bind(user)
        .bind(name.to_owned())
        .run()
        .await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("users", user)) }
}

/// The name of the zone in which a person reads moments; none where they have not said.
///
/// # Errors
/// When the database fails, or there is no such person.
pub async fn time_zone(tx: &mut Tx, user: UserId) -> Result<Option<String>, DbError> {
    tx.sql("select time_zone from users where id = $1").bind(user).scalar().await
}

/// Notes in which zone a person reads moments. It is no edit of who they are, and is not counted as one.
///
/// # Errors
/// When the database fails, or there is no such person.
pub async fn set_time_zone(tx: &mut Tx, user: UserId, zone: &Zone) -> Result<(), DbError> {
    let written =
        tx.sql("update users set time_zone = $2 where id = $1").bind(user).bind(zone.to_string()).run().await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("users", user)) }
}

/// Gives a person another address, which they have shown to be theirs, and counts the edit.
///
/// # Errors
/// When the database fails, there is no such person, or somebody has that address.
pub async fn change_email(tx: &mut Tx, user: UserId, email: &Email, now: Moment) -> Result<(), DbError> {
    let written = tx
        .sql("update users set email = $2, email_changed_at = $3, version = version + 1 where id = $1")
        .bind(user)
        .bind(email.as_str().to_owned())
        .bind(now)
        .run()
        .await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("users", user)) }
}
