//! Asking to sign in: a code goes to the address, if it is one that we know.
//!
//! The answer is the same for every address, so that nobody learns from it who is known here. It names the request:
//! whoever repeats that name with the code cannot be locked out by the guesses of others.

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
        mails::{self, Outgoing},
        tx::Tx,
        users::{self, User},
    },
};

/// For how many minutes a typed code is good.
pub const MINUTES: u32 = 10;

/// How many live codes there are at most for one person and purpose. Then no further mail goes out. A code that a stranger
/// has mistyped to death does not count, or they could keep somebody out with five requests.
pub const CODES: usize = 5;

/// How many sign-in mails go to one person at most while none of their codes has expired.
pub const MAILS: usize = 20;

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
        let user = match users::by_email(tx, &self.email).await? {
            Some(user) => {
                users::lock(tx, user.id).await?;
                // Once more: while this waited, they may have changed their address, and this one is theirs no longer.
                users::by_id(tx, user.id).await?.filter(|user| user.email == self.email)
            }
            None => None,
        };
        let now = self.app.now();
        let requested = Requested { request: self.app.chance.id(now), expires_at: expiry(now) };
        let Some(user) = user else { return Ok(requested) };
        let codes = codes::unexpired(tx, user.id, Purpose::SignIn, now).await?;
        let live = codes.iter().filter(|code| code.is_live(now)).count();
        if live < CODES && codes.len() < MAILS {
            let message = Message::SignInCode { code: requested.request, minutes: MINUTES };
            send(tx, &self.app, &user, Purpose::SignIn, &message, now).await?;
        }
        Ok(requested)
    }
}

/// When a code made now stops working.
pub(super) fn expiry(now: Moment) -> Moment {
    now.after(SignedDuration::from_mins(i64::from(MINUTES)))
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
