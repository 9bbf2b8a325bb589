//! The beginning of a session, once somebody has shown who they are. Whoever begins one in a browser in which they have not
//! been before is written to about it, in the same unit of work.

use super::{app::App, error::Error};
use crate::{
    id::{AccountId, SessionId, UserId},
    mail::{message::Message, sign_in_facts::SignInWay},
    moment::Moment,
    ownership::{credential::Proof, session::Ends},
    secret::{Token, TokenHash, TokenKind},
    store::{
        error::DbError,
        known_browsers,
        mails::{self, Outgoing},
        sessions::{self, Session},
        tx::Tx,
        users,
    },
};

/// A new session.
#[derive(Debug)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// The session's token. Nobody can read it again.
    pub token: Token,
    /// When the session ends by itself, unless somebody uses it before.
    pub expires_at: Moment,
    /// What the browser is known by from now on, if it said nothing by which it could be.
    pub browser: Option<Token>,
}

/// How somebody has shown who they are. What an account's provider vouches for is good in that account only, and no proof.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry {
    /// With the code or the link of a mail.
    Mail,
    /// With a password, which stays proof for a while.
    Password(Proof),
    /// With a passkey, likewise.
    Passkey(Proof),
    /// At the provider of that account.
    Provider(AccountId),
}

impl Entry {
    const fn proof(self) -> Option<Proof> {
        match self {
            Self::Mail | Self::Provider(_) => None,
            Self::Password(proof) | Self::Passkey(proof) => Some(proof),
        }
    }

    const fn within(self) -> Option<AccountId> {
        match self {
            Self::Mail | Self::Password(_) | Self::Passkey(_) => None,
            Self::Provider(account) => Some(account),
        }
    }

    const fn way(self) -> SignInWay {
        match self {
            Self::Mail => SignInWay::Mail,
            Self::Password(_) => SignInWay::Password,
            Self::Passkey(_) => SignInWay::Passkey,
            Self::Provider(_) => SignInWay::Provider,
        }
    }
}

/// Begins a session of somebody who has shown who they are.
pub(super) async fn begin(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    entry: Entry,
    browser: Option<TokenHash>,
    now: Moment,
) -> Result<SignedIn, Error> {
    let (token, hash) = app.chance.token(TokenKind::Session);
    let (id, ends) = (app.chance.id(now), Ends::of_new(now));
    let session = Session { id, user, within: entry.within(), created_at: now, ends, proof: entry.proof() };
    sessions::insert(tx, &session, &hash).await?;
    let (new, known_by) = if let Some(known_by) = browser {
        (None, known_by)
    } else {
        let (new, known_by) = app.chance.token(TokenKind::Browser);
        (Some(new), known_by)
    };
    let met = known_browsers::meet(tx, user, &known_by, id, now).await?;
    let person = users::by_id(tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
    if met.is_told(person.confirmed_at, now) {
        let (mail, to) = (app.chance.id(now), person.contact());
        let message = Message::SignedIn { way: entry.way(), at: now };
        let outgoing =
            Outgoing { id: mail, account: None, case: None, to: &to, event: None, message: &message, at: now };
        mails::queue(tx, &outgoing).await?;
    }
    Ok(SignedIn { session: id, user, token, expires_at: ends.idle, browser: new })
}
