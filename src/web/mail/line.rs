//! One mail on a page, and what became of it.

use crate::{
    app::view::mail::MailView,
    mail::{
        plain_text,
        wording::{count, sentence},
    },
    moment::Moment,
    web::case::time::brief,
};

/// A mail, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    /// What it was about.
    pub about: String,
    /// What became of it.
    pub status: Status,
    /// When it was sent.
    pub at: Option<Moment>,
    /// What else there is to say.
    pub words: String,
    /// What the mail server said, for those who may know.
    pub answer: Option<String>,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It has not been tried.
    Queued,
    /// The mail server took it over.
    Sent,
    /// It was tried, and is tried again.
    Deferred,
    /// It came back.
    Bounced,
    /// It cannot be delivered.
    Failed,
    /// It was not sent, because its occasion had passed.
    Dropped,
}

impl Status {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// The line about a mail.
#[must_use]
pub fn line(mail: &MailView, about: impl Into<String>) -> MailLine {
    let (status, words) = match (mail.status, mail.attempts) {
        ("accepted", _) => (Status::Sent, String::new()),
        ("bounced", _) => {
            (Status::Bounced, "the mail server took it, and reported later that it did not arrive".to_owned())
        }
        ("undeliverable", _) => (Status::Failed, "the mail server refused it for good".to_owned()),
        ("dropped", _) => (Status::Dropped, "not sent, because its occasion had passed".to_owned()),
        (_, 0) => (Status::Queued, "sent in a moment".to_owned()),
        (_, tries) => {
            let next = mail.next_at.map_or_else(String::new, |next| format!(", next try {}", brief(next)));
            (Status::Deferred, format!("after {}{next}", count(tries, "attempt")))
        }
    };
    let answer = match status {
        Status::Sent | Status::Deferred | Status::Failed => mail.last_answer.as_deref(),
        Status::Bounced => mail.bounce.as_deref(),
        Status::Queued | Status::Dropped => None,
    };
    let answer = answer.map(|answer| sentence(&plain_text::name(answer)));
    MailLine { about: about.into(), status, at: mail.bounced_at.or(mail.accepted_at), words, answer }
}
