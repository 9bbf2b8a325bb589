//! Signing in with a code from a mail.
//!
//! Two ways, throttled apart. Who names the request gets five tries at its code. Who does not name it, having typed the
//! code on another machine, gets ten tries in ten minutes at any code of that person; strangers can use these up, but not
//! the tries of somebody who names their request. Every wrong try is saved, so it is an outcome here and no error.

use jiff::SignedDuration;

use super::{
    app::App,
    error::{Access, Error},
    sign_in::MINUTES,
};
use crate::{
    id::{CodeId, SessionId, UserId},
    meter::names,
    moment::Moment,
    ownership::{address::Email, credential::Proof, session::Ends},
    secret::{Token, TokenKind},
    store::{
        codes::{self, Code, Purpose},
        db::Unit,
        sessions::{self, Session},
        tx::Tx,
        users,
    },
};

/// How many wrong codes there may be for one person in ten minutes from people who name no request.
pub const GUESSES: i64 = 10;

/// Signs somebody in.
pub struct ConfirmSignIn {
    /// The service.
    pub app: App,
    /// The address that the code went to.
    pub email: Email,
    /// The code, as typed.
    pub code: String,
    /// The request that the code belongs to, if the caller knows it.
    pub request: Option<CodeId>,
}

/// What became of it. Both are saved.
#[derive(Debug)]
pub enum Confirmed {
    /// The code was right.
    SignedIn(SignedIn),
    /// It was not.
    Refused(Access),
}

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
}

impl Confirmed {
    /// The new session, or the refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// The refusal.
    pub fn signed_in(self) -> Result<SignedIn, Error> {
        match self {
            Self::SignedIn(signed_in) => Ok(signed_in),
            Self::Refused(access) => Err(access.into()),
        }
    }
}

impl Unit for ConfirmSignIn {
    type Out = Confirmed;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Confirmed, Error> {
        let Some(user) = users::by_email(tx, &self.email).await? else {
            tx.count(&names::SIGN_INS, "refused");
            return Ok(Confirmed::Refused(Access::WrongCode));
        };
        users::lock(tx, user.id).await?;
        let now = self.app.now();
        let codes = codes::unexpired(tx, user.id, Purpose::SignIn, now).await?;
        let named = codes.iter().find(|code| Some(code.id) == self.request);
        let code = match named {
            Some(code) => self.try_one(tx, code, now).await?,
            // A request that was over the limit has no code of its own; its caller may have one of the earlier ones.
            None => self.try_all(tx, user.id, &codes, now).await?,
        };
        match code {
            Some(code) if codes::use_up(tx, code, now).await? => {
                users::confirm(tx, user.id, now).await?;
                tx.count(&names::SIGN_INS, "signed_in");
                Ok(Confirmed::SignedIn(begin(tx, &self.app, user.id, None, now).await?))
            }
            Some(_) | None => {
                tx.count(&names::SIGN_INS, "refused");
                Ok(Confirmed::Refused(Access::WrongCode))
            }
        }
    }
}

impl ConfirmSignIn {
    async fn try_one(&self, tx: &mut Tx, code: &Code, now: Moment) -> Result<Option<CodeId>, Error> {
        if !code.is_live(now) {
            return Ok(None);
        }
        if self.app.secret.is_code(code.id, &self.code) {
            return Ok(Some(code.id));
        }
        codes::mistype(tx, code.id).await?;
        Ok(None)
    }

    async fn try_all(&self, tx: &mut Tx, user: UserId, codes: &[Code], now: Moment) -> Result<Option<CodeId>, Error> {
        let since = now.before(SignedDuration::from_mins(i64::from(MINUTES)));
        if codes::guesses_after(tx, user, since).await? >= GUESSES {
            // Not told apart from a wrong code: for an address that nobody has, there is nothing to count, and the
            // difference would tell who is known here. The way out is the same, a new code.
            return Ok(None);
        }
        let right = codes.iter().find(|code| code.is_live(now) && self.app.secret.is_code(code.id, &self.code));
        if right.is_none() {
            codes::record_guess(tx, self.app.chance.id(now), user, now).await?;
        }
        Ok(right.map(|code| code.id))
    }
}

/// Begins a session of somebody who has shown who they are, be it with a proof that stays fresh or not.
pub(super) async fn begin(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    proof: Option<Proof>,
    now: Moment,
) -> Result<SignedIn, Error> {
    let (token, hash) = app.chance.token(TokenKind::Session);
    let id = app.chance.id(now);
    let session = Session { id, user, created_at: now, ends: Ends::of_new(now), proof };
    sessions::insert(tx, &session, &hash).await?;
    Ok(SignedIn { session: session.id, user, token, expires_at: session.ends.idle })
}
