//! Mails the code, and the link, of a request to sign in to whoever has its address, if anybody does.

use super::{app::App, error::Error, sign_in::MINUTES};
use crate::{
    id::CodeId,
    mail::message::Message,
    store::{
        db::Unit,
        mails::{self, Outgoing},
        sign_in_requests,
        tx::Tx,
        users,
    },
};

/// Mails what a request asked for, once.
pub struct MailSignIn {
    /// The service.
    pub app: App,
    /// The request.
    pub request: CodeId,
}

impl Unit for MailSignIn {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let now = self.app.now();
        let Some(email) = sign_in_requests::look_up(tx, self.request, now).await? else { return Ok(()) };
        let Some(user) = users::by_email(tx, &email).await? else { return Ok(()) };
        let (to, message) = (user.contact(), Message::SignInCode { code: self.request, minutes: MINUTES });
        let id = self.app.chance.id(now);
        let outgoing = Outgoing { id, account: None, case: None, to: &to, event: None, message: &message, at: now };
        Ok(mails::queue(tx, &outgoing).await?)
    }
}
