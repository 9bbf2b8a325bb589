//! People's passkeys, beside what a credential is anyway.

use sqlx::FromRow;

use super::{credentials::Stored as Credential, error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CredentialId, UserId},
    moment::Moment,
    ownership::credential::Held,
    passkey::assertion::{Copies, Counted, Handle, Key},
};

/// A passkey in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What it is as a credential.
    pub credential: Credential,
    /// Whose.
    pub user: UserId,
    /// What its holder calls it.
    pub name: String,
    /// By what its device knows it.
    pub handle: Handle,
    /// What it is checked against.
    pub key: Key,
}

#[derive(FromRow)]
struct Row {
    id: CredentialId,
    user_id: UserId,
    name: String,
    secret: String,
    enrolled_at: Moment,
    mail_since: Option<Moment>,
    ends_at: Option<Moment>,
    last_used_at: Option<Moment>,
    handle: Vec<u8>,
    signatures: i64,
    shared: bool,
}

impl Row {
    fn decode(self) -> Result<Stored, DbError> {
        let corrupt = || DbError::corrupt("passkeys", self.id);
        let signatures = u32::try_from(self.signatures).map_err(|_| corrupt())?;
        let handle = Handle::new(self.handle).map_err(|_| DbError::corrupt("passkeys", self.id))?;
        let copies = self.shared.into();
        let Self { id, enrolled_at, mail_since, ends_at, last_used_at, .. } = self;
        Ok(Stored {
            credential: Credential { held: Held { id, enrolled_at, mail_since, ends_at }, last_used_at },
            user: self.user_id,
            name: self.name,
            handle,
            key: Key { made: self.secret, counted: Counted { signatures, copies } },
        })
    }
}

macro_rules! select_passkeys {
    ($which:literal) => {
        concat!(
            "select c.id, c.user_id, c.name, c.secret, c.enrolled_at, c.mail_since, c.ends_at, c.last_used_at,
                 p.handle, p.signatures, p.shared
             from passkeys p join credentials c on c.id = p.credential_id
             where ",
            $which,
            " and (c.ends_at is null or c.ends_at > $2) order by c.enrolled_at, c.id"
        )
    };
}

/// The passkeys of a person that work, the oldest first.
///
/// # Errors
/// When the database fails, or a row says what it never can.
pub async fn of_user(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Stored>, DbError> {
    let rows = tx.sql(select_passkeys!("c.user_id = $1")).bind(user).bind(now).all::<Row>().await?;
    rows.into_iter().map(Row::decode).collect()
}

/// The passkey that its device calls so, if it works.
///
/// # Errors
/// As [`of_user`].
pub async fn by_handle(tx: &mut Tx, handle: &Handle, now: Moment) -> Result<Option<Stored>, DbError> {
    let query = tx.sql(select_passkeys!("p.handle = $1")).bind(handle.as_bytes().to_vec()).bind(now);
    query.maybe::<Row>().await?.map(Row::decode).transpose()
}

/// Whether there is, or was, a passkey that its device calls so.
///
/// # Errors
/// When the database fails.
pub async fn is_known(tx: &mut Tx, handle: &Handle) -> Result<bool, DbError> {
    let query = tx.sql("select count(*) from passkeys where handle = $1").bind(handle.as_bytes().to_vec());
    Ok(query.scalar::<i64>().await? > 0)
}

/// Stores a new passkey.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, new: &Stored, vouched_in: Option<AccountId>) -> Result<(), DbError> {
    let Held { id, enrolled_at, mail_since, .. } = new.credential.held;
    tx.sql(
        "insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, vouched_in)
         values ($1, $2, 'passkey', $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(new.user)
    .bind(new.name.clone())
    .bind(new.key.made.clone())
    .bind(enrolled_at)
    .bind(mail_since)
    .bind(vouched_in)
    .run()
    .await?;
    tx.sql("insert into passkeys (credential_id, handle, signatures, shared) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(new.handle.as_bytes().to_vec())
        .bind(i64::from(new.key.counted.signatures))
        .bind(new.key.counted.copies == Copies::Shared)
        .run()
        .await?;
    Ok(())
}

/// Notes what a passkey counts now.
///
/// # Errors
/// When the database fails, or it signed less often.
pub async fn count(tx: &mut Tx, id: CredentialId, counted: Counted) -> Result<(), DbError> {
    tx.sql("update passkeys set signatures = $2, shared = $3 where credential_id = $1")
        .bind(id)
        .bind(i64::from(counted.signatures))
        .bind(counted.copies == Copies::Shared)
        .run()
        .await?;
    Ok(())
}

/// Gives a passkey of a person another name. Says whether they have it.
///
/// # Errors
/// When the database fails.
pub async fn rename(tx: &mut Tx, user: UserId, id: CredentialId, name: &str) -> Result<bool, DbError> {
    let renamed = tx
        .sql("update credentials set name = $3 where id = $1 and user_id = $2 and kind = 'passkey' and ends_at is null")
        .bind(id)
        .bind(user)
        .bind(name.to_owned())
        .run()
        .await?;
    Ok(renamed == 1)
}
