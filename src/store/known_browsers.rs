//! The browsers that somebody has signed in from, by the hash of what each of them keeps.

use super::{error::DbError, tx::Tx};
use crate::{
    id::{SessionId, UserId},
    moment::Moment,
    ownership::session::Browser,
    secret::TokenHash,
};

/// How many are known of one person. One more, and the one that was not used for longest is forgotten.
pub const MOST: i64 = 20;

/// Notes that somebody begins a session there, and says what was known of it before.
///
/// # Errors
/// When the database fails.
pub async fn meet(
    tx: &mut Tx,
    user: UserId,
    browser: &TokenHash,
    session: SessionId,
    now: Moment,
) -> Result<Browser, DbError> {
    let known = tx
        .sql("update known_browsers set used_at = $3, session_id = $4 where user_id = $1 and token_hash = $2")
        .bind(user)
        .bind(browser.as_bytes().to_vec())
        .bind(now)
        .bind(session)
        .run()
        .await?;
    if known == 1 {
        return Ok(Browser::Known);
    }
    let others: i64 = tx.sql("select count(*) from known_browsers where user_id = $1").bind(user).scalar().await?;
    if others >= MOST {
        tx.sql(
            "delete from known_browsers where user_id = $1 and token_hash not in (
                 select token_hash from known_browsers where user_id = $1 order by used_at desc, token_hash limit $2
             )",
        )
        .bind(user)
        .bind(MOST - 1)
        .run()
        .await?;
    }
    tx.sql(
        "insert into known_browsers (user_id, token_hash, known_at, used_at, session_id) values ($1, $2, $3, $3, $4)
         on conflict (user_id, token_hash) do nothing",
    )
    .bind(user)
    .bind(browser.as_bytes().to_vec())
    .bind(now)
    .bind(session)
    .run()
    .await?;
    Ok(if others == 0 { Browser::First } else { Browser::Another })
}

/// Whether a browser is known of anybody.
///
/// # Errors
/// When the database fails.
pub async fn is_known(tx: &mut Tx, browser: &TokenHash) -> Result<bool, DbError> {
    let users: i64 = tx
        .sql("select count(*) from known_browsers where token_hash = $1")
        .bind(browser.as_bytes().to_vec())
        .scalar()
        .await?;
    Ok(users > 0)
}

/// Forgets the browsers of a person, but the one that a session of theirs began in.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, user: UserId, but: Option<SessionId>) -> Result<(), DbError> {
    tx.sql("delete from known_browsers where user_id = $1 and ($2 is null or session_id <> $2)")
        .bind(user)
        .bind(but)
        .run()
        .await?;
    Ok(())
}

/// Forgets the browser that a session of a person began in.
///
/// # Errors
/// When the database fails.
pub async fn forget_that_of(tx: &mut Tx, user: UserId, session: SessionId) -> Result<(), DbError> {
    tx.sql("delete from known_browsers where user_id = $1 and session_id = $2").bind(user).bind(session).run().await?;
    Ok(())
}

/// Deletes those that were not used since a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from known_browsers where used_at < $1").bind(before).run().await
}
