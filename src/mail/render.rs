//! Writes a mail: facts in, subject and both bodies out.
//!
//! The only place where a code or a link becomes usable. What comes out goes to a mail server (or to the mailbox page)
//! and nowhere else: it is not stored, and does not print itself.

use std::{cell::RefCell, fmt};

use data_encoding::BASE64;

use super::{message::Message, plain_text, sheet};
use crate::{
    activity::log::checkpoint::Checkpoint,
    id::{CodeId, LinkId},
    ownership::settings::{Colour, TextOn},
    zone::Zone,
};

/// Derives what a mail reveals to its reader.
pub trait Reveal {
    /// The digits of a typed code.
    fn code(&self, id: CodeId) -> String;
    /// The sixteen digits that redeem a paper key.
    fn key_code(&self, id: CodeId) -> String;
    /// The whole URL of an action link, with its token in the fragment.
    fn link(&self, id: LinkId) -> String;
    /// The address to which the elector with that ballot link answers, where mails come in.
    fn answer_address(&self, id: LinkId) -> Option<String>;
    /// The whole URL of the link by which somebody signs in, with its token in the fragment.
    fn sign_in_link(&self, id: CodeId) -> String;
    /// The whole URL of a link that was mailed to a recovery address, with its token in the fragment.
    fn recovery_link(&self, id: CodeId) -> String;
}

/// Who reads it.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The name by which the mail greets; empty where it is not known.
    pub name: String,
    /// Where they live, as far as clocks go; UTC where that is not known.
    pub zone: Zone,
}

/// Who writes it.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// What this installation calls itself.
    pub service: String,
    /// Where its pages are, without a slash at the end.
    pub public_url: String,
    /// The last checkpoint of the activity log; stands on the alerts that may have to prove something one day.
    pub checkpoint: Option<Checkpoint>,
}

/// How the account that a mail is about looks. Words and a colour; never a picture, which a mail program would have to
/// fetch, or show as an attachment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Brand {
    /// The name that its owners gave it for people.
    pub name: Option<String>,
    /// Its colour.
    pub colour: Option<Colour>,
}

/// A mail, ready to send. It holds secrets, so it shows only its subject in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The body for readers of plain text.
    pub text: String,
    /// The same words as a page.
    pub html: String,
    revealed: Vec<String>,
}

impl Rendered {
    /// The same words without the codes and links that this mail revealed. A mail server may quote them in its answer,
    /// and answers are kept.
    #[must_use]
    pub fn without_secrets(&self, words: &str) -> String {
        self.revealed.iter().fold(words.to_owned(), |kept, secret| kept.replace(secret.as_str(), "[removed]"))
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// A mail could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the mail of kind `{kind}` cannot be written, report this as a defect")]
pub struct NotRendered {
    kind: &'static str,
    source: askama::Error,
}

/// Writes the mail for this reader, about an account that has no brand, or about none.
///
/// # Errors
/// When a template fails, which no message is known to cause.
pub fn render(
    message: &Message,
    to: &Recipient,
    office: &Letterhead,
    reveal: &dyn Reveal,
) -> Result<Rendered, NotRendered> {
    render_for(message, to, office, &Brand::default(), reveal)
}

/// Writes the mail for this reader.
///
/// # Errors
/// When a template fails, which no message is known to cause.
pub fn render_for(
    message: &Message,
    to: &Recipient,
    office: &Letterhead,
    brand: &Brand,
    reveal: &dyn Reveal,
) -> Result<Rendered, NotRendered> {
    let recorder = Recorder { inner: reveal, revealed: RefCell::default() };
    let head = Head {
        greeting: if to.name.trim().is_empty() {
            "Hello".to_owned()
        } else {
            format!("Hello {}", plain_text::name(&to.name))
        },
        zone: to.zone.clone(),
        service: plain_text::name(&office.service),
        url: office.public_url.clone(),
        seal: office.checkpoint.as_ref().filter(|_| message.bears_checkpoint()).map(|checkpoint| Seal {
            log: checkpoint.origin.to_string(),
            size: checkpoint.size,
            root: BASE64.encode(checkpoint.root.as_bytes()),
        }),
        brand: brand.name.as_deref().map(plain_text::name),
        colour: brand.colour.map(|colour| Paint {
            ground: colour.to_string(),
            text: match colour.text_on() {
                TextOn::White => "#ffffff",
                TextOn::Black => "#000000",
            },
        }),
    };
    let written =
        sheet::write(message, &head, &recorder).map_err(|source| NotRendered { kind: message.kind(), source })?;
    Ok(Rendered {
        subject: written.subject.split_whitespace().collect::<Vec<_>>().join(" "),
        text: plain_text::laid_out(&written.text),
        html: written.html,
        revealed: recorder.revealed.into_inner(),
    })
}

/// What every mail has above and below.
pub(super) struct Head {
    pub greeting: String,
    /// In which every moment is written.
    pub zone: Zone,
    pub service: String,
    pub url: String,
    /// How far the activity log is sealed.
    pub seal: Option<Seal>,
    /// What the account is called; none where its owners have set nothing.
    pub brand: Option<String>,
    /// In which colour that stands.
    pub colour: Option<Paint>,
}

/// A checkpoint of the activity log.
pub(super) struct Seal {
    pub log: String,
    pub size: u64,
    pub root: String,
}

/// A ground, and the text on it.
pub(super) struct Paint {
    pub ground: String,
    pub text: &'static str,
}

/// Remembers what was revealed, so that it can be kept out of what is stored.
struct Recorder<'a> {
    inner: &'a dyn Reveal,
    revealed: RefCell<Vec<String>>,
}

impl Reveal for Recorder<'_> {
    fn code(&self, id: CodeId) -> String {
        let code = self.inner.code(id);
        self.revealed.borrow_mut().push(code.clone());
        code
    }

    fn key_code(&self, id: CodeId) -> String {
        let code = self.inner.key_code(id);
        self.revealed.borrow_mut().push(code.clone());
        code
    }

    fn link(&self, id: LinkId) -> String {
        self.record(self.inner.link(id))
    }

    fn answer_address(&self, id: LinkId) -> Option<String> {
        self.inner.answer_address(id).inspect(|address| {
            let token = address.split(['+', '@']).nth(1).unwrap_or_default().to_owned();
            self.revealed.borrow_mut().push(token);
        })
    }

    fn sign_in_link(&self, id: CodeId) -> String {
        self.record(self.inner.sign_in_link(id))
    }

    fn recovery_link(&self, id: CodeId) -> String {
        self.record(self.inner.recovery_link(id))
    }
}

impl Recorder<'_> {
    fn record(&self, link: String) -> String {
        let mut revealed = self.revealed.borrow_mut();
        revealed.push(link.clone());
        // A server may cut the URL; the fragment alone is the secret.
        revealed.extend(link.split_once('#').map(|(_, token)| token.to_owned()).filter(|token| !token.is_empty()));
        link
    }
}
