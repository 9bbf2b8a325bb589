//! Signing in by the link of the mail that somebody asked for.
//!
//! Its token cannot be guessed, so no number of tries is too many, and nobody's tries keep its reader out.

use super::{
    app::App,
    begin_session::SignedIn,
    confirm_sign_in::enter,
    error::{Access, Error},
};
use crate::{
    meter::names,
    ownership::address::Email,
    secret::TokenHash,
    store::{db::Unit, sign_in_requests, tx::Tx},
};

/// The address for which a link is. Nothing is done.
///
/// # Errors
/// [`Access::DeadLink`] when it works no longer, or is none.
pub async fn address(app: &App, token: &str) -> Result<Email, Error> {
    let id = app.secret.sign_in_of(token).ok_or(Access::DeadLink)?;
    let request = sign_in_requests::live(&mut app.db.read().await?, id, app.now()).await?;
    Ok(request.ok_or(Access::DeadLink)?.email)
}

/// Signs in whoever has the mail with that link.
pub struct FollowSignIn {
    /// The service.
    pub app: App,
    /// The link's token, as it was presented.
    pub token: String,
    /// What the browser is known by, if it says.
    pub browser: Option<TokenHash>,
}

impl Unit for FollowSignIn {
    type Out = SignedIn;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<SignedIn, Error> {
        let now = self.app.now();
        let id = self.app.secret.sign_in_of(&self.token).ok_or(Access::DeadLink)?;
        let request = sign_in_requests::live(tx, id, now).await?.ok_or(Access::DeadLink)?;
        let signed_in = enter(tx, &self.app, &request, self.browser, now).await?.ok_or(Access::DeadLink)?;
        tx.count(&names::SIGN_INS, "signed_in");
        Ok(signed_in)
    }
}
