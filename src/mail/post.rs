//! The post office of this installation: in whose name mails go out, and which way.

use super::{
    envelope::Letter,
    facts::Person,
    message::Message,
    pace::Pace,
    render::{Brand, Letterhead, NotRendered, Recipient, Reveal, render_for},
    return_path::ReturnPath,
    smtp::Postman,
};
use crate::{activity::log::checkpoint::Checkpoint, id::MailId, moment::Moment, zone::Zone};

/// In whose name mails go out, and which way.
pub struct Post {
    /// What stands on every mail.
    pub letterhead: Letterhead,
    /// The sender.
    pub from: Person,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Person>,
    /// Where mail servers report what became of mails, if not to the sender.
    pub return_path: Option<ReturnPath>,
    /// How mails leave.
    pub way: Way,
    /// How fast they go to one domain, on their way to a mail server.
    pub pace: Pace,
}

/// How mails leave.
pub enum Way {
    /// To a mail server.
    Smtp(Box<Postman>),
    /// Not at all: people read them on the built-in mailbox page.
    Mailbox,
}

/// What a letter needs besides what it says.
#[derive(Debug, Clone)]
pub struct Cover {
    /// The mail's id.
    pub mail: MailId,
    /// To whom.
    pub to: Person,
    /// The zone in which they read moments.
    pub zone: Zone,
    /// When its cause happened.
    pub date: Moment,
    /// How the account that it is about looks.
    pub brand: Brand,
    /// Where mail servers report what became of it, if not to the sender.
    pub return_path: Option<String>,
    /// The last checkpoint of the activity log.
    pub checkpoint: Option<Checkpoint>,
}

impl Post {
    /// A post office whose mails say nothing but who sends them.
    #[must_use]
    pub const fn new(letterhead: Letterhead, from: Person, way: Way) -> Self {
        Self { letterhead, from, reply_to: None, return_path: None, way, pace: Pace::free() }
    }

    /// Writes a letter. The codes and links in it are usable from here on.
    ///
    /// # Errors
    /// When a template fails, which no message is known to cause.
    pub fn letter(&self, cover: Cover, message: &Message, reveal: &dyn Reveal) -> Result<Letter, NotRendered> {
        let Cover { mail, to, zone, date, brand, return_path, checkpoint } = cover;
        let recipient = Recipient { name: to.name.clone(), zone };
        let letterhead = Letterhead { checkpoint, ..self.letterhead.clone() };
        let rendered = render_for(message, &recipient, &letterhead, &brand, reveal)?;
        let host = host_of(&self.letterhead.public_url).to_owned();
        let answers_go_to = |address| Person { name: self.letterhead.service.clone(), address };
        let own = message.answer().and_then(|link| reveal.answer_address(link)).map(answers_go_to);
        let (from, reply_to) = (self.from.clone(), own.or_else(|| self.reply_to.clone()));
        Ok(Letter { mail, host, to, from, reply_to, return_path, date, rendered })
    }
}

/// The host of a URL, without a port: the right half of our Message-IDs.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        Some(_) | None => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn the_host_of_a_url() {
        for (url, host) in [
            ("https://quorate.example", "quorate.example"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("https://quorate.example:8443/recovery", "quorate.example"),
            ("http://[::1]:8080", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }
}
