//! People's credentials, passwords above all: their slow hashes, since when they work, and until when.
//!
//! Whoever sets, ends or counts the credentials of a person locks that person first, with [`super::users::lock`].

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CredentialId, UserId},
    moment::Moment,
    ownership::{
        address::Email,
        credential::{Held, History, MOST_PASSWORDS},
    },
};

/// What a typed password is compared with.
pub struct Candidate {
    /// A slow hash. It is shown to nobody.
    pub secret: String,
    /// Whose password has this hash. Nobody's, where it only stands in for one.
    pub password: Option<Matching>,
}

/// A password in force that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matching {
    /// Which.
    pub id: CredentialId,
    /// Whose.
    pub user: UserId,
    /// Since when mail claims it.
    pub mail_since: Option<Moment>,
}

#[derive(FromRow)]
struct CandidateRow {
    id: Option<CredentialId>,
    user_id: Option<UserId>,
    secret: String,
    mail_since: Option<Moment>,
}

impl From<CandidateRow> for Candidate {
    fn from(row: CandidateRow) -> Self {
        let CandidateRow { id, user_id, secret, mail_since } = row;
        let password = id.zip(user_id).map(|(id, user)| Matching { id, user, mail_since });
        Self { secret, password }
    }
}

/// A credential in force, as its holder sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// What decisions about it need.
    pub held: Held,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
}

#[derive(FromRow)]
struct StoredRow {
    id: CredentialId,
    enrolled_at: Moment,
    mail_since: Option<Moment>,
    ends_at: Option<Moment>,
    last_used_at: Option<Moment>,
}

/// A new password.
pub struct NewPassword<'a> {
    /// Its id.
    pub id: CredentialId,
    /// Whose.
    pub user: UserId,
    /// Its slow hash.
    pub secret: &'a str,
    /// When it is set.
    pub enrolled_at: Moment,
    /// Since when mail claims it.
    pub mail_since: Option<Moment>,
}

/// The passwords that work for whoever has that address, the newest first, and as many stand-ins with the hash `nobodys` as
/// make them [`MOST_PASSWORDS`]. What the database does and what it answers are of the same size for every address: without
/// the stand-ins, two thousand tries tell who has a password here.
///
/// # Errors
/// When the database fails.
pub async fn for_address(tx: &mut Tx, email: &Email, now: Moment, nobodys: &str) -> Result<Vec<Candidate>, DbError> {
    let rows: Vec<CandidateRow> = tx
        .sql(
            "select id, user_id, secret, mail_since from (
                 select id, user_id, secret, mail_since, enrolled_at from credentials
                 where user_id = coalesce((select id from users where email = $1), $3)
                     and kind = 'password' and (ends_at is null or ends_at > $2)
                 union all
                 select null, null, $4, null, null from (values (1), (2), (3)) as stand_ins
             ) as candidates
             order by enrolled_at desc nulls last, id desc limit $5",
        )
        .bind(email.as_str().to_owned())
        .bind(now)
        .bind(UserId::LOWEST)
        .bind(nobodys.to_owned())
        .bind(i64::try_from(MOST_PASSWORDS).unwrap_or(i64::MAX))
        .all()
        .await?;
    Ok(rows.into_iter().map(Candidate::from).collect())
}

/// When a credential was enrolled for which the recovery of that account vouches; nothing where it does not.
///
/// # Errors
/// When the database fails.
pub async fn vouched(tx: &mut Tx, id: CredentialId, account: AccountId) -> Result<Option<Moment>, DbError> {
    tx.sql("select enrolled_at from credentials where id = $1 and vouched_in = $2")
        .bind(id)
        .bind(account)
        .maybe_scalar()
        .await
}

/// The passwords that work for a person, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn for_user(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Candidate>, DbError> {
    let rows: Vec<CandidateRow> = tx
        .sql(
            "select id, user_id, secret, mail_since from credentials
             where user_id = $1 and kind = 'password' and (ends_at is null or ends_at > $2)
             order by enrolled_at desc, id desc",
        )
        .bind(user)
        .bind(now)
        .all()
        .await?;
    Ok(rows.into_iter().map(Candidate::from).collect())
}

/// The same passwords as their holder sees them, without their hashes.
///
/// # Errors
/// When the database fails.
pub async fn in_force(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Stored>, DbError> {
    let rows: Vec<StoredRow> = tx
        .sql(
            "select id, enrolled_at, mail_since, ends_at, last_used_at from credentials
             where user_id = $1 and kind = 'password' and (ends_at is null or ends_at > $2)
             order by enrolled_at desc, id desc",
        )
        .bind(user)
        .bind(now)
        .all()
        .await?;
    let stored = |row: StoredRow| {
        let StoredRow { id, enrolled_at, mail_since, ends_at, last_used_at } = row;
        Stored { held: Held { id, enrolled_at, mail_since, ends_at }, last_used_at }
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Every credential of a person that works, whatever kind it is.
///
/// # Errors
/// When the database fails.
pub async fn every(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Held>, DbError> {
    let rows: Vec<StoredRow> = tx
        .sql(
            "select id, enrolled_at, mail_since, ends_at, last_used_at from credentials
             where user_id = $1 and (ends_at is null or ends_at > $2) order by id",
        )
        .bind(user)
        .bind(now)
        .all()
        .await?;
    let held = |StoredRow { id, enrolled_at, mail_since, ends_at, .. }| Held { id, enrolled_at, mail_since, ends_at };
    Ok(rows.into_iter().map(held).collect())
}

/// What the accounts of a person are called, by themselves and by others.
///
/// # Errors
/// When the database fails.
pub async fn names_around(tx: &mut Tx, user: UserId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String, Option<String>, Option<String>)> = tx
        .sql(
            "select a.name, a.reference, s.brand_name from members m join accounts a on a.id = m.account_id
             left join account_settings s on s.account_id = a.id where m.user_id = $1 order by a.id limit 200",
        )
        .bind(user)
        .all()
        .await?;
    Ok(rows.into_iter().flat_map(|(name, reference, brand)| [Some(name), reference, brand]).flatten().collect())
}

/// Whether a person ever had a credential.
///
/// # Errors
/// When the database fails.
pub async fn history(tx: &mut Tx, user: UserId) -> Result<History, DbError> {
    let had: i64 = tx.sql("select count(*) from credentials where user_id = $1").bind(user).scalar().await?;
    Ok(if had == 0 { History::First } else { History::Later })
}

/// Stores a new password.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, new: &NewPassword<'_>) -> Result<(), DbError> {
    tx.sql(
        "insert into credentials (id, user_id, kind, secret, enrolled_at, mail_since)
         values ($1, $2, 'password', $3, $4, $5)",
    )
    .bind(new.id)
    .bind(new.user)
    .bind(new.secret.to_owned())
    .bind(new.enrolled_at)
    .bind(new.mail_since)
    .run()
    .await?;
    Ok(())
}

/// Says until when a credential works.
///
/// # Errors
/// When the database fails, or it was said to end earlier.
pub async fn end(tx: &mut Tx, id: CredentialId, at: Moment) -> Result<(), DbError> {
    tx.sql("update credentials set ends_at = $2 where id = $1").bind(id).bind(at).run().await?;
    Ok(())
}

/// Notes that a credential of a person was used just now. Says whether it works.
///
/// # Errors
/// When the database fails.
pub async fn use_now(tx: &mut Tx, user: UserId, id: CredentialId, now: Moment) -> Result<bool, DbError> {
    let written = tx
        .sql(
            "update credentials set last_used_at = $3
             where id = $1 and user_id = $2 and (ends_at is null or ends_at > $3)",
        )
        .bind(id)
        .bind(user)
        .bind(now)
        .run()
        .await?;
    Ok(written == 1)
}

/// Deletes credentials that ended before a moment, with their hashes, once the sessions are gone that they proved.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql(
        "delete from credentials where ends_at < $1
             and not exists (select 1 from sessions where sessions.proven_by = credentials.id)",
    )
    .bind(before)
    .run()
    .await
}
