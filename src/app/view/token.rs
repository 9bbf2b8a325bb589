//! Operator and platform tokens, as operators see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{principal::Scope, tokens::Created},
    id::TokenId,
    moment::Moment,
    store::tokens::{Power, Token},
};

/// A token, without what its holder presents.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenView {
    /// Its id.
    pub id: TokenId,
    /// What its maker called it.
    pub name: String,
    /// `operator` or `platform`.
    pub kind: &'static str,
    /// What a platform token may do.
    pub scopes: Vec<&'static str>,
    /// Since when.
    pub created_at: Moment,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
}

/// A token that was just made. The secret is shown here and nowhere else.
#[derive(Serialize, ToSchema)]
pub struct NewTokenView {
    /// The token.
    pub token: TokenView,
    /// What its holder presents. Keep it: nobody can read it again.
    pub secret: String,
}

impl From<&Token> for TokenView {
    fn from(token: &Token) -> Self {
        let (kind, scopes) = match &token.power {
            Power::Operator => ("operator", Vec::new()),
            Power::Platform(scopes) => ("platform", scopes.iter().copied().map(Scope::name).collect()),
        };
        Self {
            id: token.id,
            name: token.name.clone(),
            kind,
            scopes,
            created_at: token.created_at,
            revoked_at: token.revoked_at,
        }
    }
}

impl From<Created> for NewTokenView {
    fn from(created: Created) -> Self {
        Self { token: TokenView::from(&created.token), secret: created.secret.reveal().to_owned() }
    }
}
