//! The return path of a mail, to which mail servers report what became of it: an address for each mail, so that the report
//! need not be believed about which mail it is for.
//!
//! It is `bounces+TOKEN@DOMAIN`. The token names the mail and shows that it is one of ours; it is derived from the server's
//! secret, and stands nowhere but on the mail itself. Only whoever handled that mail can report on it.

use std::{fmt, str::FromStr};

use lettre::Address;

use crate::{id::MailId, secret::ServerSecret};

/// The address to which reports go, before a mail's token is put into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPath {
    local: String,
    domain: String,
}

/// The address cannot take tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address of at most {LOCAL} characters before the `@`, in ASCII and without a `+`")]
pub struct NotAReturnPath;

/// The digits of an id, and those that show it to be ours.
const TOKEN: (usize, usize) = (26, 16);
/// The longest part before the `@` (RFC 5321), without the token and its plus sign.
const LOCAL: usize = 64 - 1 - TOKEN.0 - TOKEN.1;

impl ReturnPath {
    /// The return path of one mail.
    #[must_use]
    pub fn of(&self, mail: MailId, secret: &ServerSecret) -> String {
        format!("{}+{}@{}", self.local, token(mail, secret), self.domain)
    }
}

/// The mail to whose return path a report was sent, if that is one of ours. Some mail servers change the case of letters.
#[must_use]
pub fn mail_at(address: &str, secret: &ServerSecret) -> Option<MailId> {
    let (local, _) = address.rsplit_once('@')?;
    let (_, given) = local.rsplit_once('+')?;
    let given = given.to_ascii_lowercase();
    let (id, proof) = given.split_at_checked(TOKEN.0)?;
    let mail: MailId = format!("mail_{id}").parse().ok()?;
    secret.is_return_proof(mail, proof).then_some(mail)
}

fn token(mail: MailId, secret: &ServerSecret) -> String {
    let id = mail.to_string();
    let digits = id.split_once('_').map_or(id.as_str(), |(_, digits)| digits);
    format!("{digits}{}", secret.return_proof(mail))
}

impl FromStr for ReturnPath {
    type Err = NotAReturnPath;

    fn from_str(text: &str) -> Result<Self, NotAReturnPath> {
        let address: Address = text.trim().parse().map_err(|_| NotAReturnPath)?;
        let (local, domain) = (address.user(), address.domain());
        let fits = local.len() <= LOCAL && text.is_ascii() && !local.contains(['+', '"']);
        if fits { Ok(Self { local: local.to_owned(), domain: domain.to_owned() }) } else { Err(NotAReturnPath) }
    }
}

impl fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{moment::Moment, secret::Chance};

    #[test]
    fn a_return_path_names_its_mail_and_no_other() {
        let chance = Chance::seeded(3);
        let (secret, other) = (ServerSecret::generate(&chance), ServerSecret::generate(&chance));
        let path: ReturnPath = "bounces@quorate.example".parse().unwrap();
        let (mail, next): (MailId, MailId) = (chance.id(Moment::from_micros(1)), chance.id(Moment::from_micros(1)));
        let address = path.of(mail, &secret);
        assert!(address.starts_with("bounces+") && address.ends_with("@quorate.example"), "{address}");
        assert!(address.split_once('@').unwrap().0.len() <= 64);
        assert_eq!(mail_at(&address, &secret), Some(mail));
        assert_eq!(mail_at(&address.to_uppercase(), &secret), Some(mail), "some servers change the case");
        assert_eq!(mail_at(&address, &other), None);
        let proof = secret.return_proof(mail);
        let moved = path.of(next, &secret).replace(&secret.return_proof(next), &proof);
        assert_eq!(mail_at(&moved, &secret), None, "a proof is for one mail");
        for broken in [
            "",
            "@",
            "bounces@quorate.example",
            "bounces+@x.example",
            "b+01h455vb4pex5vsknk@x.example",
            "b+é@x.example",
        ] {
            assert_eq!(mail_at(broken, &secret), None, "{broken}");
        }
    }

    #[test]
    fn what_cannot_take_a_token_is_told() {
        for (text, fits) in [
            ("bounces@quorate.example", true),
            ("a-name-of-21-letters-@x.example", true),
            ("a-name-of-22-letters--@x.example", false),
            ("bounces+more@quorate.example", false),
            ("bounces", false),
            ("bóunces@quorate.example", false),
        ] {
            assert_eq!(text.parse::<ReturnPath>().is_ok(), fits, "{text}");
        }
    }
}
