//! Checks the signatures of a mail with the keys that their domains publish. Only the look-up of a key waits for anything; what
//! the signature must be, and what its being right means, is decided in `crate::inbound`.

use mail_auth::{
    common::{crypto::Algorithm as Computed, parse::TxtRecordParser, verify::DomainKey},
    dkim::Canonicalization,
};
use subtle::ConstantTimeEq;

use crate::{
    dns::{Dns, Found},
    inbound::{
        canonical::body_hash,
        header::Field,
        key::{NoKey, Record},
        letter::Letter,
        sender::{Candidate, FEWEST_BITS, Outcome},
        signature::{Algorithm, Form, Signature},
    },
};

/// What comes of each of these signatures of a letter, in their order.
pub async fn check(dns: &Dns, letter: &Letter<'_>, candidates: &[Candidate<'_>]) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(candidates.len());
    for Candidate { signature } in candidates {
        let outcome = match dns.texts(&signature.key_name()).await {
            Found::Texts(texts) => outcome(letter, signature, &texts),
            Found::Nothing => Outcome::NoKey(NoKey::Missing),
            Found::Silent => Outcome::Unknown,
        };
        outcomes.push(outcome);
        if outcome == Outcome::Right {
            break;
        }
    }
    outcomes
}

/// What comes of a signature with the key among these texts.
#[must_use]
pub fn outcome(letter: &Letter<'_>, signature: &Signature<'_>, texts: &[String]) -> Outcome {
    let record = match Record::find(texts, signature) {
        Ok(record) => record,
        Err(why) => return Outcome::NoKey(why),
    };
    let Ok(key) = DomainKey::parse(record.text.as_bytes()) else { return Outcome::NoKey(NoKey::Unfit) };
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
    let hash = body_hash(letter.header().body(), signature.body_form);
    if !bool::from(hash.as_bytes().ct_eq(&signature.body_hash)) {
        return Outcome::BodyChanged;
    }
    let (name, unsigned) = signature.unsigned();
    let fields = signature.signed_fields(letter.header());
    let mut signed = fields.iter().map(bytes).chain([(name.as_bytes(), unsigned.as_slice())]);
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

const fn bytes<'m>(field: &Field<'m>) -> (&'m [u8], &'m [u8]) {
    (field.name.as_bytes(), field.raw)
}
