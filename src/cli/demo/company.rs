//! The story's company as a mail server has it: it signs what its people send. And somebody else's, who writes in their names.

use anyhow::anyhow;
use data_encoding::BASE64;
use jiff::{Timestamp, tz::TimeZone};
use ring::{rand::SystemRandom, signature::Ed25519KeyPair};

use super::people::Player;
use crate::{
    mail::dkim::{Record, Signer},
    moment::Moment,
};

/// The domain of everybody in the story.
pub const DOMAIN: &str = "example.org";
/// Where votes go by plain mail.
pub const VOTES: &str = "votes@quorate.example";

/// A mail server that signs for a domain.
pub struct MailServer(Signer);

impl MailServer {
    /// The mail server of that domain, with a new key.
    pub fn of(domain: &str) -> anyhow::Result<Self> {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| anyhow!("no key could be made"))?;
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64.encode(key.as_ref()));
        Ok(Self(Signer::new(domain, "story", &pem)?))
    }

    /// What the domain publishes, for others to check its signatures.
    pub fn record(&self) -> Record {
        self.0.record()
    }

    /// A mail as it leaves, signed.
    pub fn sends(&self, mail: &str, at: Moment) -> anyhow::Result<Vec<u8>> {
        Ok(self.0.signed(mail.as_bytes(), at)?)
    }
}

/// A mail to where votes go, as a mail program writes it.
pub fn written(by: &Player, words: &str, at: Moment) -> anyhow::Result<String> {
    let date = Timestamp::from_microsecond(at.micros())?.to_zoned(TimeZone::UTC);
    let lines = [
        format!("From: {} <{}>", by.name, by.email),
        format!("To: {VOTES}"),
        "Subject: The account owner".to_owned(),
        format!("Date: {}", date.strftime("%a, %d %b %Y %H:%M:%S +0000")),
        format!("Message-ID: <{}.{}>", at.micros(), by.email),
        String::new(),
        words.to_owned(),
        String::new(),
    ];
    Ok(lines.join("\r\n"))
}

/// The sentence that counts.
pub fn sentence(owner: &Player, nominee: &Player) -> String {
    format!(
        "The current account owner {} ({}) is not contactable and therefore {} ({}) should be made the new account owner.",
        owner.name, owner.email, nominee.name, nominee.email
    )
}
