//! The story's mailboxes: delivered mails, opened as their readers would open them.

use std::{sync::Arc, time::Duration};

use anyhow::bail;
use tokio::time::sleep;

use crate::{
    app::app::App,
    id::MailId,
    mail::{mailbox, post::Post},
    store::{
        mails::Status,
        outbox::{self, Entry},
    },
};

/// The mailboxes of everybody in the story.
#[derive(Clone)]
pub struct Mails {
    /// The service whose outbox is read.
    pub app: App,
    /// How its mails are written.
    pub post: Arc<Post>,
}

/// A delivered mail.
pub struct Mail {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

impl Mails {
    /// Waits until the newest mail of that kind to that address has been delivered, and opens it.
    pub async fn newest(&self, address: &str, kind: &str) -> anyhow::Result<Mail> {
        self.find(address, kind, |_| true).await
    }

    /// The same for an owner's alert about that event.
    pub async fn alert(&self, address: &str, event: &str) -> anyhow::Result<Mail> {
        self.find(address, "owner_alert", |entry| entry.event.as_deref() == Some(event)).await
    }

    /// Waits until the newest mail of that kind to that address has those words in its subject, and opens it.
    pub async fn about(&self, address: &str, kind: &str, words: &str) -> anyhow::Result<Mail> {
        let mut waited = Duration::ZERO;
        loop {
            let mail = self.newest(address, kind).await?;
            if mail.subject.contains(words) {
                return Ok(mail);
            }
            if waited >= PATIENCE {
                bail!("the newest mail of the kind `{kind}` to {address} is «{}», not about «{words}»", mail.subject);
            }
            sleep(PAUSE).await;
            waited += PAUSE;
        }
    }

    async fn find(&self, address: &str, kind: &str, fits: impl Fn(&Entry) -> bool) -> anyhow::Result<Mail> {
        let mut waited = Duration::ZERO;
        while waited < PATIENCE {
            let mails = outbox::of_mailbox(&mut self.app.db.read().await?, 200).await?;
            let found = mails.into_iter().map(|kept| kept.entry).find(|entry| {
                entry.to.email == address && entry.kind == kind && entry.status == Status::Accepted && fits(entry)
            });
            if let Some(entry) = found {
                return self.open(entry.id).await;
            }
            sleep(PAUSE).await;
            waited += PAUSE;
        }
        bail!("no mail of the kind `{kind}` reached {address} within {PATIENCE:?}")
    }

    async fn open(&self, id: MailId) -> anyhow::Result<Mail> {
        match mailbox::letter(&self.app, &self.post, id).await? {
            Some(mailbox::Opened { letter: Ok(letter), .. }) => {
                Ok(Mail { subject: letter.rendered.subject, text: letter.rendered.text })
            }
            Some(mailbox::Opened { letter: Err(error), .. }) => bail!("mail `{id}` cannot be written: {error}"),
            None => bail!("mail `{id}` is gone"),
        }
    }
}

impl Mail {
    /// The token of the action link in this mail: what its page would post.
    pub fn link_token(&self) -> anyhow::Result<String> {
        let link = self.text.split_whitespace().find(|word| word.contains("/l/link_") && word.contains('#'));
        let token = link.and_then(|link| link.split_once("/l/")).and_then(|(_, rest)| rest.split_once('#'));
        match token {
            Some((id, proof)) => Ok(format!("{id}.{proof}")),
            None => bail!("the mail «{}» has no action link", self.subject),
        }
    }

    /// The page of the link in this mail, and what stands behind its `#`.
    pub fn link(&self) -> anyhow::Result<(&str, &str)> {
        let mut links = self.text.split_whitespace().filter(|word| word.starts_with("http"));
        let found = links.find_map(|link| link.split_once('#'));
        found.ok_or_else(|| anyhow::anyhow!("the mail «{}» has no link that only it has", self.subject))
    }

    /// The typed code in this mail: eight digits, or the sixteen that a paper key takes.
    pub fn code(&self) -> anyhow::Result<String> {
        let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
        let is_code = |line: &&str| {
            matches!(digits(line).len(), 8 | 16) && line.chars().all(|letter| letter.is_ascii_digit() || letter == ' ')
        };
        match self.text.lines().map(str::trim).find(is_code) {
            Some(line) => Ok(digits(line)),
            None => bail!("the mail «{}» has no code", self.subject),
        }
    }
}
