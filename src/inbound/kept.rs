//! What is kept of a mail that became a ballot, so that anybody can check it later, without this service and without the DNS.
//!
//! Of the mail that is what its signature covers, and the two fields that say how the text is to be read; beside it stand the record
//! of the key that it was checked with, and our address. `docs/certificate.md` specifies the check. It is made before anything is
//! kept, so that what is kept stands up to it: a mail that is too large, or written in a way that those rules do not read, counts as
//! any other and proves nothing.

use serde::{Deserialize, Serialize};

use super::{
    gate::{FRESH, whole_second},
    header::{Field, Header},
    key::Record,
    letter::Letter,
    plain,
    reading::{Named, Reading},
    sender::CLOCKS_DIFFER,
    signature::{Algorithm, Extent, FIELD, Signature},
    verify::{is_right, key_bytes},
};
use crate::{
    hash::Hash,
    id::UserId,
    moment::Moment,
    ownership::address::Email,
    recovery::{
        ballot::Choice,
        case::Opener,
        terms::{Kind, Terms},
    },
};

/// The most that is kept of a mail, in bytes.
pub const MOST_KEPT: usize = 256 * 1024;

/// The most that is kept of the record of a key, in bytes.
const LONGEST_RECORD: usize = 4096;

/// The field of an entry's `data` that says how the mail was checked.
pub const CHECKED: &str = "mail";

/// How a mail was checked. None of it is personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// The record of the key, as the domain of its sender published it.
    pub key: String,
    /// Where votes by mail went then.
    pub to: String,
}

/// What is kept of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    mail: Vec<u8>,
    checked: Checked,
}

/// The ballot that a mail is said to prove.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The terms of its case.
    pub terms: &'a Terms,
    /// Who opened it.
    pub opener: Opener,
    /// Whose ballot it is.
    pub elector: UserId,
    /// What they chose.
    pub choice: Choice,
    /// When it was recorded.
    pub at: Moment,
}

/// What a mail that was found right proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proven {
    /// From which address it came.
    pub from: String,
    /// When it was written, as it says itself.
    pub written_at: Moment,
    /// Where the key was published that its domain signed it with.
    pub key_name: String,
    /// The SHA-256 of the key.
    pub key_hash: Hash,
    /// What it says of the case.
    pub says: Says,
    /// Its text, line by line, without what it quotes.
    pub lines: Vec<String>,
}

/// What a mail says of the case that it votes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// It names the owner and the nominee.
    People,
    /// It answers, with yes or no, a question that stands elsewhere.
    Answer,
}

impl Kept {
    /// What is to be kept of a letter with that signature, which was found right with that key; nothing where it is too much.
    #[must_use]
    pub fn of(letter: &Letter<'_>, signature: &Signature<'_>, record: &Record, address: &Email) -> Option<Self> {
        let signed = signature.signed_fields(letter.header());
        let is = |field: &Field<'_>, other: &Field<'_>| std::ptr::eq(field.raw, other.raw);
        let needed = |field: &&Field<'_>| {
            signed.iter().any(|one| is(one, field))
                || is(&signature.field(), field)
                || READ_BY.iter().any(|name| field.name.eq_ignore_ascii_case(name))
        };
        let mut mail = Vec::new();
        for field in letter.header().fields().iter().filter(needed) {
            mail.extend([field.name.as_bytes(), b":", field.raw].concat());
        }
        mail.extend(b"\r\n");
        mail.extend(letter.header().body());
        let checked = Checked { key: record.text.clone(), to: address.as_str().to_owned() };
        (mail.len() <= MOST_KEPT).then_some(Self { mail, checked })
    }

    /// What was kept: the mail in base64, and how it was checked.
    #[must_use]
    pub fn read(mail: &str, checked: Checked) -> Option<Self> {
        let mail = data_encoding::BASE64.decode(mail.as_bytes()).ok()?;
        (mail.len() <= MOST_KEPT).then_some(Self { mail, checked })
    }

    /// The mail, in base64, because it need not be a text.
    #[must_use]
    pub fn mail(&self) -> String {
        data_encoding::BASE64.encode(&self.mail)
    }

    /// How it was checked.
    #[must_use]
    pub const fn checked(&self) -> &Checked {
        &self.checked
    }

    /// What the mail proves of that ballot; nothing where it does not.
    #[must_use]
    pub fn proves(&self, claim: Claim<'_>) -> Option<Proven> {
        let header = self.header()?;
        let signature = signature(&header, claim.at)?;
        let key = self.key(&signature).filter(|key| is_right(&header, &signature, key))?;
        let from =
            sender(&header).filter(|from| from.rsplit_once('@').is_some_and(|(_, at)| at == signature.domain))?;
        if !may_be(&from, claim) {
            return None;
        }
        let answers = self.answers(&header)?;
        let written_at = written(&header)?;
        if written_at.after(FRESH) <= claim.at || written_at > claim.at.after(CLOCKS_DIFFER) {
            return None;
        }
        // The mail that opens a case is older than the case.
        let opens = claim.opener == Opener::Administrator(claim.elector) && claim.at == claim.terms.opened_at;
        if !opens && written_at < whole_second(claim.terms.opened_at) {
            return None;
        }
        let text = plain::text(&header, &signature)?;
        let reading = Reading::of(&text);
        let says = match reading.people() {
            Some((owner, nominee)) => names_both(&owner, &nominee, claim).then_some(Says::People)?,
            None if answers && reading.answer() == Some(claim.choice) => Says::Answer,
            None => return None,
        };
        let (key_name, key_hash) = (signature.key_name(), Hash::of_parts(&[&key]));
        Some(Proven { from, written_at, key_name, key_hash, says, lines: reading.lines() })
    }

    /// The header, where every line ends in the one way, and each field that is read stands once.
    fn header(&self) -> Option<Header<'_>> {
        let ends = |pair: &[u8]| (pair.first() == Some(&b'\r')) == (pair.get(1) == Some(&b'\n'));
        let whole = !self.mail.contains(&0)
            && self.mail.first() != Some(&b'\n')
            && self.mail.last() != Some(&b'\r')
            && self.mail.windows(2).all(ends);
        let header = Header::read(&self.mail).ok().filter(|_| whole)?;
        let once = [FIELD, "From", "To", "Subject", "Date"].iter().all(|name| header.all(name).count() == 1);
        let at_most_once = READ_BY.iter().all(|name| header.all(name).count() <= 1);
        (once && at_most_once).then_some(header)
    }

    fn key(&self, signature: &Signature<'_>) -> Option<Vec<u8>> {
        let record = &self.checked.key;
        let written = record.len() <= LONGEST_RECORD && record.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        key_bytes(record, signature).filter(|_| written)
    }

    /// Whether the mail went to the address that answers to one question have; nothing where it did not go to us.
    fn answers(&self, header: &Header<'_>) -> Option<bool> {
        let (local, domain) = self.checked.to.split_once('@')?;
        let (before, behind) = (format!("{local}+"), format!("@{domain}"));
        let to = addresses(&plain::line(header.all("To").next()?)?)?;
        let token = |piece: &String| {
            let token = piece.strip_prefix(&before).and_then(|rest| rest.strip_suffix(&behind));
            token.is_some_and(|token| !token.is_empty() && !token.contains('@'))
        };
        let answers = to.iter().any(token);
        (answers || to.contains(&self.checked.to)).then_some(answers)
    }
}

/// The fields that say how a text is to be read. They are kept also where the signature leaves them out.
const READ_BY: [&str; 2] = ["Content-Type", "Content-Transfer-Encoding"];

/// The signature, if it has the form that it must have, at that moment.
fn signature<'m>(header: &Header<'m>, at: Moment) -> Option<Signature<'m>> {
    let field = header.all(FIELD).next()?;
    plain::line(field)?;
    let signature = Signature::read(field)?;
    let known = match signature.algorithm {
        Algorithm::RsaSha256 | Algorithm::Ed25519Sha256 => true,
        Algorithm::RsaSha1 | Algorithm::Unknown => false,
    };
    let covers = ["From", "To", "Subject", "Date"].iter().all(|name| signature.covers(name));
    let later = |moment: Option<Moment>, than: Moment| moment.is_none_or(|moment| moment > than);
    let lives = later(signature.expires_at, at)
        && signature
            .signed_at
            .is_none_or(|signed| signed <= at.after(CLOCKS_DIFFER) && later(signature.expires_at, signed));
    (known && covers && lives && signature.extent == Extent::Whole).then_some(signature)
}

/// The one address of its sender.
fn sender(header: &Header<'_>) -> Option<String> {
    let mut from = addresses(&plain::line(header.all("From").next()?)?)?;
    let one = from.pop_first()?;
    from.is_empty().then_some(one)
}

/// The addresses in a field, in small letters; nothing where what it quotes does not end.
fn addresses(field: &str) -> Option<std::collections::BTreeSet<String>> {
    let (mut plain, mut letters, mut depth) = (String::new(), field.chars(), 0_u32);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()?),
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            '"' if depth == 0 => {
                pass_quotation(&mut letters)?;
                plain.push(' ');
            }
            _ if depth > 0 => {}
            _ => plain.push(letter.to_ascii_lowercase()),
        }
    }
    let pieces = plain.split([' ', '\t', '<', '>', ',', ';', ':']);
    (depth == 0).then(|| pieces.filter(|piece| piece.contains('@')).map(str::to_owned).collect())
}

/// Passes what is quoted, and the mark at its end; nothing where there is none.
fn pass_quotation(letters: &mut std::str::Chars<'_>) -> Option<()> {
    loop {
        match letters.next()? {
            '"' => return Some(()),
            '\\' => drop(letters.next()?),
            _ => {}
        }
    }
}

/// Whether a ballot of that elector can come from that address, as far as the terms know addresses.
fn may_be(from: &str, claim: Claim<'_>) -> bool {
    let nominee = &claim.terms.nominee;
    if claim.elector == nominee.id {
        return from == nominee.email;
    }
    from != nominee.email && claim.terms.owners.iter().all(|owner| from != owner.email)
}

/// When it was written, as its date says.
fn written(header: &Header<'_>) -> Option<Moment> {
    super::date::date(&plain::line(header.all("Date").next()?)?)
}

/// Whether what is named is what the case is about: the one owner, to be replaced by the nominee, which the ballot approves.
fn names_both(owner: &Named, nominee: &Named, claim: Claim<'_>) -> bool {
    let terms = claim.terms;
    let [only] = terms.owners.as_slice() else { return false };
    terms.kind == Kind::Replace && claim.choice == Choice::Approve && owner.is(only) && nominee.is(&terms.nominee)
}
