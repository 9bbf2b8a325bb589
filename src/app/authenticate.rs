//! Who calls: the bearer of a session's token, or of an operator or platform token. One indexed read, and a note once in
//! a while that a session is used.

use super::{
    app::App,
    error::{Access, Error},
    principal::{Principal, Scope},
};
use crate::{
    id::{SessionId, UserId},
    ownership::session::Ends,
    secret::{TokenHash, TokenKind},
    store::{
        access::Shown,
        db::Unit,
        sessions::{self, Session},
        tokens::{self, Power, Presented},
        tx::Tx,
    },
};

/// A token as it was presented, not yet looked up.
#[derive(Clone)]
pub struct Credential {
    token: String,
    on_behalf_of: Option<UserId>,
    presence: Presence,
}

/// Whether there is a person behind a request, as far as one can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is the use of a session, which goes on by it.
    Present,
    /// A page that is open asks by itself.
    Unknown,
}

impl Credential {
    /// A token, and the person for whom a platform says that it acts.
    #[must_use]
    pub fn new(token: &str, on_behalf_of: Option<UserId>) -> Self {
        Self { token: token.to_owned(), on_behalf_of, presence: Presence::Present }
    }

    /// The same, as a page presents it that is open and asks by itself.
    #[must_use]
    pub fn asked_by_itself(self) -> Self {
        Self { presence: Presence::Unknown, ..self }
    }

    /// What a session with this token is found by, if it is a session's and speaks for nobody else.
    #[must_use]
    pub fn session(&self) -> Option<TokenHash> {
        match (TokenKind::of(&self.token), self.on_behalf_of) {
            (Some(TokenKind::Session), None) => Some(TokenHash::of(&self.token)),
            (Some(TokenKind::Session | TokenKind::Access | TokenKind::Browser) | None, _) => None,
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
    let Credential { token, on_behalf_of, presence } = credential;
    let (hash, on_behalf_of) = (TokenHash::of(token), *on_behalf_of);
    match TokenKind::of(token).ok_or(Access::Unauthenticated)? {
        TokenKind::Session => {
            let mut tx = app.db.read().await?;
            let Some(session) = sessions::by_token(&mut tx, &hash, app.now()).await? else {
                let former = sessions::by_former_token(&mut tx, &hash, app.now()).await?;
                let (user, within) = former.filter(|_| on_behalf_of.is_none()).ok_or(Access::Unauthenticated)?;
                return Ok(Principal::Person { user, session: None, within, proof: None });
            };
            drop(tx);
            if *presence == Presence::Present {
                note_use(app, &session).await;
            }
            match on_behalf_of {
                None => {
                    let Session { id, user, within, proof, .. } = session;
                    Ok(Principal::Person { user, session: Some(id), within, proof })
                }
                Some(_) => Err(Access::NeedsScope { scope: Scope::ActFor.name() }.into()),
            }
        }
        TokenKind::Access => {
            let mut tx = app.db.read().await?;
            let presented = tokens::present(&mut tx, &hash, on_behalf_of).await?.ok_or(Access::Unauthenticated)?;
            principal(presented, on_behalf_of)
        }
        TokenKind::Browser => Err(Access::Unauthenticated.into()),
    }
}

/// Notes once in a while that a session is used. Where that fails, the session ends earlier, and the request goes on.
async fn note_use(app: &App, session: &Session) {
    let Some(ends) = session.ends.used(app.now()) else { return };
    if let Err(error) = app.db.run(NoteUse { app: app.clone(), session: session.id, ends }).await {
        tracing::warn!(%error, "the use of a session could not be noted");
    }
}

/// Noting that a session is used.
pub struct NoteUse {
    /// The service.
    pub app: App,
    /// Which.
    pub session: SessionId,
    /// When it ends now.
    pub ends: Ends,
}

impl Unit for NoteUse {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        Ok(sessions::use_now(tx, self.session, self.ends, self.app.now()).await?)
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
