//! A person asks for another address: a code goes there, to show that it is theirs.
//!
//! The answer is the same whether or not somebody has the address already; if so, the mail to it says that somebody
//! tried. Codes and tries belong to the session that asked. How many mails go out is limited for the person, because
//! they go to addresses of which nobody knows whose they are.

use super::{
    app::App,
    error::{Access, Error},
    everywhere::ties_of,
    principal::Principal,
    prove::session_of,
    sign_in::{self, CODES},
};
use crate::{
    mail::message::Message,
    moment::Moment,
    ownership::{address::Email, identity},
    store::{
        codes::{self, Code, Purpose},
        db::Unit,
        error::DbError,
        mails::{self, Contact, Outgoing},
        tx::Tx,
        users,
    },
};

/// Asking for another address.
pub struct AskAddress {
    /// The service.
    pub app: App,
    /// The address.
    pub email: Email,
    /// Who asks.
    pub principal: Principal,
}

/// The request was taken. Whether a code goes out is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// When its code stops working.
    pub expires_at: Moment,
}

impl Unit for AskAddress {
    type Out = Asked;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Asked, Error> {
        let (user, session) = session_of(&self.principal)?;
        users::lock(tx, user).await?;
        let now = self.app.now();
        let person = users::by_id(tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
        if person.email == self.email {
            return Err(Error::invalid("/email", "this is your address already; give another one"));
        }
        identity::may_change(&ties_of(tx, user).await?)?;
        let earlier = codes::for_addresses(tx, user, now).await?;
        if let [first, ..] = earlier.as_slice()
            && earlier.len() >= CODES
        {
            // Whatever became of them, or one could tell from it whether they went out.
            return Err(Access::TooManyCodes { until: first.expires_at }.into());
        }
        codes::kill_of_other_addresses(tx, session, &self.email, now).await?;
        let holder = users::by_email(tx, &self.email).await?;
        let (id, expires_at) = (self.app.chance.id(now), sign_in::expiry(now));
        let code = Code {
            id,
            purpose: Purpose::Email { session },
            user,
            created_at: now,
            expires_at,
            wrong: 0,
            // A code that never goes out is dead from the beginning, and counts like the others.
            used_at: holder.as_ref().map(|_| now),
            email: Some(self.email.clone()),
        };
        codes::insert(tx, &code).await?;
        let (to, message) = match holder {
            Some(holder) => (holder.contact(), Message::EmailTaken { at: now }),
            None => (self.unproven(&code), Message::EmailCode { code: id, minutes: sign_in::MINUTES }),
        };
        let id = self.app.chance.id(now);
        let outgoing = Outgoing { id, account: None, case: None, to: &to, event: None, message: &message, at: now };
        mails::queue(tx, &outgoing).await?;
        Ok(Asked { expires_at })
    }
}

impl AskAddress {
    /// The new address. Nobody knows whose it is, so the mail to it names nobody.
    fn unproven(&self, code: &Code) -> Contact {
        Contact { user: Some(code.user), name: String::new(), email: self.email.as_str().to_owned() }
    }
}

/// The address that the caller's session asked for last, as long as its code could be good.
///
/// # Errors
/// [`Access::PeopleOnly`] for tokens.
pub async fn asked(app: &App, principal: &Principal) -> Result<Option<Email>, Error> {
    let (user, session) = session_of(principal)?;
    let codes = codes::for_addresses(&mut app.db.read().await?, user, app.now()).await?;
    let own = codes.into_iter().rfind(|code| code.purpose == Purpose::Email { session });
    Ok(own.and_then(|code| code.email))
}

/// Whether the caller's address may change, as things stand.
///
/// # Errors
/// [`Access::PeopleOnly`] for tokens.
pub async fn may_change(app: &App, principal: &Principal) -> Result<Result<(), identity::Refusal>, Error> {
    let user = principal.person_everywhere()?;
    Ok(identity::may_change(&ties_of(&mut app.db.snapshot().await?, user).await?))
}
