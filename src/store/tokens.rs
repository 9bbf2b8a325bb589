//! Operator and platform tokens. A token is looked up by its hash; the token itself is stored nowhere.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{TokenId, UserId},
    moment::Moment,
    ownership::scope::Scope,
    secret::TokenHash,
};

/// A token as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What its maker called it.
    pub name: String,
    /// What it may do.
    pub power: Power,
    /// Since when.
    pub created_at: Moment,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
}

/// What a token may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Power {
    /// All that operators may do.
    Operator,
    /// What its scopes name.
    Platform(BTreeSet<Scope>),
}

impl Power {
    fn words(&self) -> (&'static str, String) {
        match self {
            Self::Operator => ("operator", String::new()),
            Self::Platform(scopes) => {
                ("platform", scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" "))
            }
        }
    }

    pub(super) fn of(kind: &str, scopes: &str) -> Option<Self> {
        match (kind, scopes) {
            ("operator", "") => Some(Self::Operator),
            ("platform", scopes) => {
                scopes.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok().map(Self::Platform)
            }
            _ => None,
        }
    }
}

#[derive(FromRow)]
struct TokenRow {
    id: TokenId,
    name: String,
    kind: String,
    scopes: String,
    created_at: Moment,
    revoked_at: Option<Moment>,
}

impl TokenRow {
    fn decode(self) -> Result<Token, DbError> {
        Ok(Token {
            id: self.id,
            power: Power::of(&self.kind, &self.scopes).ok_or_else(|| DbError::corrupt("tokens", self.id))?,
            name: self.name,
            created_at: self.created_at,
            revoked_at: self.revoked_at,
        })
    }
}

/// Stores a new token.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, token: &Token, hash: &TokenHash) -> Result<(), DbError> {
    let (kind, scopes) = token.power.words();
    tx.sql(
        "insert into tokens (id, name, kind, scopes, token_hash, created_at, revoked_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(token.id)
    .bind(token.name.clone())
    .bind(kind)
    .bind(scopes)
    .bind(hash.as_bytes().to_vec())
    .bind(token.created_at)
    .bind(token.revoked_at)
    .run()
    .await?;
    Ok(())
}

/// What somebody who presents a token may do, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The token.
    pub token: TokenId,
    /// What it may do.
    pub power: Power,
    /// The person they named, if there is such a person.
    pub person: Option<UserId>,
}

/// What the token with that hash may do, unless it was revoked. Looks in the same read whether a person exists.
///
/// # Errors
/// When the database fails.
pub async fn present(tx: &mut Tx, hash: &TokenHash, person: Option<UserId>) -> Result<Option<Presented>, DbError> {
    let row: Option<(TokenId, String, String, Option<UserId>)> = tx
        .sql(
            "select t.id, t.kind, t.scopes, u.id from tokens t left join users u on u.id = $2
             where t.token_hash = $1 and t.revoked_at is null",
        )
        .bind(hash.as_bytes().to_vec())
        .bind(person)
        .maybe()
        .await?;
    row.map(|(token, kind, scopes, person)| {
        let power = Power::of(&kind, &scopes).ok_or_else(|| DbError::corrupt("tokens", token))?;
        Ok(Presented { token, power, person })
    })
    .transpose()
}

/// Tokens by id, revoked ones included, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, after: Option<TokenId>, limit: i64) -> Result<Vec<Token>, DbError> {
    let rows = tx
        .sql(
            "select id, name, kind, scopes, created_at, revoked_at from tokens
             where id > $1 order by id limit $2",
        )
        .bind(after.unwrap_or(TokenId::LOWEST))
        .bind(limit)
        .all::<TokenRow>()
        .await?;
    rows.into_iter().map(TokenRow::decode).collect()
}

/// Revokes a token. Says whether there is such a token, revoked before or not.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tx: &mut Tx, token: TokenId, now: Moment) -> Result<bool, DbError> {
    let written = tx
        .sql("update tokens set revoked_at = coalesce(revoked_at, $2) where id = $1")
        .bind(token)
        .bind(now)
        .run()
        .await?;
    Ok(written == 1)
}

/// The name of a token, for mails that say who did something.
///
/// # Errors
/// When the database fails.
pub async fn name(tx: &mut Tx, token: TokenId) -> Result<Option<String>, DbError> {
    tx.sql("select name from tokens where id = $1").bind(token).maybe_scalar().await
}
