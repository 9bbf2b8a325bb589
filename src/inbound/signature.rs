//! A DKIM signature as a mail carries it (RFC 6376), read strictly. Whether it is right is found out in `crate::dkim`.

use std::collections::BTreeMap;

use super::{
    header::{Field, Header},
    tags::{bytes, joined, tags},
};
use crate::moment::Moment;

/// A signature, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature<'m> {
    field: Field<'m>,
    /// How it was computed.
    pub algorithm: Algorithm,
    /// The domain that signed.
    pub domain: String,
    /// Which of its keys.
    pub selector: String,
    /// The fields that it covers, in lower case and in order; one as often as it is covered.
    pub names: Vec<String>,
    /// The form in which the header was signed.
    pub header_form: Form,
    /// The form in which the body was.
    pub body_form: Form,
    /// The hash of the body.
    pub body_hash: Vec<u8>,
    /// The signature itself.
    pub proof: Vec<u8>,
    /// How much of the body it covers.
    pub extent: Extent,
    /// Since when.
    pub signed_at: Option<Moment>,
    /// Until when.
    pub expires_at: Option<Moment>,
    /// The domain for whose user it speaks.
    pub identity: String,
}

/// How a signature was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA over SHA-256.
    RsaSha256,
    /// Ed25519 over SHA-256.
    Ed25519Sha256,
    /// RSA over SHA-1, which can be forged.
    RsaSha1,
    /// One that nobody knows.
    Unknown,
}

/// In what form something was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Simple,
    /// Whatever may change on the way is smoothed first.
    Relaxed,
}

/// How much of the body a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All.
    Whole,
    /// A beginning, behind which anybody may write more.
    Beginning,
}

/// The name of the field.
pub const FIELD: &str = "DKIM-Signature";

impl<'m> Signature<'m> {
    /// Reads one; `None` where it is none.
    #[must_use]
    pub fn read(field: Field<'m>) -> Option<Self> {
        let text = std::str::from_utf8(field.raw).ok()?;
        let tags = tags(text)?;
        let value = |name: &str| tags.get(name).map(|value| joined(value));
        if value("v")? != "1" || value("q").is_some_and(|query| !query.split(':').any(|way| way == "dns/txt")) {
            return None;
        }
        let domain = value("d").filter(|domain| is_domain(domain))?.to_ascii_lowercase();
        let selector = value("s").filter(|selector| is_domain(selector))?;
        let names: Vec<String> = value("h")?.split(':').map(str::to_ascii_lowercase).collect();
        if names.iter().any(|name| name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic())) {
            return None;
        }
        let (header_form, body_form) = forms(value("c").as_deref())?;
        let identity = match value("i") {
            None => domain.clone(),
            Some(identity) => identity.rsplit_once('@')?.1.to_ascii_lowercase(),
        };
        if identity != domain && !identity.ends_with(&format!(".{domain}")) {
            return None;
        }
        Some(Self {
            field,
            algorithm: algorithm(&value("a")?),
            names,
            header_form,
            body_form,
            body_hash: bytes(tags.get("bh")?)?,
            proof: bytes(tags.get("b")?)?,
            extent: if tags.contains_key("l") { Extent::Beginning } else { Extent::Whole },
            signed_at: seconds(&tags, "t")?,
            expires_at: seconds(&tags, "x")?,
            identity,
            domain,
            selector,
        })
    }

    /// The field in which it stands.
    #[must_use]
    pub const fn field(&self) -> Field<'m> {
        self.field
    }

    /// Where its key is published.
    #[must_use]
    pub fn key_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// Whether it covers that field.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        self.names.iter().any(|covered| covered.eq_ignore_ascii_case(name))
    }

    /// What was signed of the header: of fields with the same name, the lowest first. A name for which there is no field (any
    /// more) stands for none.
    #[must_use]
    pub fn signed_fields(&self, header: &Header<'m>) -> Vec<Field<'m>> {
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        let mut fields = Vec::new();
        for name in &self.names {
            let nth = taken.entry(name).or_default();
            if let Some(field) = header.all(name).rev().nth(*nth) {
                fields.push(field);
                *nth += 1;
            }
        }
        fields
    }

    /// The field in which it stands, as it was before the signature was filled in, and without the end of its line.
    #[must_use]
    pub fn unsigned(&self) -> (&'m str, Vec<u8>) {
        let value = self.field.raw.strip_suffix(b"\r\n").unwrap_or(self.field.raw);
        let mut parts: Vec<&[u8]> = Vec::new();
        for tag in value.split(|byte| *byte == b';') {
            let equals = tag.iter().position(|byte| *byte == b'=').unwrap_or(tag.len());
            let (name, _) = tag.split_at(equals);
            parts.push(if name.trim_ascii() == b"b" { tag.get(..=equals).unwrap_or(tag) } else { tag });
        }
        (self.field.name, parts.join(&b';'))
    }
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= 253 && text.split('.').all(label)
}

fn algorithm(name: &str) -> Algorithm {
    match name.to_ascii_lowercase().as_str() {
        "rsa-sha256" => Algorithm::RsaSha256,
        "ed25519-sha256" => Algorithm::Ed25519Sha256,
        "rsa-sha1" => Algorithm::RsaSha1,
        _ => Algorithm::Unknown,
    }
}

fn forms(value: Option<&str>) -> Option<(Form, Form)> {
    let form = |word: &str| match word.to_ascii_lowercase().as_str() {
        "simple" => Some(Form::Simple),
        "relaxed" => Some(Form::Relaxed),
        _ => None,
    };
    let (header, body) = value.map_or(("simple", "simple"), |both| both.split_once('/').unwrap_or((both, "simple")));
    Some((form(header)?, form(body)?))
}

/// A moment in seconds since 1970; `None` where it is not one, `Some(None)` where it is left out.
#[expect(clippy::option_option, reason = "left out is one thing, and unreadable another")]
fn seconds(tags: &BTreeMap<String, String>, name: &str) -> Option<Option<Moment>> {
    let Some(value) = tags.get(name) else { return Some(None) };
    let digits = (1..=12).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = value.parse().ok().filter(|_| digits)?;
    Some(Some(Moment::from_micros(seconds * 1_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Signature<'_>> {
        Signature::read(Field { name: FIELD, raw: value.as_bytes() })
    }

    const GOOD: &str = " v=1; a=rsa-sha256; d=Example.org; s=mail; c=relaxed;\r\n h=From:To: Subject :from; bh=YQ==;\r\n\tb= Yg\r\n ==\r\n";

    #[test]
    fn a_signature_is_read() {
        let signature = read(GOOD).unwrap();
        assert_eq!(signature.key_name(), "mail._domainkey.example.org");
        assert_eq!(signature.names, ["from", "to", "subject", "from"]);
        assert_eq!((signature.header_form, signature.body_form), (Form::Relaxed, Form::Simple));
        assert_eq!((&signature.body_hash[..], &signature.proof[..]), (&b"a"[..], &b"b"[..]));
        assert!(signature.covers("Subject") && !signature.covers("Date"));
        assert_eq!((signature.extent, signature.signed_at, signature.expires_at), (Extent::Whole, None, None));
    }

    #[test]
    fn the_signature_itself_is_not_signed() {
        let (_, value) = read(GOOD).unwrap().unsigned();
        assert!(value.ends_with(b"bh=YQ==;\r\n\tb="), "{}", String::from_utf8_lossy(&value));
        let early = GOOD.replace(" v=1; a", " v=1; b\r\n =Yg==\r\n ; a").replace("\r\n\tb= Yg\r\n ==\r\n", "\r\n");
        let (_, value) = read(&early).unwrap().unsigned();
        assert!(value.starts_with(b" v=1; b\r\n =; a"), "{}", String::from_utf8_lossy(&value));
    }

    #[test]
    fn fields_are_taken_from_below() {
        let mail = b"From: 1\r\nX: 2\r\nfrom: 3\r\n\r\n";
        let header = Header::read(mail).unwrap();
        let fields = read(GOOD).unwrap().signed_fields(&header);
        assert_eq!(fields.iter().map(Field::text).collect::<Vec<_>>(), ["3", "1"]);
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let long = format!("d={}", ["a"; 128].join("."));
        for (good, bad) in [
            ("d=Example.org", long.as_str()),
            ("v=1", "v=2"),
            ("v=1; ", ""),
            ("bh=YQ==", "bh="),
            ("b= Yg\r\n ==", "b=?"),
            ("d=Example.org", "d=exam/ple.org"),
            ("s=mail", "s=a..b"),
            ("c=relaxed", "c=loose"),
            ("h=From:To", "h=From::To"),
            ("c=relaxed", "i=kim@example.com"),
            ("c=relaxed", "i=kim@evilexample.org"),
            ("c=relaxed", "t=soon"),
            ("c=relaxed", "x=99999999999999"),
            ("c=relaxed", "v=1"),
            ("c=relaxed", "q=http"),
        ] {
            assert_eq!(read(&GOOD.replace(good, bad)), None, "{bad}");
        }
        assert!(read(&GOOD.replace("c=relaxed", "i=kim@mail.example.org; q=dns/txt; z=Subject:x")).is_some());
        assert_eq!(read(&GOOD.replace("c=relaxed", "l=0")).unwrap().extent, Extent::Beginning);
    }
}
