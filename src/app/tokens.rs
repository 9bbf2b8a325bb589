//! Operator and platform tokens: made, listed and revoked by operators.

use super::{
    app::App,
    error::{Access, Error},
    principal::Principal,
};
use crate::{
    id::TokenId,
    secret::{self, TokenKind},
    store::{
        db::Unit,
        tokens::{self, Power, Token},
        tx::Tx,
    },
};

/// What a token may do.
pub type TokenPower = Power;

/// Makes a token.
pub struct CreateToken {
    /// The service.
    pub app: App,
    /// Who asks.
    pub principal: Principal,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub power: Power,
}

/// A token that was just made.
#[derive(Debug)]
pub struct Created {
    /// What is stored about it.
    pub token: Token,
    /// The token itself. Nobody can read it again.
    pub secret: secret::Token,
}

impl Unit for CreateToken {
    type Out = Created;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Created, Error> {
        operator(&self.principal)?;
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(Error::invalid("/name", "give it a name of 1 to 100 characters, on one line"));
        }
        if let Power::Platform(scopes) = &self.power
            && scopes.is_empty()
        {
            return Err(Error::invalid("/scopes", "name at least one scope"));
        }
        let now = self.app.now();
        let (secret, hash) = self.app.chance.token(TokenKind::Access);
        let token = Token {
            id: self.app.chance.id(now),
            name: name.to_owned(),
            power: self.power.clone(),
            created_at: now,
            revoked_at: None,
        };
        tokens::insert(tx, &token, &hash).await?;
        Ok(Created { token, secret })
    }
}

/// Tokens by id, revoked ones included, after a given one.
///
/// # Errors
/// [`Access::OperatorsOnly`] for everybody else.
pub async fn list(app: &App, principal: &Principal, after: Option<TokenId>, limit: i64) -> Result<Vec<Token>, Error> {
    operator(principal)?;
    Ok(tokens::list(&mut app.db.read().await?, after, limit).await?)
}

/// Revokes a token. Revoking it again changes nothing.
pub struct RevokeToken {
    /// The service.
    pub app: App,
    /// Who asks.
    pub principal: Principal,
    /// Which token.
    pub token: TokenId,
}

impl Unit for RevokeToken {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        operator(&self.principal)?;
        if tokens::revoke(tx, self.token, self.app.now()).await? { Ok(()) } else { Err(Error::NotFound) }
    }
}

fn operator(principal: &Principal) -> Result<(), Error> {
    match principal {
        Principal::Operator { .. } => Ok(()),
        Principal::Person { .. } | Principal::Platform { .. } => Err(Access::OperatorsOnly.into()),
    }
}
