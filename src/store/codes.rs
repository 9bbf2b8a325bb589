//! Typed codes of people who are known already: what they are for, how often they were mistyped, whether they were used.
//! Their digits stand nowhere. Codes to sign in with belong to an address: see [`super::sign_in_requests`].
//!
//! Whoever counts, checks or uses codes of a person locks that person first, with [`super::users::lock`].

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{CodeId, LinkId, SessionId, UserId},
    moment::Moment,
    ownership::address::Email,
};

/// How many wrong tries a code survives, less one.
pub const TRIES: i64 = 5;

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To prove, in a session, who is there.
    Proof {
        /// The session that asked for it.
        session: SessionId,
    },
    /// To follow an action link without script.
    Link {
        /// The link.
        link: LinkId,
    },
    /// To show that an address is theirs which they want to have. The code goes there.
    Email {
        /// The session that asked for it.
        session: SessionId,
    },
}

impl Purpose {
    const fn parts(self) -> (&'static str, Option<SessionId>, Option<LinkId>) {
        match self {
            Self::Proof { session } => ("proof", Some(session), None),
            Self::Link { link } => ("link", None, Some(link)),
            Self::Email { session } => ("email", Some(session), None),
        }
    }

    fn of(word: &str, session: Option<SessionId>, link: Option<LinkId>) -> Option<Self> {
        match (word, session, link) {
            ("proof", Some(session), None) => Some(Self::Proof { session }),
            ("link", None, Some(link)) => Some(Self::Link { link }),
            ("email", Some(session), None) => Some(Self::Email { session }),
            _ => None,
        }
    }
}

/// A code as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its id, from which the digits are derived.
    pub id: CodeId,
    /// What it is for.
    pub purpose: Purpose,
    /// For whom.
    pub user: UserId,
    /// Since when.
    pub created_at: Moment,
    /// Until when.
    pub expires_at: Moment,
    /// How often it was mistyped.
    pub wrong: i64,
    /// When it was used, or lost its use.
    pub used_at: Option<Moment>,
    /// The address that the person wants to have, for a code that shows it to be theirs.
    pub email: Option<Email>,
}

impl Code {
    /// Whether it can still be used.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.used_at.is_none() && self.wrong < TRIES && self.expires_at > now
    }
}

#[derive(FromRow)]
struct CodeRow {
    id: CodeId,
    purpose: String,
    user_id: UserId,
    session_id: Option<SessionId>,
    link_id: Option<LinkId>,
    created_at: Moment,
    expires_at: Moment,
    wrong: i64,
    used_at: Option<Moment>,
    email: Option<String>,
}

impl CodeRow {
    fn decode(self) -> Result<Code, DbError> {
        let corrupt = || DbError::corrupt("codes", self.id);
        Ok(Code {
            id: self.id,
            purpose: Purpose::of(&self.purpose, self.session_id, self.link_id).ok_or_else(corrupt)?,
            user: self.user_id,
            created_at: self.created_at,
            expires_at: self.expires_at,
            wrong: self.wrong,
            used_at: self.used_at,
            email: self.email.map(|email| email.parse()).transpose().map_err(|_| corrupt())?,
        })
    }
}

/// Stores a new code.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, code: &Code) -> Result<(), DbError> {
    let (purpose, session, link) = code.purpose.parts();
    tx.sql(
        "insert into codes (id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at, email)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(code.id)
    .bind(purpose)
    .bind(code.user)
    .bind(session)
    .bind(link)
    .bind(code.created_at)
    .bind(code.expires_at)
    .bind(code.wrong)
    .bind(code.used_at)
    .bind(code.email.as_ref().map(|email| email.as_str().to_owned()))
    .run()
    .await?;
    Ok(())
}

/// The codes of a person for one purpose that have not expired, used and mistyped ones included, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn unexpired(tx: &mut Tx, user: UserId, purpose: Purpose, now: Moment) -> Result<Vec<Code>, DbError> {
    let (word, session, link) = purpose.parts();
    let rows = tx
        .sql(
            "select id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at, email from codes
             where user_id = $1 and purpose = $2 and session_id is not distinct from $3
                 and link_id is not distinct from $4 and expires_at > $5
             order by created_at, id",
        )
        .bind(user)
        .bind(word)
        .bind(session)
        .bind(link)
        .bind(now)
        .all::<CodeRow>()
        .await?;
    rows.into_iter().map(CodeRow::decode).collect()
}

/// The codes for addresses that a person wants to have, whichever session asked, that have not expired, dead ones
/// included, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn for_addresses(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Code>, DbError> {
    let rows = tx
        .sql(
            "select id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at, email from codes
             where user_id = $1 and purpose = 'email' and expires_at > $2 order by created_at, id",
        )
        .bind(user)
        .bind(now)
        .all::<CodeRow>()
        .await?;
    rows.into_iter().map(CodeRow::decode).collect()
}

/// Uses a code up. Says whether it could still be used; it can be once.
///
/// # Errors
/// When the database fails.
pub async fn use_up(tx: &mut Tx, code: CodeId, now: Moment) -> Result<bool, DbError> {
    let written = tx
        .sql("update codes set used_at = $2 where id = $1 and used_at is null and wrong < $3 and expires_at > $2")
        .bind(code)
        .bind(now)
        .bind(TRIES)
        .run()
        .await?;
    Ok(written == 1)
}

/// Counts a wrong try against a code.
///
/// # Errors
/// When the database fails.
pub async fn mistype(tx: &mut Tx, code: CodeId) -> Result<(), DbError> {
    tx.sql("update codes set wrong = wrong + 1 where id = $1").bind(code).run().await?;
    Ok(())
}

/// Kills every code of a person, as a change of their address does.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_user(tx: &mut Tx, user: UserId, now: Moment) -> Result<u64, DbError> {
    tx.sql("update codes set used_at = $2 where user_id = $1 and used_at is null").bind(user).bind(now).run().await
}

/// Kills the codes that a session asked for and that went to other addresses than this one.
///
/// # Errors
/// When the database fails.
pub async fn kill_of_other_addresses(
    tx: &mut Tx,
    session: SessionId,
    email: &Email,
    now: Moment,
) -> Result<u64, DbError> {
    tx.sql(
        "update codes set used_at = $3 where session_id = $1 and purpose = 'email' and email <> $2 and used_at is null",
    )
    .bind(session)
    .bind(email.as_str().to_owned())
    .bind(now)
    .run()
    .await
}

/// Deletes codes that expired before a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from codes where expires_at < $1").bind(before).run().await
}
