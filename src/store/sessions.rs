//! Signed-in sessions. A token is looked up by its hash; the token itself is stored nowhere.

use std::fmt;

use sqlx::FromRow;

use super::{error::DbError, known_browsers, tx::Tx};
use crate::{
    id::{AccountId, CredentialId, SessionId, UserId},
    moment::Moment,
    ownership::{
        credential::{Proof, ProvenBy},
        session::Ends,
    },
    secret::TokenHash,
};

/// A session that has neither ended nor expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// The one account that it is for; none where it is its person's everywhere. One that is for an account never has a proof.
    pub within: Option<AccountId>,
    /// Since when.
    pub created_at: Moment,
    /// When it ends by itself.
    pub ends: Ends,
    /// How its person last proved that it is them.
    pub proof: Option<Proof>,
}

#[derive(FromRow)]
struct SessionRow {
    id: SessionId,
    user_id: UserId,
    account_id: Option<AccountId>,
    created_at: Moment,
    expires_at: Moment,
    until_at: Moment,
    #[sqlx(flatten)]
    proof: ProofRow,
}

/// What was shown in a session, as its columns hold it.
#[derive(FromRow)]
pub struct ProofRow {
    proven_at: Option<Moment>,
    proven_by: Option<CredentialId>,
    mail_since: Option<Moment>,
}

impl ProofRow {
    /// What was shown.
    ///
    /// # Errors
    /// When the columns say what they never can; `whose` names the row.
    pub fn decode(&self, whose: impl fmt::Display) -> Result<Option<Proof>, DbError> {
        match (self.proven_at, self.proven_by) {
            (None, None) => Ok(None),
            (Some(at), None) => Ok(Some(Proof::by_code(at))),
            (Some(at), Some(id)) => {
                Ok(Some(Proof { at, by: ProvenBy::Credential { id, mail_since: self.mail_since } }))
            }
            (None, Some(_)) => Err(DbError::corrupt("sessions", whose)),
        }
    }
}

impl SessionRow {
    fn decode(self) -> Result<Session, DbError> {
        let proof = self.proof.decode(self.id)?;
        let Self { id, user_id: user, account_id: within, created_at, expires_at, until_at, .. } = self;
        Ok(Session { id, user, within, created_at, ends: Ends { idle: expires_at, latest: until_at }, proof })
    }
}

/// A proof, as its two columns hold it.
fn columns(proof: Option<Proof>) -> (Option<Moment>, Option<CredentialId>) {
    let by = proof.and_then(|proof| match proof.by {
        ProvenBy::Code => None,
        ProvenBy::Credential { id, .. } => Some(id),
    });
    (proof.map(|proof| proof.at), by)
}

/// The sessions that still run. `$2` is now.
macro_rules! select_running {
    ($which:literal $(, $order:literal)?) => {
        concat!(
            "select s.id, s.user_id, s.account_id, s.created_at, s.expires_at, s.until_at, s.proven_at, s.proven_by, c.mail_since
             from sessions s left join credentials c on c.id = s.proven_by
             where ", $which, " and s.ended_at is null and s.expires_at > $2", $($order)?
        )
    };
}

/// Stores a new session.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, session: &Session, token: &TokenHash) -> Result<(), DbError> {
    let (proven_at, proven_by) = columns(session.proof);
    tx.sql(
        "insert into sessions (
             id, user_id, token_hash, created_at, expires_at, until_at, proven_at, proven_by, account_id
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(session.id)
    .bind(session.user)
    .bind(token.as_bytes().to_vec())
    .bind(session.created_at)
    .bind(session.ends.idle)
    .bind(session.ends.latest)
    .bind(proven_at)
    .bind(proven_by)
    .bind(session.within)
    .run()
    .await?;
    Ok(())
}

/// The session with that token.
///
/// # Errors
/// When the database fails.
pub async fn by_token(tx: &mut Tx, token: &TokenHash, now: Moment) -> Result<Option<Session>, DbError> {
    let row = tx
        .sql(select_running!("s.token_hash = $1"))
        .bind(token.as_bytes().to_vec())
        .bind(now)
        .maybe::<SessionRow>()
        .await?;
    row.map(SessionRow::decode).transpose()
}

/// Whose session had that token until a moment ago, and the one account that it is for.
///
/// # Errors
/// When the database fails.
pub async fn by_former_token(
    tx: &mut Tx,
    token: &TokenHash,
    now: Moment,
) -> Result<Option<(UserId, Option<AccountId>)>, DbError> {
    tx.sql(
        "select user_id, account_id from sessions
         where former_hash = $1 and former_until > $2 and ended_at is null and expires_at > $2",
    )
    .bind(token.as_bytes().to_vec())
    .bind(now)
    .maybe()
    .await
}

/// Gives the session of a token another one. Where it is the former one, what was proven is forgotten. Says whether there
/// is such a session.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    tx: &mut Tx,
    presented: &TokenHash,
    token: &TokenHash,
    former_until: Moment,
    now: Moment,
) -> Result<bool, DbError> {
    let written = tx
        .sql(
            "update sessions set
                 token_hash = $2, former_hash = $1, former_until = $3,
                 proven_at = case when token_hash = $1 then proven_at end,
                 proven_by = case when token_hash = $1 then proven_by end
             where (token_hash = $1 or (former_hash = $1 and former_until > $4)) and ended_at is null and expires_at > $4",
        )
        .bind(presented.as_bytes().to_vec())
        .bind(token.as_bytes().to_vec())
        .bind(former_until)
        .bind(now)
        .run()
        .await?;
    Ok(written == 1)
}

/// The session with that id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, session: SessionId, now: Moment) -> Result<Option<Session>, DbError> {
    let row = tx.sql(select_running!("s.id = $1")).bind(session).bind(now).maybe::<SessionRow>().await?;
    row.map(SessionRow::decode).transpose()
}

/// The sessions of a person, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_user(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Session>, DbError> {
    let rows = tx
        .sql(select_running!("s.user_id = $1", " order by s.id desc limit 200"))
        .bind(user)
        .bind(now)
        .all::<SessionRow>()
        .await?;
    rows.into_iter().map(SessionRow::decode).collect()
}

/// Notes that a session was used just now. One that has ended meanwhile stays so.
///
/// # Errors
/// When the database fails.
pub async fn use_now(tx: &mut Tx, session: SessionId, ends: Ends, now: Moment) -> Result<(), DbError> {
    // Where two requests note it at the same time, the later end stands.
    tx.sql(
        "update sessions set expires_at = $2
         where id = $1 and ended_at is null and expires_at > $3 and expires_at < $2",
    )
    .bind(session)
    .bind(ends.idle)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// Notes that the person in a session has just proved that it is them. Says whether the session still runs, and is theirs
/// everywhere: in one that is for an account nothing is ever proven.
///
/// # Errors
/// When the database fails.
pub async fn prove(tx: &mut Tx, session: SessionId, proof: Proof) -> Result<bool, DbError> {
    let (proven_at, proven_by) = columns(Some(proof));
    let written = tx
        .sql(
            "update sessions set proven_at = $2, proven_by = $3
             where id = $1 and account_id is null and ended_at is null and expires_at > $2",
        )
        .bind(session)
        .bind(proven_at)
        .bind(proven_by)
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

/// Ends every session of a person. No browser of theirs is known any more: whoever was in one of them signs in anew.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &mut Tx, user: UserId, now: Moment) -> Result<u64, DbError> {
    known_browsers::forget(tx, user, None).await?;
    tx.sql("update sessions set ended_at = $2 where user_id = $1 and ended_at is null").bind(user).bind(now).run().await
}

/// Ends every session of a person but one. No browser of theirs is known any more but that one's.
///
/// # Errors
/// When the database fails.
pub async fn end_others(tx: &mut Tx, user: UserId, kept: SessionId, now: Moment) -> Result<(), DbError> {
    known_browsers::forget(tx, user, Some(kept)).await?;
    tx.sql("update sessions set ended_at = $3 where user_id = $1 and id <> $2 and ended_at is null")
        .bind(user)
        .bind(kept)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Ends the sessions of a person that are for one account.
///
/// # Errors
/// When the database fails.
pub async fn end_within(tx: &mut Tx, account: AccountId, user: UserId, now: Moment) -> Result<(), DbError> {
    tx.sql("update sessions set ended_at = $3 where account_id = $1 and user_id = $2 and ended_at is null")
        .bind(account)
        .bind(user)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Ends everybody's sessions that are for one account.
///
/// # Errors
/// When the database fails.
pub async fn end_all_within(tx: &mut Tx, account: AccountId, now: Moment) -> Result<(), DbError> {
    tx.sql("update sessions set ended_at = $2 where account_id = $1 and ended_at is null")
        .bind(account)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Forgets what was proven in a session.
///
/// # Errors
/// When the database fails.
pub async fn forget_proof(tx: &mut Tx, session: SessionId) -> Result<(), DbError> {
    tx.sql("update sessions set proven_at = null, proven_by = null where id = $1").bind(session).run().await?;
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
