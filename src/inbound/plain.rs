//! The text of a mail that is kept as a proof, read in the one way that `docs/certificate.md` specifies: by rules so few that everybody
//! can write a reader of their own. A mail that these do not read can be a ballot all the same; it proves nothing then.

use data_encoding::BASE64;

use super::{
    header::{Field, Header},
    signature::Signature,
};

/// How deep parts may lie in parts.
const DEEPEST: usize = 10;

/// The letters of windows-1252 between 0x80 and 0x9F; none where it has none.
const WINDOWS_1252: &str = "\u{20ac}\0\u{201a}\u{192}\u{201e}\u{2026}\u{2020}\u{2021}\u{2c6}\u{2030}\u{160}\u{2039}\u{152}\0\u{17d}\0\0\u{2018}\u{2019}\u{201c}\u{201d}\u{2022}\u{2013}\u{2014}\u{2dc}\u{2122}\u{161}\u{203a}\u{153}\0\u{17e}\u{178}";

/// What a field says in one line, where that is ASCII.
pub fn line(field: Field<'_>) -> Option<String> {
    let text: Vec<u8> = field.raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let text = String::from_utf8(text).ok().filter(|text| text.is_ascii())?;
    Some(text.trim_matches(BLANKS).to_owned())
}

/// Spaces and tabs.
pub const BLANKS: [char; 2] = [' ', '\t'];

/// The one plain text of a mail, if the signature covers what its reading depends on.
pub fn text(header: &Header<'_>, signature: &Signature<'_>) -> Option<String> {
    let root = Part::of(header)?;
    let fixed = match &root.kind {
        Kind::Parts(boundary) => signature.covers("Content-Type") || marks_itself(header.body(), boundary),
        Kind::Text | Kind::Other => root.coding == Coding::Plain || signature.covers("Content-Transfer-Encoding"),
    };
    let mut found = Vec::new();
    collect(&root, header.body(), 0, &mut found)?;
    let mut found = found.into_iter();
    found.next().filter(|_| fixed && found.next().is_none())
}

#[derive(PartialEq, Eq)]
enum Kind {
    Text,
    Parts(String),
    Other,
}

#[derive(PartialEq, Eq)]
enum Coding {
    Plain,
    QuotedPrintable,
    Base64,
}

/// What the fields of a part say of it.
struct Part {
    kind: Kind,
    coding: Coding,
    letters: Option<String>,
    attached: bool,
}

impl Part {
    fn of(header: &Header<'_>) -> Option<Self> {
        let one = |name: &'static str| header.one(name).ok()?.map_or(Some(None), |field| line(field).map(Some));
        let content = one("Content-Type")?;
        let letters = content.as_deref().map_or(Some(None), |content| parameter(content, "charset"))?;
        let kind = match content {
            None => Kind::Text,
            Some(content) => {
                let named = content.split(';').next().unwrap_or_default().trim_matches(BLANKS).to_ascii_lowercase();
                match named.as_str() {
                    "text/plain" => Kind::Text,
                    other if other.starts_with("multipart/") => Kind::Parts(parameter(&content, "boundary")??),
                    _ => Kind::Other,
                }
            }
        };
        let coding = match one("Content-Transfer-Encoding")?.map(|coding| coding.to_ascii_lowercase()).as_deref() {
            None | Some("7bit" | "8bit" | "binary") => Coding::Plain,
            Some("quoted-printable") => Coding::QuotedPrintable,
            Some("base64") => Coding::Base64,
            Some(_) => return None,
        };
        let attached =
            one("Content-Disposition")?.is_some_and(|how| how.to_ascii_lowercase().starts_with("attachment"));
        Some(Self { kind, coding, letters: letters.map(|letters| letters.to_ascii_lowercase()), attached })
    }
}

/// A parameter of a field; `None` where it could be read in two ways, `Some(None)` where it is not there.
#[expect(clippy::option_option, reason = "left out is one thing, and unreadable another")]
fn parameter(content: &str, name: &str) -> Option<Option<String>> {
    let small = content.to_ascii_lowercase();
    let mark = format!("{name}=");
    let Some(at) = small.find(&mark) else { return Some(None) };
    let before = small.get(..at)?;
    let rest = content.get(at + mark.len()..)?;
    if !before.ends_with([' ', '\t', ';']) || rest.to_ascii_lowercase().contains(&mark) {
        return None;
    }
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?.0,
        None => rest.split([' ', '\t', ';']).next()?,
    };
    Some(Some(value.to_owned())).filter(|_| !value.is_empty())
}

/// Whether a body begins with the line between its parts, and ends with the one behind the last: then there is no other reading.
fn marks_itself(body: &[u8], boundary: &str) -> bool {
    let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').map(without_blanks).collect();
    let last = lines.iter().rfind(|line| !line.is_empty());
    lines.first().is_some_and(|first| *first == format!("--{boundary}").as_bytes())
        && last.is_some_and(|last| *last == format!("--{boundary}--").as_bytes())
}

/// A line without what may stand at its end.
fn without_blanks(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let end = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |at| at + 1);
    line.get(..end).unwrap_or_default()
}

fn collect(part: &Part, body: &[u8], depth: usize, found: &mut Vec<String>) -> Option<()> {
    if part.attached {
        return Some(());
    }
    match &part.kind {
        Kind::Text => found.push(letters(decoded(body, &part.coding)?, part.letters.as_deref())?),
        Kind::Parts(boundary) if depth < DEEPEST => {
            for child in parts(body, boundary)? {
                if let Some(body) = child.strip_prefix(b"\r\n") {
                    collect(&Part::bare(), body, depth + 1, found)?;
                } else {
                    let header = Header::read(&child).ok()?;
                    collect(&Part::of(&header)?, header.body(), depth + 1, found)?;
                }
            }
        }
        Kind::Parts(_) => return None,
        Kind::Other => {}
    }
    Some(())
}

impl Part {
    /// One of which no field says anything.
    const fn bare() -> Self {
        Self { kind: Kind::Text, coding: Coding::Plain, letters: None, attached: false }
    }
}

/// What lies between the marks, each with the end of its last line; `None` where they do not begin or do not end.
fn parts(body: &[u8], boundary: &str) -> Option<Vec<Vec<u8>>> {
    let (between, behind) = (format!("--{boundary}"), format!("--{boundary}--"));
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let bare = without_blanks(line.strip_suffix(b"\n").unwrap_or(line));
        if bare == behind.as_bytes() {
            return (!parts.is_empty()).then_some(parts);
        }
        if bare == between.as_bytes() {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.extend(line);
        }
    }
    None
}

fn decoded(body: &[u8], coding: &Coding) -> Option<Vec<u8>> {
    match coding {
        Coding::Plain => Some(body.to_vec()),
        Coding::QuotedPrintable => quoted_printable(body),
        Coding::Base64 => {
            let text: Vec<u8> = body.iter().copied().filter(|byte| !b" \t\r\n".contains(byte)).collect();
            BASE64.decode(&text).ok()
        }
    }
}

fn quoted_printable(body: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let ended = line.ends_with(b"\n");
        let line = without_blanks(line.strip_suffix(b"\n").unwrap_or(line));
        let (line, soft) = line.strip_suffix(b"=").map_or((line, false), |line| (line, true));
        let mut bytes = line.iter();
        while let Some(byte) = bytes.next() {
            if *byte == b'=' {
                let digits = [*bytes.next()?, *bytes.next()?];
                text.extend(data_encoding::HEXLOWER_PERMISSIVE.decode(&digits).ok()?);
            } else {
                text.push(*byte);
            }
        }
        if ended && !soft {
            text.extend(b"\r\n");
        }
    }
    Some(text)
}

/// Bytes as letters.
fn letters(bytes: Vec<u8>, name: Option<&str>) -> Option<String> {
    let alike = |name: &str| ["iso-8859-", "windows-125", "koi8-"].iter().any(|family| name.starts_with(family));
    match name {
        None | Some("us-ascii" | "utf-8") => String::from_utf8(bytes).ok(),
        Some("iso-8859-1") => Some(bytes.into_iter().map(char::from).collect()),
        Some("windows-1252") => bytes.into_iter().map(western).collect(),
        Some(name) if alike(name) && bytes.is_ascii() => String::from_utf8(bytes).ok(),
        Some(_) => None,
    }
}

fn western(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => WINDOWS_1252.chars().nth(usize::from(byte - 0x80)).filter(|letter| *letter != '\0'),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::signature::FIELD;

    fn read(head: &str, body: &str, covered: &str) -> Option<String> {
        let names = format!("From:{covered}");
        let names = names.trim_end_matches(':');
        let value = format!(" v=1; a=rsa-sha256; d=example.org; s=mail; h={names}; bh=YQ==; b=Yg==\r\n");
        let mail = format!("From: kim@example.org\r\n{head}\r\n{body}");
        let header = Header::read(mail.as_bytes()).unwrap();
        text(&header, &Signature::read(Field { name: FIELD, raw: value.as_bytes() }).unwrap())
    }

    const PARTS: &str = "Content-Type: multipart/alternative; boundary=\"b 1\"\r\n";
    const BODY: &str = "--b 1\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nI approve\r\n--b 1 \r\nContent-Type: text/html\r\n\r\n\
                        <p>I approve\r\n--b 1--\r\n";

    #[test]
    fn the_usual_forms_are_read() {
        let coded = |name: &str| format!("Content-Transfer-Encoding: {name}\r\n");
        let named = |name: &str| format!("Content-Type: text/plain; charset={name}\r\n");
        for (head, body, covered) in [
            (String::new(), "I approve\r\n", ""),
            (coded("7bit"), "I approve\r\n", ""),
            (coded("Quoted-Printable"), "I =61p=\r\nprove=20 \r\n", "content-transfer-encoding"),
            (coded("base64"), "SSBhcHBy\r\nb3Zl\r\n", "Content-Transfer-Encoding"),
            (named("\"ISO-8859-15\""), "I approve", ""),
            (PARTS.to_owned(), BODY, ""),
            (PARTS.to_owned(), &format!("for old programs\r\n{BODY}"), "content-type"),
            (PARTS.to_owned(), "--b 1\r\n\r\nI approve\r\n--b 1--", ""),
        ] {
            assert_eq!(read(&head, body, covered).unwrap_or_default().trim(), "I approve", "{head}{body}");
        }
        assert_eq!(read(&named("iso-8859-1"), "\u{e9}", ""), Some("\u{c3}\u{a9}".to_owned()));
        assert_eq!(letters(vec![0x80, 0x9f], Some("windows-1252")), Some("\u{20ac}\u{178}".to_owned()));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        let kind = |name: &str| format!("Content-Type: {name}\r\n");
        for (head, body, covered) in [
            ("Content-Transfer-Encoding: base64\r\n".to_owned(), "SSBhcHByb3Zl", ""),
            ("Content-Transfer-Encoding: base64\r\n".to_owned(), "SSBhcHByb3Z", "content-transfer-encoding"),
            ("Content-Transfer-Encoding: quoted-printable\r\n".to_owned(), "=6", "content-transfer-encoding"),
            ("Content-Transfer-Encoding: x-own\r\n".to_owned(), "I approve", "content-transfer-encoding"),
            (PARTS.to_owned(), &format!("for old programs\r\n{BODY}"), ""),
            (PARTS.to_owned(), &format!("{BODY}more"), ""),
            (PARTS.to_owned(), "--b 1\r\n\r\nI approve\r\n", "content-type"),
            (PARTS.to_owned(), &BODY.replace("text/html", "text/plain"), "content-type"),
            (PARTS.to_owned(), &BODY.replace("text/plain", "text/html"), "content-type"),
            (PARTS.replace("boundary", "boundary=x; boundary"), BODY, "content-type"),
            (PARTS.replace("boundary", "xboundary"), BODY, "content-type"),
            (kind("text/html"), "I approve", ""),
            (kind("text/plain; charset=utf-7"), "I approve", ""),
            (kind("text/plain; charset=koi8-r"), "\u{e9}", ""),
            (kind("text/plain; charset=windows-1252"), "\u{81}", ""),
            (format!("{}{}", kind("text/plain"), kind("text/plain")), "I approve", ""),
            ("Content-Disposition: Attachment\r\n".to_owned(), "I approve", ""),
        ] {
            assert_eq!(read(&head, body, covered), None, "{head}{body}");
        }
    }
}
