//! Who did something.

use serde::{Deserialize, Serialize};

use crate::id::{RecoveryUserId, TokenId, UserId};

/// Who did something, as the activity log records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// A person who had signed in, or used a link that only they got.
    User {
        /// Who.
        user: UserId,
    },
    /// An operator, by a token or at the command line of the machine.
    Operator {
        /// The token; none at the command line.
        token: Option<TokenId>,
    },
    /// The vendor's product, by a platform token, for itself or for a person.
    Platform {
        /// The token.
        token: TokenId,
        /// For whom.
        on_behalf_of: Option<UserId>,
    },
    /// Somebody with a paper key and its mailbox, who needs no account here.
    RecoveryUser {
        /// Who.
        recovery_user: RecoveryUserId,
    },
    /// The service itself, because time has passed.
    Service,
}

impl Actor {
    /// The person who acted themselves. A token acting for somebody is not that person.
    #[must_use]
    pub const fn person(&self) -> Option<UserId> {
        match self {
            Self::User { user } => Some(*user),
            Self::Operator { .. } | Self::Platform { .. } | Self::RecoveryUser { .. } | Self::Service => None,
        }
    }
}
