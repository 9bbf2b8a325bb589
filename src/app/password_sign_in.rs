//! Signing in with a password. The answer to a wrong one is the same for every address, and so is what it costs: nobody
//! learns from either who is known here.

use super::{
    app::App,
    begin_session::{Entry, SignedIn, begin},
    error::{Access, Error},
    try_password::{Try, Weighed, Whose, weigh},
};
use crate::{
    meter::names,
    ownership::{
        address::Email,
        credential::{Proof, ProvenBy},
    },
    password::typed::Password,
    secret::TokenHash,
    store::{
        credentials::{self, Matching},
        db::Unit,
        tx::Tx,
        users,
    },
};

/// Signs somebody in with their password, which proves at the same time that it is them.
///
/// # Errors
/// [`Access::WrongPassword`], also where nobody has the address, or where too many tries went before.
pub async fn sign_in(
    app: &App,
    email: Email,
    password: Password,
    browser: Option<TokenHash>,
) -> Result<SignedIn, Error> {
    let signed_in = match weigh(app, Whose::Address(email.clone()), password).await? {
        Weighed::Right(matching, tried) => {
            app.db.run(BeginByPassword { app: app.clone(), email, matching, tried, browser }).await?
        }
        Weighed::Wrong | Weighed::TooMany { .. } => None,
    };
    let Some(signed_in) = signed_in else {
        app.db.meter().count(&names::SIGN_INS, ["refused".into()], 1);
        return Err(Access::WrongPassword.into());
    };
    Ok(signed_in)
}

/// Begins the session of somebody whose password was right a moment ago.
pub struct BeginByPassword {
    /// The service.
    pub app: App,
    /// The address that they typed.
    pub email: Email,
    /// The password that matched.
    pub matching: Matching,
    /// The try.
    pub tried: Try,
    /// What the browser is known by, if it says.
    pub browser: Option<TokenHash>,
}

impl Unit for BeginByPassword {
    type Out = Option<SignedIn>;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Option<SignedIn>, Error> {
        let Matching { id, user, mail_since } = self.matching;
        users::lock(tx, user).await?;
        let now = self.app.now();
        // Once more: meanwhile they may have changed their address, or ended this password.
        let theirs = users::by_id(tx, user).await?.is_some_and(|person| person.email == self.email);
        if !theirs || !credentials::use_now(tx, user, id, now).await? {
            return Ok(None);
        }
        self.tried.take_back(tx).await?;
        tx.count(&names::SIGN_INS, "signed_in");
        let proof = Proof { at: now, by: ProvenBy::Credential { id, mail_since } };
        Ok(Some(begin(tx, &self.app, user, Entry::Password(proof), self.browser, now).await?))
    }
}
