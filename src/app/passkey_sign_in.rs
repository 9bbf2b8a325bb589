//! Signing in with a passkey, which says by itself whose it is: nobody types an address, and nobody learns who is known.

use serde_json::Value;

use super::{
    app::App,
    begin_session::{Entry, SignedIn, begin},
    ceremony::Question,
    error::Error,
    use_passkey::{Answer, Used, used},
};
use crate::{
    id::CeremonyId,
    meter::names,
    passkey::refused::Refused,
    secret::{Ceremony, TokenHash},
    store::{db::Unit, tx::Tx},
};

/// Asks for any passkey of this service. Says which ceremony that is, and what the browser needs to know.
///
/// # Errors
/// [`Access::NoPasskeysHere`](super::error::Access::NoPasskeysHere).
pub fn ask_sign_in(app: &App) -> Result<(CeremonyId, Value), Error> {
    let question = Question::ask(app, Ceremony::SignIn)?;
    Ok((question.id, question.service.request(&question.challenge, &[])?))
}

/// Signs somebody in with their passkey, which proves at the same time that it is them.
///
/// # Errors
/// Why the passkey is not taken.
pub async fn sign_in(app: &App, answer: Answer, browser: Option<TokenHash>) -> Result<SignedIn, Error> {
    let refused = match app.db.run(BeginByPasskey { app: app.clone(), answer, browser }).await {
        Ok(Begun::SignedIn(signed_in)) => return Ok(signed_in),
        Ok(Begun::Copied) => Refused::Copied.into(),
        Err(error) => error,
    };
    app.db.meter().count(&names::SIGN_INS, ["refused".into()], 1);
    Err(refused)
}

/// Beginning the session.
pub struct BeginByPasskey {
    /// The service.
    pub app: App,
    /// What their passkey answered.
    pub answer: Answer,
    /// What the browser is known by, if it says.
    pub browser: Option<TokenHash>,
}

/// What came of it. Both are saved.
#[derive(Debug)]
pub enum Begun {
    /// The session.
    SignedIn(SignedIn),
    /// There may be a copy of this passkey, so it was ended.
    Copied,
}

impl Unit for BeginByPasskey {
    type Out = Begun;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Begun, Error> {
        match used(tx, &self.app, Ceremony::SignIn, None, &self.answer).await? {
            Used::Copied => Ok(Begun::Copied),
            Used::By(passkey, proof) => {
                tx.count(&names::SIGN_INS, "signed_in");
                let entry = Entry::Passkey(proof);
                Ok(Begun::SignedIn(begin(tx, &self.app, passkey.user, entry, self.browser, proof.at).await?))
            }
        }
    }
}
