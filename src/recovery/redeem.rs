//! What a recovery user shows who redeems a paper key: the key, and that they read their mailbox.

use crate::id::{PaperKeyId, RecoveryUserId};

/// That somebody has shown a paper key in force and, with a code, that they read a confirmed recovery address of whom it
/// was issued for. Two proofs of different kinds, usually in different places: neither alone opens anything.
///
/// INVARIANT 18: only the use case that has checked both makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyAndMailbox {
    by: RecoveryUserId,
    key: PaperKeyId,
}

impl KeyAndMailbox {
    /// For the use case that has checked both.
    #[must_use]
    pub(crate) const fn attested(by: RecoveryUserId, key: PaperKeyId) -> Self {
        Self { by, key }
    }

    /// As if both had been shown: so that a page knows what would be refused all the same. Nobody acts on it.
    #[must_use]
    pub const fn supposed(by: RecoveryUserId, key: PaperKeyId) -> Self {
        Self { by, key }
    }

    /// Who.
    #[must_use]
    pub const fn by(self) -> RecoveryUserId {
        self.by
    }

    /// Which key.
    #[must_use]
    pub const fn key(self) -> PaperKeyId {
        self.key
    }
}
