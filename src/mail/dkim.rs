//! Signs mails in the name of a domain (DKIM, RFC 6376), so that whoever gets them can tell that they are the service's.
//!
//! Our own, on the cryptography that is there anyway, because a repeated mail must be the same bytes: the moment in the
//! signature is that of the mail's cause, and whoever signs by the clock would sign each attempt anew. Headers are signed
//! once more than they are there: then nobody adds another one without breaking the signature.

use std::{fmt, sync::Arc};

use data_encoding::BASE64;
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};

use crate::moment::Moment;

/// Signs for one domain. Clones share the key.
#[derive(Clone)]
pub struct Signer {
    domain: String,
    selector: String,
    key: Arc<Key>,
}

enum Key {
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

/// The key cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// There is none in the file.
    #[error("no private key can be read from the file")]
    NotAKey,
    /// It is of another kind, or too short.
    #[error("the private key is neither Ed25519 nor RSA of at least 2048 bits")]
    Unfit,
}

/// The record by which others check the signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name in the DNS.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What is signed, each as often as it stands in a mail, and once more. Mail servers and lists on the way add none of these to
/// what they leave as it is.
const SIGNED: [&str; 11] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
];

/// As long are the lines of a signature.
const WIDTH: usize = 72;

impl Signer {
    /// A signer with the key of that PEM file.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Self, BadKey> {
        let key = match PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| BadKey::NotAKey)? {
            PrivateKeyDer::Pkcs8(key) => match Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der()) {
                Ok(pair) => Key::Ed25519(pair),
                Err(_) => Key::Rsa(RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).map_err(|_| BadKey::Unfit)?),
            },
            PrivateKeyDer::Pkcs1(key) => {
                Key::Rsa(RsaKeyPair::from_der(key.secret_pkcs1_der()).map_err(|_| BadKey::Unfit)?)
            }
            PrivateKeyDer::Sec1(_) | _ => return Err(BadKey::Unfit),
        };
        let (domain, selector) = (domain.to_ascii_lowercase(), selector.to_owned());
        Ok(Self { domain, selector, key: Arc::new(key) })
    }

    /// What the domain has to publish.
    #[must_use]
    pub fn record(&self) -> Record {
        let (kind, key) = match self.key.as_ref() {
            Key::Ed25519(pair) => ("ed25519", pair.public_key().as_ref().to_vec()),
            Key::Rsa(pair) => ("rsa", subject_public_key_info(pair.public().as_ref())),
        };
        let name = format!("{}._domainkey.{}", self.selector, self.domain);
        Record { name, text: format!("v=DKIM1; k={kind}; p={}", BASE64.encode(&key)) }
    }

    /// The mail with its signature before it. The same mail, of the same moment, gets the same.
    ///
    /// # Errors
    /// When the key does not sign, which no key that was read is known to do.
    pub fn signed(&self, message: &[u8], at: Moment) -> Result<Vec<u8>, BadKey> {
        let (headers, body) = halves(message);
        let present = fields(headers);
        let mut names: Vec<&str> = Vec::new();
        let mut text = Vec::new();
        for name in SIGNED {
            let of_name = present.iter().filter(|field| is_called(field, name));
            // From the last one up, as the standard wants it.
            for field in of_name.rev() {
                names.push(name);
                text.extend(relaxed_field(field));
            }
            names.push(name);
        }
        let seconds = at.micros().div_euclid(1_000_000);
        let algorithm = match self.key.as_ref() {
            Key::Ed25519(_) => "ed25519-sha256",
            Key::Rsa(_) => "rsa-sha256",
        };
        let body_hash = BASE64.encode(&Sha256::digest(relaxed_body(body)));
        let Self { domain, selector, .. } = self;
        let unsigned = format!(
            "DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n\ts={selector}; t={seconds};\r\n\
             \th={};\r\n\tbh={body_hash};\r\n\tb=",
            folded(&names)
        );
        let own = relaxed_field(unsigned.as_bytes());
        text.extend(own.strip_suffix(b"\r\n").unwrap_or(&own));
        let signature = self.key.sign(&text)?;
        let mut signed = unsigned.into_bytes();
        for (place, letter) in BASE64.encode(&signature).bytes().enumerate() {
            if place > 0 && place % WIDTH == 0 {
                signed.extend(b"\r\n\t ");
            }
            signed.push(letter);
        }
        signed.extend(b"\r\n");
        signed.extend(message);
        Ok(signed)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("domain", &self.domain).field("selector", &self.selector).finish_non_exhaustive()
    }
}

impl Key {
    /// A hash is what is signed in both cases: for Ed25519, RFC 8463 has the hash signed as if it were the text.
    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, BadKey> {
        match self {
            Self::Ed25519(pair) => Ok(pair.sign(&Sha256::digest(text)).as_ref().to_vec()),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).map_err(|_| BadKey::Unfit)?;
                Ok(signature)
            }
        }
    }
}

/// The headers of a mail with the end of their last line, and the body.
fn halves(message: &[u8]) -> (&[u8], &[u8]) {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    let (headers, rest) = message.split_at(end.map_or(message.len(), |end| end + 2));
    (headers, rest.strip_prefix(b"\r\n").unwrap_or(rest))
}

/// Each header with its folded lines.
fn fields(headers: &[u8]) -> Vec<&[u8]> {
    let mut fields = Vec::new();
    let mut rest = headers;
    while !rest.is_empty() {
        let mut end = rest.len();
        for (place, pair) in rest.windows(2).enumerate() {
            let folds = rest.get(place + 2).is_some_and(|next| matches!(next, b' ' | b'\t'));
            if pair == b"\r\n" && !folds {
                end = place + 2;
                break;
            }
        }
        let (field, after) = rest.split_at(end);
        fields.push(field);
        rest = after;
    }
    fields
}

fn is_called(field: &[u8], name: &str) -> bool {
    field
        .split(|byte| *byte == b':')
        .next()
        .is_some_and(|own| own.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes()))
}

/// A header in the relaxed form: the name in small letters, one space for any, none around the value.
fn relaxed_field(field: &[u8]) -> Vec<u8> {
    let colon = field.iter().position(|byte| *byte == b':').unwrap_or(field.len());
    let (name, value) = field.split_at(colon);
    let mut relaxed = name.trim_ascii_end().to_ascii_lowercase();
    relaxed.push(b':');
    let value = value.strip_prefix(b":").unwrap_or(value);
    for (place, word) in value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).enumerate() {
        if place > 0 {
            relaxed.push(b' ');
        }
        relaxed.extend(word);
    }
    relaxed.extend(b"\r\n");
    relaxed
}

/// A body in the relaxed form: one space for any within a line, none at its end, no empty lines at the end of all.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut relaxed = Vec::with_capacity(body.len());
    let mut filled = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut gap = false;
        for byte in line.trim_ascii_end() {
            if matches!(byte, b' ' | b'\t') {
                gap = true;
            } else {
                if std::mem::take(&mut gap) {
                    relaxed.push(b' ');
                }
                relaxed.push(*byte);
            }
        }
        if !line.trim_ascii().is_empty() {
            filled = relaxed.len() + 2;
        }
        relaxed.extend(b"\r\n");
    }
    relaxed.truncate(filled);
    relaxed
}

/// The names of headers with colons between them, in lines that are not too long.
fn folded(names: &[&str]) -> String {
    let mut text = String::new();
    let mut width = 0;
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            text.push(':');
        }
        if width + name.len() > WIDTH {
            text.push_str("\r\n\t ");
            width = 0;
        }
        text.push_str(name);
        width += name.len() + 1;
    }
    text
}

/// The form in which others expect an RSA key: the key itself (PKCS #1), wrapped in what says that it is one.
fn subject_public_key_info(key: &[u8]) -> Vec<u8> {
    // rsaEncryption, without parameters.
    const ALGORITHM: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let mut bits = vec![0];
    bits.extend(key);
    let mut inside = ALGORITHM.to_vec();
    inside.extend(der(0x03, &bits));
    der(0x30, &inside)
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut text = vec![tag];
    let length: Vec<u8> = content.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    match length.as_slice() {
        [short @ 0..=127] => text.push(*short),
        long => {
            text.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            text.extend(long);
        }
    }
    text.extend(content);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_those_of_the_standard() {
        // The example of RFC 6376, 3.4.5.
        let message = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (headers, body) = halves(message);
        let relaxed: Vec<u8> = fields(headers).into_iter().flat_map(relaxed_field).collect();
        assert_eq!(String::from_utf8(relaxed).unwrap(), "a:X\r\nb:Y Z\r\n");
        assert_eq!(String::from_utf8(relaxed_body(body)).unwrap(), " C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"no end"), b"no end\r\n");
    }
}
