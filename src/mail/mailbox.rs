//! The built-in mailbox: the mails of the outbox, written anew each time somebody looks.
//!
//! It stands in for a mail server where none is configured. Nothing that it shows is stored: codes and links are derived
//! at that moment, so whoever may open this page may act for everybody. It is served on loopback only.

use super::{
    envelope::Letter,
    facts::Person,
    post::{Cover, Post},
    reveal::Revealer,
};
use crate::{
    activity::log::checkpoint::Checkpoint,
    app::app::App,
    id::MailId,
    store::{
        checkpoints::{self, StoredCheckpoint},
        error::DbError,
        outbox::{self, Entry, Kept},
    },
};

/// A mail in the mailbox.
#[derive(Debug)]
pub struct Opened {
    /// To whom, when, and what became of it.
    pub entry: Entry,
    /// The mail as it would travel, or why it cannot be written.
    pub letter: Result<Letter, String>,
}

/// A line of the mailbox.
#[derive(Debug)]
pub struct Line {
    /// To whom, when, and what became of it.
    pub entry: Entry,
    /// What its subject says; without one, it cannot be written.
    pub subject: Option<String>,
}

/// One mail, written now.
///
/// # Errors
/// When the database fails.
pub async fn letter(app: &App, post: &Post, id: MailId) -> Result<Option<Opened>, DbError> {
    let mut tx = app.db.read().await?;
    let Some(kept) = outbox::one(&mut tx, id).await? else { return Ok(None) };
    let borne = match kept.checkpoint {
        Some(number) => checkpoints::numbered(&mut tx, number).await?,
        // It was never claimed, and would bear the last one.
        None => checkpoints::latest(&mut tx).await?,
    };
    Ok(Some(open(app, post, kept, borne.and_then(StoredCheckpoint::checkpoint))))
}

/// The newest mails, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(app: &App, post: &Post, limit: i64) -> Result<Vec<Line>, DbError> {
    let kept = outbox::of_mailbox(&mut app.db.read().await?, limit).await?;
    let line = |kept| {
        let Opened { entry, letter } = open(app, post, kept, None);
        Line { entry, subject: letter.ok().map(|letter| letter.rendered.subject) }
    };
    Ok(kept.into_iter().map(line).collect())
}

fn open(app: &App, post: &Post, kept: Kept, checkpoint: Option<Checkpoint>) -> Opened {
    let Kept { entry, message, brand, zone, .. } = kept;
    let reveal = Revealer { secret: &app.secret, public_url: &app.public_url, inbound: app.inbound.as_ref() };
    let to = Person { name: entry.to.name.clone(), address: entry.to.email.clone() };
    let cover = Cover { mail: entry.id, to, zone, date: entry.created_at, brand, return_path: None, checkpoint };
    let letter = message
        .map_err(|unreadable| unreadable.to_string())
        .and_then(|message| post.letter(cover, &message, &reveal).map_err(|failed| failed.to_string()));
    Opened { entry, letter }
}
