//! Why an account's webhooks stay as they are.

use super::address::Wrong;
use crate::refusal::Severity;

/// Why an account's webhooks stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing is sent to such an address.
    #[error("this address gets no webhooks: {}", .why.words())]
    Address {
        /// What is wrong with it.
        why: Wrong,
    },
    /// It gets them already.
    #[error("this address gets the webhooks of this account already")]
    Taken,
    /// There are enough of them.
    #[error("this account has {most} webhook endpoints, and there can be no more; remove one first")]
    TooMany {
        /// The most.
        most: usize,
    },
    /// A replaced owner knows the secret.
    #[error(
        "a recovery ended this endpoint, because a replaced owner may know its secret; give it a new secret first, and its receiver too"
    )]
    SecretEnded,
}

impl Refusal {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "webhook_address",
            Self::Taken => "webhook_taken",
            Self::TooMany { .. } => "too_many_webhooks",
            Self::SecretEnded => "webhook_secret_ended",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Taken | Self::TooMany { .. } | Self::SecretEnded => Severity::Conflict,
            Self::Address { .. } => Severity::Unprocessable,
        }
    }
}
