//! Asking to sign in: a mail with a code and a link goes to the address, if it is one that we know.
//!
//! The answer is the same for every address, and so is all that is done before it: whose address it is, is looked up
//! afterwards ([`super::mail_sign_in`]). It names the request: whoever repeats that name with the code has tries of their
//! own.

use jiff::SignedDuration;

use super::{app::App, error::Error};
use crate::{
    id::CodeId,
    mail::message::Message,
    meter::names,
    moment::Moment,
    ownership::address::Email,
    store::{
        codes::{self, Code, Purpose},
        db::Unit,
        guesses,
        mails::{self, Outgoing},
        sign_in_requests::{self, Request},
        tx::Tx,
        users::User,
    },
};

/// For how many minutes a typed code is good.
pub const MINUTES: u32 = 10;

/// How many live codes there are at most for one person and purpose. Then no further mail goes out.
pub const CODES: usize = 5;

/// How many requests for one address are taken in [`MINUTES`]. What a stranger cannot do by using them up is keep its
/// person out: then there are so many mails in their mailbox, each with a link that works.
pub const REQUESTS: i64 = 10;

/// Asks for a code that signs in the person with that address.
pub struct SignIn {
    /// The service.
    pub app: App,
    /// The address.
    pub email: Email,
}

/// The request was taken. Whether a mail goes out is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// Names the request.
    pub request: CodeId,
    /// When its code stops working.
    pub expires_at: Moment,
}

impl Unit for SignIn {
    type Out = Requested;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Requested, Error> {
        tx.count(&names::SIGN_INS, "asked");
        let now = self.app.now();
        let (request, expires_at) = (self.app.chance.id(now), expiry(now));
        let subject = self.app.secret.requests_for(self.email.as_str());
        if guesses::count(tx, &subject, now, now.before(lifetime())).await?.tries <= REQUESTS {
            let email = self.email.clone();
            let row = Request { id: request, email, created_at: now, expires_at, used_at: None };
            sign_in_requests::insert(tx, &row).await?;
        }
        Ok(Requested { request, expires_at })
    }
}

/// When a code made now stops working.
pub(super) fn expiry(now: Moment) -> Moment {
    now.after(lifetime())
}

/// How long a code works.
pub(super) fn lifetime() -> SignedDuration {
    SignedDuration::from_mins(i64::from(MINUTES))
}

/// Stores the code that a message carries, and queues the message.
pub(super) async fn send(
    tx: &mut Tx,
    app: &App,
    user: &User,
    purpose: Purpose,
    message: &Message,
    now: Moment,
) -> Result<(), Error> {
    if let Some(id) = message.code() {
        let expires_at = expiry(now);
        let code =
            Code { id, purpose, user: user.id, created_at: now, expires_at, wrong: 0, used_at: None, email: None };
        codes::insert(tx, &code).await?;
    }
    let to = user.contact();
    let outgoing =
        Outgoing { id: app.chance.id(now), account: None, case: None, to: &to, event: None, message, at: now };
    Ok(mails::queue(tx, &outgoing).await?)
}
