//! Who calls: the bearer of a session's token, or of an operator or platform token. One indexed read.

use super::{
    app::App,
    error::{Access, Error},
    principal::{Principal, Scope},
};
use crate::{
    id::UserId,
    secret::{TokenHash, TokenKind},
    store::{
        access::Shown,
        sessions,
        tokens::{self, Power, Presented},
    },
};

/// A token as it was presented, not yet looked up.
#[derive(Clone)]
pub struct Credential {
    token: String,
    on_behalf_of: Option<UserId>,
}

impl Credential {
    /// A token, and the person for whom a platform says that it acts.
    #[must_use]
    pub fn new(token: &str, on_behalf_of: Option<UserId>) -> Self {
        Self { token: token.to_owned(), on_behalf_of }
    }

    /// What a session with this token is found by, if it is a session's and speaks for nobody else.
    #[must_use]
    pub fn session(&self) -> Option<TokenHash> {
        match (TokenKind::of(&self.token), self.on_behalf_of) {
            (Some(TokenKind::Session), None) => Some(TokenHash::of(&self.token)),
            (Some(TokenKind::Session | TokenKind::Access) | None, _) => None,
        }
    }

    /// What the token is looked up by, and for whom it speaks.
    #[must_use]
    pub fn shown(&self) -> Option<(Shown, Option<UserId>)> {
        let kind = TokenKind::of(&self.token)?;
        Some((Shown { kind, hash: TokenHash::of(&self.token) }, self.on_behalf_of))
    }
}

/// Who presents that token; a platform may do so for a person.
///
/// # Errors
/// [`Access::Unauthenticated`] when the token is unknown, revoked, ended or expired; [`Access::NeedsScope`] when it may
/// not act for a person; [`Error::NotFound`] when there is no such person.
pub async fn authenticate(app: &App, credential: &Credential) -> Result<Principal, Error> {
    let Credential { token, on_behalf_of } = credential;
    let (hash, on_behalf_of) = (TokenHash::of(token), *on_behalf_of);
    match TokenKind::of(token).ok_or(Access::Unauthenticated)? {
        TokenKind::Session => {
            let mut tx = app.db.read().await?;
            let session = sessions::by_token(&mut tx, &hash, app.now()).await?.ok_or(Access::Unauthenticated)?;
            match on_behalf_of {
                None => Ok(Principal::Person {
                    user: session.user,
                    session: Some(session.id),
                    proven_at: session.proven_at,
                }),
                Some(_) => Err(Access::NeedsScope { scope: Scope::ActFor.name() }.into()),
            }
        }
        TokenKind::Access => {
            let mut tx = app.db.read().await?;
            let presented = tokens::present(&mut tx, &hash, on_behalf_of).await?.ok_or(Access::Unauthenticated)?;
            principal(presented, on_behalf_of)
        }
    }
}

fn principal(presented: Presented, on_behalf_of: Option<UserId>) -> Result<Principal, Error> {
    let Presented { token, power, person } = presented;
    match (power, on_behalf_of) {
        (Power::Operator, None) => Ok(Principal::Operator { token: Some(token) }),
        (Power::Platform(scopes), None) => Ok(Principal::Platform { token, scopes, on_behalf_of: None }),
        (Power::Platform(scopes), Some(_)) if scopes.contains(&Scope::ActFor) => {
            // Only whoever may act for people learns who exists.
            let person = person.ok_or(Error::NotFound)?;
            Ok(Principal::Platform { token, scopes, on_behalf_of: Some(person) })
        }
        (Power::Operator | Power::Platform(_), Some(_)) => {
            Err(Access::NeedsScope { scope: Scope::ActFor.name() }.into())
        }
    }
}
