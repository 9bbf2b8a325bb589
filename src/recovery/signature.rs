//! What an elector signs with a passkey: these terms, this choice, and a nonce, so that nobody has a signature in stock.

use sha2::{Digest, Sha256};

use super::{ballot::Choice, terms::TermsHash};
use crate::hash::Hash;

/// What makes a signature one of its own. It is kept beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nonce([u8; 32]);

impl Nonce {
    /// These bytes, which nobody could have known before.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What is signed: SHA-256 of a tag, the hash of the terms (32 bytes), one byte for the choice (1 approves, 0 rejects), and
/// the nonce (32 bytes). Every part has a fixed length, so no two ballots are the same bytes.
#[must_use]
pub fn challenge(terms: &TermsHash, choice: Choice, nonce: &Nonce) -> [u8; 32] {
    let choice = match choice {
        Choice::Approve => 1,
        Choice::Reject => 0,
    };
    Sha256::new()
        .chain_update(b"quorate ballot v1\0")
        .chain_update(terms.as_bytes())
        .chain_update([choice])
        .chain_update(nonce.as_bytes())
        .finalize()
        .into()
}

/// That somebody has signed a ballot, and which. Only [`crate::passkey::ballot`] makes one, having checked the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signed {
    terms: TermsHash,
    choice: Choice,
    evidence: Hash,
}

impl Signed {
    /// For [`crate::passkey::ballot`], which has checked it. `evidence` is the hash of what it has checked.
    pub(crate) const fn attested(terms: TermsHash, choice: Choice, evidence: Hash) -> Self {
        Self { terms, choice, evidence }
    }

    /// As if it had been signed: so that a page knows what would be refused all the same. Nobody acts on it.
    #[must_use]
    pub fn supposed(terms: TermsHash, choice: Choice) -> Self {
        Self { terms, choice, evidence: Hash::of("") }
    }

    /// The hash of what was checked.
    #[must_use]
    pub const fn evidence(&self) -> Hash {
        self.evidence
    }

    /// Whether it is for these terms and this choice.
    #[must_use]
    pub fn is_for(&self, terms: TermsHash, choice: Choice) -> bool {
        self.terms == terms && self.choice == choice
    }
}
