//! The post office of this installation: in whose name mails go out, and which way.

use super::{
    envelope::Letter,
    facts::Person,
    message::Message,
    render::{Brand, Letterhead, NotRendered, Recipient, Reveal, render_for},
    smtp::Postman,
};
use crate::{id::MailId, moment::Moment};

/// In whose name mails go out, and which way.
pub struct Post {
    /// What stands on every mail.
    pub letterhead: Letterhead,
    /// The sender.
    pub from: Person,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Person>,
    /// How mails leave.
    pub way: Way,
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
    /// When its cause happened.
    pub date: Moment,
    /// How the account that it is about looks.
    pub brand: Brand,
}

impl Post {
    /// Writes a letter. The codes and links in it are usable from here on.
    ///
    /// # Errors
    /// When a template fails, which no message is known to cause.
    pub fn letter(&self, cover: Cover, message: &Message, reveal: &dyn Reveal) -> Result<Letter, NotRendered> {
        let Cover { mail, to, date, brand } = cover;
        let rendered = render_for(message, &Recipient { name: to.name.clone() }, &self.letterhead, &brand, reveal)?;
        let host = host_of(&self.letterhead.public_url).to_owned();
        let (from, reply_to) = (self.from.clone(), self.reply_to.clone());
        Ok(Letter { mail, host, to, from, reply_to, date, rendered })
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
