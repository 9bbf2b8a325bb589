//! Requests to sign in. They belong to an address, whether or not anybody has it.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{id::CodeId, moment::Moment, ownership::address::Email};

/// A request, by which its code is named, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Names it. Its digits and its link are derived from it.
    pub id: CodeId,
    /// The address that somebody typed.
    pub email: Email,
    /// Since when.
    pub created_at: Moment,
    /// Until when its code and its link work.
    pub expires_at: Moment,
    /// When somebody signed in with it.
    pub used_at: Option<Moment>,
}

#[derive(FromRow)]
struct Row {
    id: CodeId,
    email: String,
    created_at: Moment,
    expires_at: Moment,
    used_at: Option<Moment>,
}

impl Row {
    fn decode(self) -> Result<Request, DbError> {
        let Self { id, email, created_at, expires_at, used_at } = self;
        let email = email.parse().map_err(|_| DbError::corrupt("sign_in_requests", id))?;
        Ok(Request { id, email, created_at, expires_at, used_at })
    }
}

/// Stores a new request, whose mail is due at once.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, request: &Request) -> Result<(), DbError> {
    tx.sql("insert into sign_in_requests (id, email, created_at, expires_at) values ($1, $2, $3, $4)")
        .bind(request.id)
        .bind(request.email.as_str().to_owned())
        .bind(request.created_at)
        .bind(request.expires_at)
        .run()
        .await?;
    tx.sign_ins_are_due();
    Ok(())
}

/// The requests for an address that have not expired, used ones included, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn unexpired(tx: &mut Tx, email: &Email, now: Moment) -> Result<Vec<Request>, DbError> {
    let rows = tx
        .sql(
            "select id, email, created_at, expires_at, used_at from sign_in_requests
             where email = $1 and expires_at > $2 order by created_at, id",
        )
        .bind(email.as_str().to_owned())
        .bind(now)
        .all::<Row>()
        .await?;
    rows.into_iter().map(Row::decode).collect()
}

/// A request that has neither expired nor been used.
///
/// # Errors
/// When the database fails.
pub async fn live(tx: &mut Tx, id: CodeId, now: Moment) -> Result<Option<Request>, DbError> {
    tx.sql(
        "select id, email, created_at, expires_at, used_at from sign_in_requests
         where id = $1 and used_at is null and expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .maybe::<Row>()
    .await?
    .map(Row::decode)
    .transpose()
}

/// Uses a request up. Says whether it could still be used; it can be once.
///
/// # Errors
/// When the database fails.
pub async fn use_up(tx: &mut Tx, id: CodeId, now: Moment) -> Result<bool, DbError> {
    let written = tx
        .sql("update sign_in_requests set used_at = $2 where id = $1 and used_at is null and expires_at > $2")
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(written == 1)
}

/// Requests of which nobody has looked up yet whose they are, by their ids.
///
/// # Errors
/// When the database fails.
pub async fn due(tx: &mut Tx, now: Moment, after: Option<CodeId>, limit: i64) -> Result<Vec<CodeId>, DbError> {
    tx.sql(
        "select id from sign_in_requests where mailed_at is null and expires_at > $1 and ($2 is null or id > $2)
         order by id limit $3",
    )
    .bind(now)
    .bind(after)
    .bind(limit)
    .scalars()
    .await
}

/// Marks a request as looked up. Gives its address to the first who does so, while it is good.
///
/// # Errors
/// When the database fails.
pub async fn look_up(tx: &mut Tx, id: CodeId, now: Moment) -> Result<Option<Email>, DbError> {
    let email = tx
        .sql(
            "update sign_in_requests set mailed_at = $2 where id = $1 and mailed_at is null and expires_at > $2
             returning email",
        )
        .bind(id)
        .bind(now)
        .maybe_scalar::<String>()
        .await?;
    email.map(|email| email.parse().map_err(|_| DbError::corrupt("sign_in_requests", id))).transpose()
}

/// Deletes requests that expired before a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from sign_in_requests where expires_at < $1").bind(before).run().await
}
