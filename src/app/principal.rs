//! On whose authority a call is made.

use std::collections::BTreeSet;

use super::error::{Access, Error};
use crate::{
    id::{AccountId, SessionId, TokenId, UserId},
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
        /// The one account that the session is for, because a provider of that account vouched for them; none for a session
        /// that is theirs everywhere.
        within: Option<AccountId>,
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

    /// The person who acts themselves in that account: never a token, not even on somebody's behalf, and nobody whose session
    /// is for another account.
    ///
    /// # Errors
    /// [`Access::PeopleOnly`] for tokens; [`Error::NotFound`] where the account is not there for the session.
    pub fn person_in(&self, account: AccountId) -> Result<UserId, Error> {
        let (user, _) = self.person_and_reach()?;
        self.reaches(account).map(|()| user)
    }

    /// The person who acts themselves, in a session that is theirs everywhere: for what is theirs alone, and for what recovery
    /// rests on, where the word of an account's provider is as little as that of a token.
    ///
    /// # Errors
    /// [`Access::PeopleOnly`] for tokens; [`Access::SignedOn`] where only a provider vouched for them.
    pub fn person_everywhere(&self) -> Result<UserId, Error> {
        match self.person_and_reach()? {
            (user, None) => Ok(user),
            (_, Some(_)) => Err(Access::SignedOn.into()),
        }
    }

    /// The person who calls, and the one account beyond which their session shows nothing, if there is one.
    ///
    /// # Errors
    /// [`Access::PeopleOnly`] for tokens.
    pub fn person_and_reach(&self) -> Result<(UserId, Option<AccountId>), Error> {
        match self {
            Self::Person { user, within, .. } => Ok((*user, *within)),
            Self::Operator { .. } | Self::Platform { .. } => Err(Access::PeopleOnly.into()),
        }
    }

    /// Whether that account is there for whoever calls, as far as their session goes. What they may do in it is another
    /// question.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the session is for another account.
    pub fn reaches(&self, account: AccountId) -> Result<(), Error> {
        match self.within() {
            None => Ok(()),
            Some(within) if within == account => Ok(()),
            Some(_) => Err(Error::NotFound),
        }
    }

    /// The one account that the session is for, if it is.
    #[must_use]
    pub const fn within(&self) -> Option<AccountId> {
        match self {
            Self::Person { within, .. } => *within,
            Self::Operator { .. } | Self::Platform { .. } => None,
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
            // What was answered to a person everywhere is not repeated to a session that is for one account.
            Self::Person { user, within: None, .. } => user.to_string(),
            Self::Person { user, within: Some(account), .. } => format!("{user} in {account}"),
            Self::Operator { token: None } => "operator".to_owned(),
            Self::Operator { token: Some(token) } => token.to_string(),
            Self::Platform { token, on_behalf_of: None, .. } => token.to_string(),
            Self::Platform { token, on_behalf_of: Some(user), .. } => format!("{token} for {user}"),
        }
    }
}
