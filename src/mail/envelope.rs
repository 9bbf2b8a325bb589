//! Puts a rendered mail into the form in which it travels: headers, and one body as text and as HTML.

use std::time::{Duration, SystemTime};

use lettre::{
    Address,
    address::Envelope,
    message::{
        Mailbox, Message, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::{facts::Person, plain_text, render::Rendered};
use crate::{id::MailId, inbound::automatic::LOOP, moment::Moment};

/// A mail to one recipient, complete.
#[derive(Debug)]
pub struct Letter {
    /// Names the mail; the same at every attempt, so that a mail server can drop a repetition.
    pub mail: MailId,
    /// Ends the Message-ID: the host of the service.
    pub host: String,
    /// The recipient.
    pub to: Person,
    /// The service, as people see it.
    pub from: Person,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Person>,
    /// Where mail servers report what became of it, if not to the sender.
    pub return_path: Option<String>,
    /// When its cause happened.
    pub date: Moment,
    /// What it says.
    pub rendered: Rendered,
}

/// A letter that cannot travel, because an address is not one.
#[derive(Debug, thiserror::Error)]
pub enum NotALetter {
    /// The recipient's, so that only this letter is concerned.
    #[error("`{0}` is not an address that mail can be sent to, correct it")]
    Recipient(String),
    /// Ours, so that every letter is concerned.
    #[error("`{0}` is not an address that mail can be sent from, correct it in the configuration")]
    Sender(String),
    /// The parts do not make a message.
    #[error("the mail cannot be put together, report this as a defect")]
    Parts(#[from] lettre::error::Error),
}

impl Letter {
    /// `<mail_…@host>`.
    #[must_use]
    pub fn message_id(&self) -> String {
        format!("<{}@{}>", self.mail, self.host)
    }

    /// The message, as lettre sends it.
    ///
    /// # Errors
    /// When an address is not one.
    pub fn message(&self) -> Result<Message, NotALetter> {
        let to = mailbox(&self.to).ok_or_else(|| NotALetter::Recipient(self.to.address.clone()))?;
        let from = mailbox(&self.from).ok_or_else(|| NotALetter::Sender(self.from.address.clone()))?;
        let sender = match &self.return_path {
            Some(path) => path.parse().map_err(|_| NotALetter::Sender(path.clone()))?,
            None => from.email.clone(),
        };
        let mut message = Message::builder()
            .envelope(Envelope::new(Some(sender), vec![to.email.clone()])?)
            .message_id(Some(self.message_id()))
            .date(system_time(self.date))
            .from(from)
            .to(to)
            .subject(self.rendered.subject.clone())
            // Keeps vacation notices and ticket systems from answering.
            .raw_header(fixed("Auto-Submitted", "auto-generated"))
            .raw_header(fixed("X-Auto-Response-Suppress", "All"))
            // Whatever of ours comes back is recognised by it.
            .raw_header(fixed(LOOP, &self.host));
        if let Some(reply_to) = &self.reply_to {
            let mailbox = mailbox(reply_to).ok_or_else(|| NotALetter::Sender(reply_to.address.clone()))?;
            message = message.reply_to(mailbox);
        }
        let body = MultiPart::alternative()
            // Not random, so that the same mail is the same bytes at every attempt.
            .boundary(format!("={}", self.mail))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.rendered.text.clone()))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(self.rendered.html.clone()));
        Ok(message.multipart(body)?)
    }
}

fn mailbox(person: &Person) -> Option<Mailbox> {
    let address: Address = person.address.parse().ok()?;
    let name = (!person.name.trim().is_empty()).then(|| plain_text::name(&person.name));
    Some(Mailbox::new(name, address))
}

fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn system_time(moment: Moment) -> SystemTime {
    let micros = u64::try_from(moment.micros()).unwrap_or_default();
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(micros)).unwrap_or(SystemTime::UNIX_EPOCH)
}
