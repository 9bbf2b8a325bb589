//! Signed-in sessions. A token is looked up by its hash; the token itself is stored nowhere.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{SessionId, UserId},
    moment::Moment,
    secret::TokenHash,
};

/// A session that has neither ended nor expired.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    #[sqlx(rename = "user_id")]
    pub user: UserId,
    /// Since when.
    pub created_at: Moment,
    /// When it ends by itself.
    pub expires_at: Moment,
    /// When its person last proved that it is them.
    pub proven_at: Option<Moment>,
}

/// Stores a new session.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, session: &Session, token: &TokenHash) -> Result<(), DbError> {
    tx.sql(
        "insert into sessions (id, user_id, token_hash, created_at, expires_at, proven_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(session.id)
    .bind(session.user)
    .bind(token.as_bytes().to_vec())
    .bind(session.created_at)
    .bind(session.expires_at)
    .bind(session.proven_at)
    .run()
    .await?;
    Ok(())
}

/// The session with that token.
///
/// # Errors
/// When the database fails.
pub async fn by_token(tx: &mut Tx, token: &TokenHash, now: Moment) -> Result<Option<Session>, DbError> {
    tx.sql(
        "select id, user_id, created_at, expires_at, proven_at from sessions
         where token_hash = $1 and ended_at is null and expires_at > $2",
    )
    .bind(token.as_bytes().to_vec())
    .bind(now)
    .maybe()
    .await
}

/// The sessions of a person, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_user(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Session>, DbError> {
    tx.sql(
        "select id, user_id, created_at, expires_at, proven_at from sessions
         where user_id = $1 and ended_at is null and expires_at > $2 order by id desc limit 200",
    )
    .bind(user)
    .bind(now)
    .all()
    .await
}

/// Notes that the person in a session has just proved that it is them. Says whether the session still runs.
///
/// # Errors
/// When the database fails.
pub async fn prove(tx: &mut Tx, session: SessionId, now: Moment) -> Result<bool, DbError> {
    let written = tx
        .sql("update sessions set proven_at = $2 where id = $1 and ended_at is null and expires_at > $2")
        .bind(session)
        .bind(now)
        .run()
        .await?;
    Ok(written == 1)
}

/// Ends a session of a person. Says whether they have such a session, ended or not.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx, user: UserId, session: SessionId, now: Moment) -> Result<bool, DbError> {
    let written = tx
        .sql("update sessions set ended_at = coalesce(ended_at, $3) where user_id = $1 and id = $2")
        .bind(user)
        .bind(session)
        .bind(now)
        .run()
        .await?;
    Ok(written == 1)
}

/// Ends every session of a person.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &mut Tx, user: UserId, now: Moment) -> Result<u64, DbError> {
    tx.sql("update sessions set ended_at = $2 where user_id = $1 and ended_at is null").bind(user).bind(now).run().await
}

/// Ends every session of a person but one, and forgets what was proven in that one.
///
/// # Errors
/// When the database fails.
pub async fn end_others(tx: &mut Tx, user: UserId, kept: SessionId, now: Moment) -> Result<(), DbError> {
    tx.sql("update sessions set ended_at = $3 where user_id = $1 and id <> $2 and ended_at is null")
        .bind(user)
        .bind(kept)
        .bind(now)
        .run()
        .await?;
    tx.sql("update sessions set proven_at = null where id = $1").bind(kept).run().await?;
    Ok(())
}

/// Deletes sessions that expired before a moment, once the codes that they asked for are gone.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql(
        "delete from sessions where expires_at < $1
             and not exists (select 1 from codes where codes.session_id = sessions.id)",
    )
    .bind(before)
    .run()
    .await
}
