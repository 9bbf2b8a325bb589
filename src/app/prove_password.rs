//! Fresh proof by a password, for a person with a session.

use super::{
    app::App,
    error::{Access, Error},
    principal::Principal,
    prove::session_of,
    try_password::{Try, Weighed, Whose, weigh},
};
use crate::{
    moment::Moment,
    ownership::credential::{Proof, ProvenBy},
    password::typed::Password,
    store::{
        credentials::{self, Matching},
        db::Unit,
        sessions,
        tx::Tx,
        users,
    },
};

/// Proves who is there, with their password. Says when.
///
/// # Errors
/// [`Access::NotYourPassword`]; [`Access::TooManyGuesses`] after too many in this session.
pub async fn prove_by_password(app: &App, principal: Principal, password: Password) -> Result<Moment, Error> {
    let (user, session) = session_of(&principal)?;
    match weigh(app, Whose::InSession(user, session), password).await? {
        Weighed::Right(matching, tried) => {
            app.db.run(ProveByPassword { app: app.clone(), principal, matching, tried }).await
        }
        Weighed::Wrong => Err(Access::NotYourPassword.into()),
        Weighed::TooMany { until } => Err(Access::TooManyGuesses { until }.into()),
    }
}

/// Notes the proof of somebody whose password was right a moment ago.
pub struct ProveByPassword {
    /// The service.
    pub app: App,
    /// Who proves it.
    pub principal: Principal,
    /// The password that matched.
    pub matching: Matching,
    /// The try.
    pub tried: Try,
}

impl Unit for ProveByPassword {
    type Out = Moment;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Moment, Error> {
        let (user, session) = session_of(&self.principal)?;
        let Matching { id, mail_since, .. } = self.matching;
        users::lock(tx, user).await?;
        let now = self.app.now();
        if !credentials::use_now(tx, user, id, now).await? {
            return Err(Access::NotYourPassword.into());
        }
        let proof = Proof { at: now, by: ProvenBy::Credential { id, mail_since } };
        if !sessions::prove(tx, session, proof).await? {
            return Err(Access::Unauthenticated.into());
        }
        self.tried.take_back(tx).await?;
        Ok(now)
    }
}
