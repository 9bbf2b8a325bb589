//! Fresh proof by a passkey, for a person with a session.

use serde_json::Value;

use super::{
    app::App,
    ceremony::Question,
    error::{Access, Error},
    principal::Principal,
    prove::session_of,
    use_passkey::{Answer, Used, used},
};
use crate::{
    id::CeremonyId,
    moment::Moment,
    passkey::refused::Refused,
    secret::Ceremony,
    store::{db::Unit, passkeys, sessions, tx::Tx},
};

/// Asks for one of the caller's passkeys. Says which ceremony that is, and what the browser needs to know.
///
/// # Errors
/// [`Access::NoPasskeysHere`]; [`Refused::Unknown`] where they have none.
pub async fn ask_proof(app: &App, principal: &Principal) -> Result<(CeremonyId, Value), Error> {
    let (user, session) = session_of(principal)?;
    let question = Question::ask(app, Ceremony::Proof(session))?;
    let held = passkeys::of_user(&mut app.db.read().await?, user, app.now()).await?;
    if held.is_empty() {
        return Err(Refused::Unknown.into());
    }
    let keys: Vec<_> = held.into_iter().map(|one| one.key).collect();
    Ok((question.id, question.service.request(&question.challenge, &keys)?))
}

/// Proves who is there, with one of their passkeys. Says when.
///
/// # Errors
/// Why it is not taken.
pub async fn prove_by_passkey(app: &App, principal: Principal, answer: Answer) -> Result<Moment, Error> {
    match app.db.run(ProveByPasskey { app: app.clone(), principal, answer }).await? {
        Proven::At(moment) => Ok(moment),
        Proven::Copied => Err(Refused::Copied.into()),
    }
}

/// Noting the proof.
pub struct ProveByPasskey {
    /// The service.
    pub app: App,
    /// Who proves it.
    pub principal: Principal,
    /// What their passkey answered.
    pub answer: Answer,
}

/// What came of it. Both are saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proven {
    /// It is them; the proof is of that moment.
    At(Moment),
    /// There may be a copy of the passkey, so it was ended.
    Copied,
}

impl Unit for ProveByPasskey {
    type Out = Proven;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Proven, Error> {
        let (user, session) = session_of(&self.principal)?;
        match used(tx, &self.app, Ceremony::Proof(session), Some(user), &self.answer).await? {
            Used::Copied => Ok(Proven::Copied),
            Used::By(_, proof) if sessions::prove(tx, session, proof).await? => Ok(Proven::At(proof.at)),
            Used::By(..) => Err(Access::Unauthenticated.into()),
        }
    }
}
