//! An account's status.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Whether an account is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its first owner has not confirmed their address yet.
    Pending,
    /// In use.
    Active,
}

impl Status {
    /// The status's word, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
        }
    }
}

/// How long after an account's creation its owner names administrators who have standing at once.
pub const FOUNDING: SignedDuration = SignedDuration::from_hours(24);
