//! Whose mail it really is: the verdict over its signatures.
//!
//! The domain of the address behind `From` has signed what was read of the mail, all of it, in a way that cannot be forged
//! today. Whoever may send in that domain's name is the domain's to say.

use jiff::SignedDuration;

use super::{
    key::NoKey,
    letter::Letter,
    mime::DependsOn,
    refused::{Flaw, Refused},
    signature::{Algorithm, Extent, FIELD, Signature},
};
use crate::{moment::Moment, ownership::address::Email};

/// How many signatures of a mail are looked at. Those that relays add are few.
const MOST: usize = 8;

/// The shortest RSA key: so much the standard wants to be taken (RFC 8301).
pub const FEWEST_BITS: usize = 1024;

/// How wrong another machine's clock may be.
pub const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(10);

/// A signature that has the form it must have, and is the sender's domain's. Whether it is right is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'m> {
    /// What is to be checked with its key.
    pub signature: Signature<'m>,
}

/// What came of a signature with the key that its domain publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is right.
    Right,
    /// The body is another.
    BodyChanged,
    /// The rest is.
    Wrong,
    /// There is no key.
    NoKey(NoKey),
    /// The key is shorter than [`FEWEST_BITS`].
    WeakKey {
        /// How long it is.
        bits: usize,
    },
    /// The DNS did not answer: nobody knows.
    Unknown,
}

/// Who wrote the mail, as their domain has signed.
///
/// INVARIANT 39: only [`Sender::of`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Email);

/// Why the sender is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoVerdict {
    /// It could be anybody.
    Refused(Refused),
    /// It cannot be found out now, but perhaps later.
    NotNow,
}

impl Sender {
    /// Their address.
    #[must_use]
    pub const fn email(&self) -> &Email {
        &self.0
    }

    /// The verdict. `outcomes` belong to the candidates of the same letter, in their order.
    ///
    /// # Errors
    /// Why none of the signatures suffices.
    pub fn of(letter: &Letter<'_>, outcomes: &[Outcome]) -> Result<Self, NoVerdict> {
        if outcomes.contains(&Outcome::Right) {
            return Ok(Self(letter.from().clone()));
        }
        if outcomes.contains(&Outcome::Unknown) {
            return Err(NoVerdict::NotNow);
        }
        let flaw = match outcomes.first() {
            Some(Outcome::BodyChanged) => Flaw::BodyChanged,
            Some(Outcome::NoKey(NoKey::Missing | NoKey::Revoked)) => Flaw::NoKey,
            Some(Outcome::NoKey(NoKey::Testing)) => Flaw::Testing,
            Some(Outcome::NoKey(NoKey::Unfit)) => Flaw::UnfitKey,
            Some(Outcome::WeakKey { bits }) => Flaw::WeakKey { bits: *bits },
            Some(Outcome::Wrong | Outcome::Right | Outcome::Unknown) | None => Flaw::Wrong,
        };
        Err(NoVerdict::Refused(flaw.into()))
    }
}

/// The signatures of a mail whose keys are worth looking up.
///
/// # Errors
/// Where there is none, why the first of the sender's own domain is not, or that there is none of that domain.
pub fn candidates<'m>(letter: &Letter<'m>, now: Moment) -> Result<Vec<Candidate<'m>>, Refused> {
    let (mut candidates, mut own_flaw, mut others) = (Vec::new(), None, None);
    let mut any = false;
    for field in letter.header().all(FIELD).take(MOST) {
        any = true;
        let Some(signature) = Signature::read(field) else {
            others.get_or_insert(Refused::Signature(Flaw::Unreadable));
            continue;
        };
        if signature.domain != letter.from().domain() {
            let by = signature.domain;
            others = Some(Refused::NotAligned { from: letter.from().domain().to_owned(), by });
            continue;
        }
        match form(letter, &signature, now) {
            Ok(()) => candidates.push(Candidate { signature }),
            Err(flaw) => drop(own_flaw.get_or_insert(flaw)),
        }
    }
    if !candidates.is_empty() {
        return Ok(candidates);
    }
    let flaw = own_flaw.map(Refused::Signature).or(others);
    Err(flaw.unwrap_or(if any { Refused::Signature(Flaw::Unreadable) } else { Refused::NotSigned }))
}

/// What a signature must be, whatever its key.
fn form(letter: &Letter<'_>, signature: &Signature<'_>, now: Moment) -> Result<(), Flaw> {
    match signature.algorithm {
        Algorithm::RsaSha256 | Algorithm::Ed25519Sha256 => {}
        Algorithm::RsaSha1 => return Err(Flaw::Sha1),
        Algorithm::Unknown => return Err(Flaw::Algorithm),
    }
    match signature.extent {
        Extent::Whole => {}
        Extent::Beginning => return Err(Flaw::Beginning),
    }
    let depends_on = match letter.depends_on() {
        DependsOn::Nothing => None,
        DependsOn::TransferEncoding => Some("Content-Transfer-Encoding"),
        DependsOn::ContentType => Some("Content-Type"),
    };
    for header in ["From", "Subject", "To", "Date"].into_iter().chain(depends_on) {
        if !signature.covers(header) {
            return Err(Flaw::Uncovered { header });
        }
    }
    match (signature.signed_at, signature.expires_at) {
        (Some(signed), Some(expires)) if expires <= signed => Err(Flaw::Expired { at: expires }),
        (_, Some(expires)) if expires <= now => Err(Flaw::Expired { at: expires }),
        (Some(signed), _) if signed > now.after(CLOCKS_DIFFER) => Err(Flaw::FromTheFuture { at: signed }),
        (_, _) => Ok(()),
    }
}
