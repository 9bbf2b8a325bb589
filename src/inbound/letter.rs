//! A mail as its reader understands it: whose it says it is, to whom, of when, and its text. Nothing of it is proven yet.

use std::collections::BTreeSet;

use jiff::fmt::rfc2822::DateTimeParser;

use super::{
    automatic,
    header::Header,
    mailbox,
    mime::{self, DependsOn, Text},
    refused::{Broken, Refused},
};
use crate::{hash::Hash, moment::Moment, ownership::address::Email};

/// A mail that could be read in one way only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter<'m> {
    header: Header<'m>,
    from: Email,
    to: BTreeSet<Email>,
    subject: String,
    written_at: Moment,
    text: Text,
}

/// Fields that a mail has once at most. Of two, different programs would show different ones.
const ONCE: [&str; 13] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Subject",
    "Date",
    "MIME-Version",
    "Content-Type",
];

/// What a mail says of itself at first sight, however broken it is: for whoever looks at what was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FirstSight {
    /// Whose it says it is.
    pub from: Option<Email>,
    /// Its name.
    pub message_id: Option<String>,
}

/// The longest name of a mail that is kept.
const LONGEST_ID: usize = 255;

impl FirstSight {
    /// Looks at the beginning of a mail.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let lines = bytes.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
        let texts = lines.take(500).map(String::from_utf8_lossy);
        let mut found = Self::default();
        for line in texts {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("From") && found.from.is_none() {
                found.from = mailbox::recipients(value).pop_first();
            } else if name.eq_ignore_ascii_case("Message-ID") && found.message_id.is_none() {
                found.message_id = name_of(value.trim());
            }
        }
        found
    }
}

fn name_of(text: &str) -> Option<String> {
    let fits = text.len() <= LONGEST_ID && text.starts_with('<') && text.ends_with('>');
    (fits && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| text.to_owned())
}

impl<'m> Letter<'m> {
    /// Reads a mail whose lines end as on the network.
    ///
    /// # Errors
    /// Why it is no mail that a person wrote, or none that everybody would read in the same way.
    pub fn read(lines: &'m [u8]) -> Result<Self, Refused> {
        let header = Header::read(lines)?;
        automatic::recognise(&header)?;
        if header.all("From").count() > 1 {
            return Err(Refused::TwoSenders);
        }
        for name in ONCE {
            header.one(name)?;
        }
        let from = mailbox::sender(&needed(&header, "From")?)?;
        let shown = mime::shown_name(lines).unwrap_or_default();
        if shown.contains('@') && !shown.eq_ignore_ascii_case(from.as_str()) {
            return Err(Refused::LookAlike);
        }
        let to = mailbox::recipients(&needed(&header, "To")?);
        let subject = needed(&header, "Subject")?;
        let date = needed(&header, "Date")?;
        let written_at = DateTimeParser::new().parse_timestamp(&date).map_err(|_| Broken::Date)?.into();
        let text = mime::text(lines, &header)?;
        Ok(Self { header, from, to, subject, written_at, text })
    }

    /// Its header.
    #[must_use]
    pub const fn header(&self) -> &Header<'m> {
        &self.header
    }

    /// Whose it says it is.
    #[must_use]
    pub const fn from(&self) -> &Email {
        &self.from
    }

    /// To whom it says it was written.
    #[must_use]
    pub const fn to(&self) -> &BTreeSet<Email> {
        &self.to
    }

    /// When it says it was written, to the second.
    #[must_use]
    pub const fn written_at(&self) -> Moment {
        self.written_at
    }

    /// What it says.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.text.words
    }

    /// What a signature has to cover so that nobody could have it read otherwise.
    #[must_use]
    pub const fn depends_on(&self) -> DependsOn {
        self.text.depends_on
    }

    /// What makes it this mail, out of what a signature covers: however it comes in once more, this stays the same.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        let to: Vec<&str> = self.to.iter().map(Email::as_str).collect();
        let words: Vec<&str> = self.text.words.split_whitespace().collect();
        let parts = [self.from.as_str(), &to.join(","), &self.written_at.to_string(), &self.subject, &words.join(" ")];
        Hash::of(&parts.map(|part| format!("{}:{part}", part.len())).concat())
    }
}

fn needed(header: &Header<'_>, name: &'static str) -> Result<String, Refused> {
    Ok(header.one(name)?.ok_or(Refused::Missing { header: name })?.text())
}
