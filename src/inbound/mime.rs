//! The text of a mail: the one part that is plain text, whatever else comes with it.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{
    header::Header,
    refused::{Broken, Refused},
};

/// The text of a mail, and how it lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What the sender wrote.
    pub words: String,
    /// What a signature has to cover besides the body, so that nobody could have it read otherwise.
    pub depends_on: DependsOn,
}

/// Which field of the header the reading of the body depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependsOn {
    /// None: the body is the text, or says itself where its parts begin and end.
    Nothing,
    /// The one that says how the text is encoded.
    TransferEncoding,
    /// The one that says what parts there are.
    ContentType,
}

/// How many parts there may be.
const MOST_PARTS: usize = 100;

/// The name that the mail shows beside its sender's address, decoded.
pub fn shown_name(mail: &[u8]) -> Option<String> {
    let parsed = MessageParser::default().parse_headers(mail)?;
    parsed.from()?.first()?.name.as_deref().map(str::to_owned)
}

/// Finds the text of a mail.
///
/// # Errors
/// Where its parts are not what they say, where there is no text, or more than one.
pub fn text(mail: &[u8], header: &Header<'_>) -> Result<Text, Refused> {
    let parsed = MessageParser::default().parse(mail).ok_or(Broken::Mime)?;
    if parsed.parts.len() > MOST_PARTS || parsed.parts.iter().any(|part| part.is_encoding_problem) {
        return Err(Broken::Mime.into());
    }
    for part in &parsed.parts {
        whole(part, mail)?;
    }
    let mut found = Vec::new();
    collect(&parsed, 0, &mut found)?;
    let depends_on = depends_on(header)?;
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(words), None) => Ok(Text { words, depends_on }),
        (None, _) => Err(Refused::NoText),
        (Some(_), Some(_)) => Err(Refused::SeveralTexts),
    }
}

/// Whether a part that has parts says where they begin and end, and they do.
fn whole(part: &MessagePart<'_>, mail: &[u8]) -> Result<(), Refused> {
    let Some(kind) = part.content_type().filter(|kind| kind.ctype().eq_ignore_ascii_case("multipart")) else {
        return Ok(());
    };
    let boundary = kind.attribute("boundary").filter(|boundary| !boundary.is_empty()).ok_or(Broken::Mime)?;
    let within = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    let inside = mail.get(within(part.offset_body)..within(part.offset_end)).ok_or(Broken::Mime)?;
    let mut lines = inside.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let begins = lines.any(|line| line.strip_prefix(b"--") == Some(boundary.as_bytes()));
    let ends = lines.any(|line| {
        let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary.as_bytes()));
        rest == Some(b"--")
    });
    if begins && ends { Ok(()) } else { Err(Broken::Mime.into()) }
}

/// The plain texts below a part. What is attached, or a mail of its own, is not looked into.
fn collect(parsed: &Message<'_>, at: usize, found: &mut Vec<String>) -> Result<(), Refused> {
    let part = parsed.parts.get(at).ok_or(Broken::Mime)?;
    if part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment) {
        return Ok(());
    }
    match &part.body {
        PartType::Text(words) if is_plain(part) => {
            if !known_letters(part) {
                return Err(Refused::NoText);
            }
            found.push(words.clone().into_owned());
        }
        PartType::Multipart(children) => {
            for child in children {
                let child = usize::try_from(*child).unwrap_or(usize::MAX);
                // Children follow their parents, so this ends.
                if child > at {
                    collect(parsed, child, found)?;
                }
            }
        }
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Message(_) => {}
    }
    Ok(())
}

fn is_plain(part: &MessagePart<'_>) -> bool {
    part.content_type().is_none_or(|kind| {
        kind.ctype().eq_ignore_ascii_case("text")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("plain"))
    })
}

/// Whether the letters are of a kind in which what looks like ours is ours.
fn known_letters(part: &MessagePart<'_>) -> bool {
    const NAMES: [&str; 8] = ["us-ascii", "utf-8", "gbk", "gb2312", "gb18030", "big5", "euc-kr", "euc-jp"];
    const FAMILIES: [&str; 3] = ["iso-8859-", "windows-125", "koi8-"];
    let Some(name) = part.content_type().and_then(|kind| kind.attribute("charset")) else { return true };
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || FAMILIES.iter().any(|family| name.starts_with(family))
}

fn depends_on(header: &Header<'_>) -> Result<DependsOn, Refused> {
    let kind = header.one("Content-Type")?.map(|field| field.text().to_ascii_lowercase());
    let Some(kind) = kind.filter(|kind| !kind.starts_with("text/plain")) else {
        let encoding = header.one("Content-Transfer-Encoding")?.map(|field| field.text().to_ascii_lowercase());
        let as_it_is = |encoding: &String| matches!(encoding.as_str(), "7bit" | "8bit" | "binary");
        return Ok(match encoding {
            Some(encoding) if !as_it_is(&encoding) => DependsOn::TransferEncoding,
            Some(_) | None => DependsOn::Nothing,
        });
    };
    // Two of them, and two programs would take different ones.
    if kind.matches("boundary").count() > 1 {
        return Err(Broken::Mime.into());
    }
    Ok(if names_its_parts(header.body()) { DependsOn::Nothing } else { DependsOn::ContentType })
}

/// Whether a body that has parts begins with the mark between them and ends with it: then there is no other mark by which
/// it could be read.
fn names_its_parts(body: &[u8]) -> bool {
    let first = body.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let last = body.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    first.len() > 2 && first.starts_with(b"--") && last.strip_prefix(first) == Some(b"--")
}
