//! Whether a signature is right: computed over what was signed, with the key that is given. The only place that uses `mail-auth`.

use data_encoding::BASE64;
use mail_auth::{
    common::{crypto::Algorithm as Computed, parse::TxtRecordParser, verify::DomainKey},
    dkim::Canonicalization,
};
use subtle::ConstantTimeEq;

use super::{
    canonical::body_hash,
    header::{Field, Header},
    key::{NoKey, Record},
    sender::{FEWEST_BITS, Outcome},
    signature::{Algorithm, Form, Signature},
    tags::{bytes, tags},
};

/// What comes of a signature with the key among these texts.
#[must_use]
pub fn outcome(header: &Header<'_>, signature: &Signature<'_>, texts: &[String]) -> Outcome {
    match Record::find(texts, signature) {
        Ok(record) => with_key(header, signature, &record.text),
        Err(why) => Outcome::NoKey(why),
    }
}

/// The bytes of the key in a record, where the record is written as the standard wants it and fits the signature.
#[must_use]
pub fn key_bytes(record: &str, signature: &Signature<'_>) -> Option<Vec<u8>> {
    Record::find(&[record.to_owned()], signature).ok()?;
    bytes(tags(record)?.get("p")?)
}

/// Whether a signature is right with these bytes of a key, of which there is one reading only.
#[must_use]
pub fn is_right(header: &Header<'_>, signature: &Signature<'_>, key: &[u8]) -> bool {
    let kind = match signature.algorithm {
        Algorithm::RsaSha256 => "rsa",
        Algorithm::Ed25519Sha256 => "ed25519",
        Algorithm::RsaSha1 | Algorithm::Unknown => return false,
    };
    with_key(header, signature, &format!("k={kind}; p={}", BASE64.encode(key))) == Outcome::Right
}

fn with_key(header: &Header<'_>, signature: &Signature<'_>, record: &str) -> Outcome {
    let Ok(key) = DomainKey::parse(record.as_bytes()) else { return Outcome::NoKey(NoKey::Unfit) };
    let computed = match signature.algorithm {
        Algorithm::RsaSha256 => {
            let bits = key.p.public_key_bits();
            if bits < FEWEST_BITS {
                return Outcome::WeakKey { bits };
            }
            Computed::RsaSha256
        }
        Algorithm::Ed25519Sha256 => Computed::Ed25519Sha256,
        Algorithm::RsaSha1 | Algorithm::Unknown => return Outcome::NoKey(NoKey::Unfit),
    };
    let hash = body_hash(header.body(), signature.body_form);
    if !bool::from(hash.as_bytes().ct_eq(&signature.body_hash)) {
        return Outcome::BodyChanged;
    }
    let (name, unsigned) = signature.unsigned();
    let fields = signature.signed_fields(header);
    let mut signed = fields.iter().map(named).chain([(name.as_bytes(), unsigned.as_slice())]);
    match key.p.verify(&mut signed, &signature.proof, form(signature.header_form), computed) {
        Ok(()) => Outcome::Right,
        Err(_) => Outcome::Wrong,
    }
}

const fn form(form: Form) -> Canonicalization {
    match form {
        Form::Simple => Canonicalization::Simple,
        Form::Relaxed => Canonicalization::Relaxed,
    }
}

const fn named<'m>(field: &Field<'m>) -> (&'m [u8], &'m [u8]) {
    (field.name.as_bytes(), field.raw)
}
