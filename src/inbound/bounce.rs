//! What a mail server reports about a mail that it had taken: that it could not be delivered, that it is delayed, or that it
//! arrived.
//!
//! Reports have a form (RFC 3464). Some servers write them in words instead; those count only where a mail system wrote them
//! and they name a lasting failure, because holiday notices come to the same address, just as without a sender. Whatever
//! is unclear tells nothing: then the mail stays what it was.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// The longest report that is read. It may hold the mail that it is about.
pub const LONGEST: usize = 1024 * 1024;
/// The part of a report's words that is kept.
const KEPT: usize = 300;
/// As many parts are looked at.
const PARTS: usize = 50;
/// As many lines of a report in words are looked at.
const LINES: usize = 400;

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What became of the mail.
    pub verdict: Verdict,
    /// Why, in the words of the report, as one line. Links and codes that it quotes are removed.
    pub why: String,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It arrived, or was handed on to somebody who reports nothing.
    Delivered,
    /// It is still being tried.
    Delayed,
    /// It will not arrive.
    Failed,
}

/// The mail tells nothing about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAReport {
    /// It is longer than [`LONGEST`].
    #[error("the mail is too large to be a report")]
    TooLarge,
    /// It is no mail.
    #[error("the mail cannot be read")]
    Unreadable,
    /// It is an answer, a holiday notice, or something else.
    #[error("the mail does not say what became of another one")]
    SomethingElse,
}

/// Reads a mail that came to the return path of one of ours.
///
/// # Errors
/// When it is no report.
pub fn read(raw: &[u8]) -> Result<Report, NotAReport> {
    if raw.len() > LONGEST {
        return Err(NotAReport::TooLarge);
    }
    let message = MessageParser::default().parse(raw).ok_or(NotAReport::Unreadable)?;
    let parts = || message.parts.iter().take(PARTS);
    // The worst of them counts: our mails have one recipient each, whom a list behind the address may have multiplied.
    let formal = parts().filter(|part| is_status(part)).flat_map(|part| recipients(&text_of(part)));
    let worst = formal.max_by_key(|report: &Report| report.verdict);
    worst.or_else(|| in_words(&message)).ok_or(NotAReport::SomethingElse)
}

/// Whether the part is what RFC 3464 calls a delivery status, also in its form for other alphabets (RFC 6533).
fn is_status(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default();
        kind.ctype().eq_ignore_ascii_case("message")
            && ["delivery-status", "global-delivery-status"].iter().any(|name| subtype.eq_ignore_ascii_case(name))
    })
}

fn text_of(part: &MessagePart<'_>) -> String {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        PartType::Message(message) => String::from_utf8_lossy(message.raw_message()).into_owned(),
        PartType::Multipart(_) => String::new(),
    }
}

/// The reports about recipients in a delivery status: groups of fields, with an empty line between them.
fn recipients(status: &str) -> Vec<Report> {
    let plain = unfolded(status);
    plain.split("\n\n").filter_map(about_recipient).collect()
}

/// The text with its folded lines put together, and every end of a line the same.
fn unfolded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.lines() {
        if line.starts_with([' ', '\t']) && !line.trim().is_empty() {
            plain.truncate(plain.trim_end_matches('\n').len());
            plain.push(' ');
        }
        plain.push_str(line.trim());
        plain.push('\n');
    }
    plain
}

fn about_recipient(fields: &str) -> Option<Report> {
    let field = |wanted: &str| {
        let mut lines = fields.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    let status = field("Status").map(|status| status.split_whitespace().next().unwrap_or_default());
    let verdict = match field("Action").map(|action| action.split([' ', '(']).next().unwrap_or_default()) {
        Some(action) if action.eq_ignore_ascii_case("failed") => Verdict::Failed,
        Some(action) if action.eq_ignore_ascii_case("delayed") => Verdict::Delayed,
        Some(action) if ["delivered", "relayed", "expanded"].iter().any(|it| action.eq_ignore_ascii_case(it)) => {
            Verdict::Delivered
        }
        Some(_) | None => match status?.bytes().next()? {
            b'5' => Verdict::Failed,
            b'4' => Verdict::Delayed,
            b'2' => Verdict::Delivered,
            _ => return None,
        },
    };
    // `smtp; 550 5.1.1 …`: what comes first names the system that the words are from.
    let words = field("Diagnostic-Code").map(|words| words.split_once(';').map_or(words, |(_, words)| words).trim());
    let status = status.unwrap_or_default();
    let why = match words {
        Some(words) if words.contains(status) => words.to_owned(),
        Some(words) => format!("{status} {words}"),
        None if status.is_empty() => "the report gives no reason".to_owned(),
        None => format!("{status}, without further words"),
    };
    Some(Report { verdict, why: kept(&why) })
}

/// A report without a form.
fn in_words(message: &Message<'_>) -> Option<Report> {
    if !is_from_a_mail_system(message) {
        return None;
    }
    let text = message.body_text(0)?;
    let failure = text.lines().take(LINES).find(|line| names_a_lasting_failure(line))?;
    Some(Report { verdict: Verdict::Failed, why: kept(failure) })
}

fn is_from_a_mail_system(message: &Message<'_>) -> bool {
    const NAMES: [&str; 3] = ["mailer-daemon", "postmaster", "mail-daemon"];
    let authors = message.from().into_iter().flat_map(mail_parser::Address::iter);
    let local = |author: &mail_parser::Addr<'_>| {
        let address = author.address().unwrap_or_default();
        address.rsplit_once('@').map_or(address, |(local, _)| local).to_ascii_lowercase()
    };
    authors.into_iter().any(|author| NAMES.contains(&local(author).as_str()))
}

/// `550 …`, `550-…` or `5.1.1` as a word of its own.
fn names_a_lasting_failure(line: &str) -> bool {
    let mut words = line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    words.any(|word| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let word = word.trim_end_matches('.');
        let mut parts = word.split('.');
        let enhanced = parts.next() == Some("5")
            && parts.clone().count() == 2
            && parts.all(|part| part.len() <= 3 && digits(part));
        enhanced || word.len() == 3 && word.starts_with("55") && digits(word)
    })
}

/// One line without control characters, and without what could be a link or a code of the mail that it is about.
fn kept(words: &str) -> String {
    let plain: String = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let mut line = String::new();
    for word in plain.split_whitespace() {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        // The last is what a return path looks like, by which others could report.
        let tells =
            word.contains("://") || word.contains('#') || digits >= 8 || word.contains('+') && word.contains('@');
        let word = if tells { "[removed]" } else { word };
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.chars().take(KEPT).collect()
}
