//! On whose authority a call is made.

use std::collections::BTreeSet;

use super::error::{Access, Error};
use crate::{
    id::{SessionId, TokenId, UserId},
    ownership::{actor::Actor, credential::Proof},
};

pub use crate::ownership::scope::Scope;

/// Who calls, as proven by a session, a link or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A person who has signed in, or who used a link that only they got.
    Person {
        /// Who.
        user: UserId,
        /// Their session; none when they used a link.
        session: Option<SessionId>,
        /// How they last proved that it is them.
        proof: Option<Proof>,
    },
    /// An operator.
    Operator {
        /// Their token; none at the command line of the machine.
        token: Option<TokenId>,
    },
    /// The vendor's product.
    Platform {
        /// Its token.
        token: TokenId,
        /// What the token may do.
        scopes: BTreeSet<Scope>,
        /// For whom it acts.
        on_behalf_of: Option<UserId>,
    },
}

impl Principal {
    /// How the activity log names them.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        match self {
            Self::Person { user, .. } => Actor::User { user: *user },
            Self::Operator { token } => Actor::Operator { token: *token },
            Self::Platform { token, on_behalf_of, .. } => {
                Actor::Platform { token: *token, on_behalf_of: *on_behalf_of }
            }
        }
    }

    /// The person who acts themselves: never a token, not even on somebody's behalf.
    ///
    /// # Errors
    /// [`Access::PeopleOnly`] for tokens.
    pub fn person(&self) -> Result<UserId, Error> {
        match self {
            Self::Person { user, .. } => Ok(*user),
            Self::Operator { .. } | Self::Platform { .. } => Err(Access::PeopleOnly.into()),
        }
    }

    /// The session that a person calls from.
    #[must_use]
    pub const fn session(&self) -> Option<SessionId> {
        match self {
            Self::Person { session, .. } => *session,
            Self::Operator { .. } | Self::Platform { .. } => None,
        }
    }

    /// How a person last proved that it is them. Tokens are never proof.
    #[must_use]
    pub const fn proof(&self) -> Option<Proof> {
        match self {
            Self::Person { proof, .. } => *proof,
            Self::Operator { .. } | Self::Platform { .. } => None,
        }
    }

    /// A stable text that names the caller, for idempotency keys.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Person { user, .. } => user.to_string(),
            Self::Operator { token: None } => "operator".to_owned(),
            Self::Operator { token: Some(token) } => token.to_string(),
            Self::Platform { token, on_behalf_of: None, .. } => token.to_string(),
            Self::Platform { token, on_behalf_of: Some(user), .. } => format!("{token} for {user}"),
        }
    }
}
