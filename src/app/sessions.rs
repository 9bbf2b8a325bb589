//! A person's own sessions: which there are, and ending them.

use super::{
    app::App,
    error::{Access, Error},
    principal::Principal,
    prove::session_of,
};
use crate::{
    id::SessionId,
    store::{
        db::Unit,
        known_browsers,
        sessions::{self, Session},
        tx::Tx,
    },
};

/// The caller's sessions, newest first.
///
/// # Errors
/// [`Access::PeopleOnly`] for tokens.
pub async fn list(app: &App, principal: &Principal) -> Result<Vec<Session>, Error> {
    let user = principal.person_everywhere()?;
    Ok(sessions::of_user(&mut app.db.read().await?, user, app.now()).await?)
}

/// Ends one of the caller's sessions. Ending it again changes nothing.
pub struct EndSession {
    /// The service.
    pub app: App,
    /// Who asks.
    pub principal: Principal,
    /// Which session.
    pub session: SessionId,
}

impl Unit for EndSession {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let user = if self.principal.session() == Some(self.session) {
            self.principal.person_and_reach()?.0
        } else {
            let user = self.principal.person_everywhere()?;
            // Whoever was there may be somebody else, and is told of when they come again.
            known_browsers::forget_that_of(tx, user, self.session).await?;
            user
        };
        // Another person's session is not there for them.
        if sessions::end(tx, user, self.session, self.app.now()).await? { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// Ends all of the caller's sessions but the one from which it is called.
pub struct EndOtherSessions {
    /// The service.
    pub app: App,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for EndOtherSessions {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (user, session) = session_of(&self.principal)?;
        Ok(sessions::end_others(tx, user, session, self.app.now()).await?)
    }
}

/// Ends the session from which it is called.
///
/// # Errors
/// [`Access::Unauthenticated`] without a session.
pub async fn sign_out(app: &App, principal: Principal) -> Result<(), Error> {
    principal.person_and_reach()?;
    let session = principal.session().ok_or(Access::Unauthenticated)?;
    app.db.run(EndSession { app: app.clone(), principal, session }).await
}
