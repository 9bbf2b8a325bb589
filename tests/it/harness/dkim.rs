//! Signs mails as a domain's mail server does (RFC 6376), with our own few lines of it: what the service checks, nothing of the
//! service has made. Every part of a signature can be made wrong.

use data_encoding::BASE64;
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};

const RSA: &[u8] = include_bytes!("dkim/rsa.der");

/// A domain's mail server, with its key.
pub struct Signer {
    pub domain: String,
    pub selector: &'static str,
    pub key: Key,
}

pub enum Key {
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// What a signature says of itself.
pub struct Terms {
    /// The fields that it covers.
    pub names: Vec<&'static str>,
    /// More tags, such as `l=1; `.
    pub tags: String,
    /// Another name for the algorithm than that of the key.
    pub algorithm: Option<&'static str>,
    /// In which form header and body are signed.
    pub form: &'static str,
    /// So much of the body is signed.
    pub length: Option<usize>,
}

impl Default for Terms {
    fn default() -> Self {
        let names = vec!["From", "To", "Subject", "Date", "Message-ID", "From"];
        Self { names, tags: String::new(), algorithm: None, form: "relaxed/relaxed", length: None }
    }
}

impl Terms {
    pub fn tags(tags: &str) -> Self {
        Self { tags: tags.to_owned(), ..Self::default() }
    }

    pub fn covering(names: &[&'static str]) -> Self {
        Self { names: names.to_vec(), ..Self::default() }
    }
}

impl Signer {
    /// With an Ed25519 key of that number.
    pub fn ed25519(domain: &str, number: u8) -> Self {
        let key = Ed25519KeyPair::from_seed_unchecked(&[number; 32]).unwrap();
        Self { domain: domain.to_owned(), selector: "mail", key: Key::Ed25519(key) }
    }

    /// With the one RSA key that tests have.
    pub fn rsa(domain: &str) -> Self {
        let key = Key::Rsa(Box::new(RsaKeyPair::from_der(RSA).unwrap()));
        Self { domain: domain.to_owned(), selector: "rsa", key }
    }

    /// Where the key is published.
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// As what.
    pub fn record(&self) -> String {
        match &self.key {
            Key::Ed25519(key) => format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(key.public_key().as_ref())),
            Key::Rsa(key) => format!("v=DKIM1; k=rsa; p={}", BASE64.encode(key.public_key().as_ref())),
        }
    }

    /// The mail with a signature above it. Its lines end with LF or with CRLF; those of what comes out end with CRLF.
    pub fn sign(&self, mail: &str, terms: &Terms) -> String {
        let mail = mail.replace("\r\n", "\n").replace('\n', "\r\n");
        let (header, body) = mail.split_once("\r\n\r\n").unwrap();
        let (header_form, body_form) = terms.form.split_once('/').unwrap();
        let body = canonical_body(body, body_form);
        let body = terms.length.map_or(body.as_str(), |length| &body[..length]);
        let own = match &self.key {
            Key::Ed25519(_) => "ed25519-sha256",
            Key::Rsa(_) => "rsa-sha256",
        };
        let length = terms.length.map_or_else(String::new, |length| format!("l={length}; "));
        let value = format!(
            " v=1; a={}; d={}; s={}; c={};\r\n {length}{}h={}; bh={};\r\n b=",
            terms.algorithm.unwrap_or(own),
            self.domain,
            self.selector,
            terms.form,
            terms.tags,
            terms.names.join(":"),
            BASE64.encode(digest(&SHA256, body.as_bytes()).as_ref()),
        );
        let mut fields = fields(header);
        let mut signed = String::new();
        for name in &terms.names {
            let found = fields.iter().rposition(|(field, _)| field.eq_ignore_ascii_case(name));
            if let Some((field, value)) = found.map(|at| fields.remove(at)) {
                signed += &canonical_field(&field, &value, header_form);
                signed += "\r\n";
            }
        }
        signed += &canonical_field("DKIM-Signature", &value, header_form);
        let signature = match &self.key {
            Key::Ed25519(key) => key.sign(digest(&SHA256, signed.as_bytes()).as_ref()).as_ref().to_vec(),
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("DKIM-Signature:{value}{}\r\n{mail}", BASE64.encode(&signature))
    }
}

fn fields(header: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in header.split("\r\n") {
        match fields.last_mut() {
            Some((_, value)) if line.starts_with([' ', '\t']) => *value += &format!("\r\n{line}"),
            Some(_) | None => {
                let (name, value) = line.split_once(':').unwrap();
                fields.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    fields
}

fn canonical_field(name: &str, value: &str, form: &str) -> String {
    if form == "simple" {
        return format!("{name}:{value}");
    }
    let value = value.replace("\r\n", "");
    let words: Vec<&str> = value.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}", name.to_lowercase(), words.join(" "))
}

fn canonical_body(body: &str, form: &str) -> String {
    let smooth = |line: &str| {
        if form == "simple" {
            return line.to_owned();
        }
        let line = line.trim_end_matches([' ', '\t']);
        let mut smooth = String::new();
        for letter in line.chars() {
            let blank = matches!(letter, ' ' | '\t');
            if !(blank && smooth.ends_with(' ')) {
                smooth.push(if blank { ' ' } else { letter });
            }
        }
        smooth
    };
    let lines: Vec<String> = body.split("\r\n").map(smooth).collect();
    let text = lines.join("\r\n");
    let text = text.trim_end_matches("\r\n");
    if text.is_empty() && form != "simple" { String::new() } else { format!("{text}\r\n") }
}
