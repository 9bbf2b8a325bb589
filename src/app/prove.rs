//! Fresh proof: until there are passwords and passkeys, a code that is mailed on demand to a person with a session.
//!
//! Codes, tries and limits belong to the session that asked, so nobody outside it can use them up.

use super::{
    app::App,
    error::{Access, Error},
    principal::Principal,
    sign_in::{self, CODES},
};
use crate::{
    id::{SessionId, UserId},
    mail::{facts::ProofUse, message::Message},
    moment::Moment,
    ownership::credential::Proof,
    store::{
        codes::{self, Purpose},
        db::Unit,
        error::DbError,
        sessions,
        tx::Tx,
        users,
    },
};

/// Asks for a code that proves who is there.
pub struct RequestProof {
    /// The service.
    pub app: App,
    /// Who asks.
    pub principal: Principal,
    /// For which act; the mail says so.
    pub what: ProofUse,
}

/// A code was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofRequested {
    /// A mail with a code goes out.
    Mailed {
        /// When the code stops working.
        expires_at: Moment,
    },
    /// Enough codes were mailed in the last minutes; the latest of them still works.
    UseEarlier {
        /// When it stops working.
        expires_at: Moment,
    },
}

impl Unit for RequestProof {
    type Out = ProofRequested;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<ProofRequested, Error> {
        let (user, session) = session_of(&self.principal)?;
        users::lock(tx, user).await?;
        let now = self.app.now();
        let purpose = Purpose::Proof { session };
        let earlier = codes::unexpired(tx, user, purpose, now).await?;
        if let [first, ..] = earlier.as_slice()
            && earlier.len() >= CODES
        {
            let latest = earlier.iter().rfind(|code| code.is_live(now));
            let until = first.expires_at;
            return match latest {
                Some(code) => Ok(ProofRequested::UseEarlier { expires_at: code.expires_at }),
                None => Err(Access::TooManyGuesses { until }.into()),
            };
        }
        let person = users::by_id(tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
        let message = Message::ProofCode { code: self.app.chance.id(now), minutes: sign_in::MINUTES, what: self.what };
        sign_in::send(tx, &self.app, &person, purpose, &message, now).await?;
        Ok(ProofRequested::Mailed { expires_at: sign_in::expiry(now) })
    }
}

/// Proves who is there, with a code that the same session asked for.
pub struct Prove {
    /// The service.
    pub app: App,
    /// Who proves it.
    pub principal: Principal,
    /// The code, as typed.
    pub code: String,
}

/// What became of it. Both are saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proven {
    /// The code was right; the proof is of that moment.
    At(Moment),
    /// It was not.
    Refused(Access),
}

impl Proven {
    /// The moment of the proof, or the refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// The refusal.
    pub fn at(self) -> Result<Moment, Error> {
        match self {
            Self::At(moment) => Ok(moment),
            Self::Refused(access) => Err(access.into()),
        }
    }
}

impl Unit for Prove {
    type Out = Proven;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Proven, Error> {
        let (user, session) = session_of(&self.principal)?;
        users::lock(tx, user).await?;
        let now = self.app.now();
        let codes = codes::unexpired(tx, user, Purpose::Proof { session }, now).await?;
        let live = || codes.iter().filter(|code| code.is_live(now));
        if let Some(code) = live().find(|code| self.app.secret.is_code(code.id, &self.code)) {
            return if !codes::use_up(tx, code.id, now).await? {
                Ok(Proven::Refused(Access::WrongCode))
            } else if sessions::prove(tx, session, Proof::by_code(now)).await? {
                Ok(Proven::At(now))
            } else {
                Err(Access::Unauthenticated.into())
            };
        }
        // Nobody says which of the codes was meant, so the try counts against each.
        for code in live() {
            codes::mistype(tx, code.id).await?;
        }
        Ok(Proven::Refused(Access::WrongCode))
    }
}

/// The person and the session that they call from.
pub(super) fn session_of(principal: &Principal) -> Result<(UserId, SessionId), Error> {
    let user = principal.person_everywhere()?;
    principal.session().map(|session| (user, session)).ok_or_else(|| Access::Unauthenticated.into())
}
