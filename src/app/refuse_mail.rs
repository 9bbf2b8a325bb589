//! A mail that came in is no ballot: why is written down for the operator, and told to whoever wrote it.
//!
//! Only a sender whose domain has signed is told, at the address that they are known by, and a few times a day at most: otherwise
//! anybody could have this service write to anybody.

use jiff::SignedDuration;

use super::{
    app::App,
    error::Error,
    receive_mail::{Come, Place, Proven},
    tell_case::account_of,
};
use crate::{
    inbound::refused::Refused,
    mail::message::Message,
    store::{
        accounts,
        db::Unit,
        inbound_mails::{self, InboundMail, Verdict},
        mails::{self, Outgoing},
        tx::Tx,
        users,
    },
};

/// How often a day somebody is told.
const MOST_ANSWERS: i64 = 5;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Writing down why a mail is no ballot.
pub struct RefuseMail {
    /// The service.
    pub app: App,
    pub(super) come: Come,
    pub(super) refused: Refused,
    pub(super) proven: Option<Proven>,
    pub(super) place: Place,
}

impl Unit for RefuseMail {
    type Out = InboundMail;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<InboundMail, Error> {
        let (come, now) = (&self.come, self.app.now());
        let name = come.sight.message_id.as_deref();
        let known = match &self.proven {
            Some(proven) => inbound_mails::is_known(tx, proven.fingerprint, &proven.sender, name).await?,
            None => false,
        };
        let refused = if known { &Refused::Replayed } else { &self.refused };
        let proven = self.proven.as_ref().filter(|_| !known);
        let answered = match proven {
            Some(proven) => self.answer(tx, proven).await?,
            None => Answered::No,
        };
        let answered_at = match answered {
            Answered::Yes => Some(now),
            Answered::No => None,
        };
        let claimed = come.sight.from.as_ref().map(|from| from.as_str().to_owned());
        let sender = self.proven.as_ref().map(|proven| proven.sender.as_str().to_owned()).or(claimed);
        let (reason, detail) = (refused.code().to_owned(), refused.to_string());
        let mail = InboundMail {
            id: come.id,
            received_at: now,
            sender,
            message_id: come.sight.message_id.clone(),
            fingerprint: proven.map(|proven| proven.fingerprint),
            account: self.place.account,
            case: self.place.case,
            verdict: Verdict::Refused { reason, detail, answered_at },
        };
        inbound_mails::insert(tx, &mail).await?;
        Ok(mail)
    }
}

enum Answered {
    Yes,
    No,
}

impl RefuseMail {
    async fn answer(&self, tx: &mut Tx, proven: &Proven) -> Result<Answered, Error> {
        let now = self.app.now();
        let Some(person) = users::by_email(tx, &proven.sender).await? else { return Ok(Answered::No) };
        if inbound_mails::answers_since(tx, &proven.sender, now.before(DAY)).await? >= MOST_ANSWERS {
            return Ok(Answered::No);
        }
        let account = match self.place.account {
            Some(account) => accounts::find(tx, account).await?,
            None => None,
        };
        let message = Message::MailRefused {
            account: account.as_ref().map(account_of),
            case: self.place.case,
            why: self.refused.to_string(),
            at: now,
        };
        let (account, case) = (self.place.account, self.place.case);
        let to = &person.contact();
        let id = self.app.chance.id(now);
        mails::queue(tx, &Outgoing { id, account, case, to, event: None, message: &message, at: now }).await?;
        Ok(Answered::Yes)
    }
}
