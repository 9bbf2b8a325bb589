//! Why a provider's word is not taken.

use crate::refusal::Severity;

/// Why a provider's word is not taken. Nothing of what it said stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// It is not reached, or not where it may be, or it is too slow or says too much.
    #[error(
        "your organization's identity provider cannot be reached, or does not answer as one does; try again in a while, or \
         sign in with a code"
    )]
    Unreachable(Why),
    /// It says who it is, or where it is reached, otherwise than the account's owners have said.
    #[error(
        "your organization's identity provider describes itself in a way that is not taken; sign in with a code, and ask an \
         owner to compare the issuer's address"
    )]
    Described(Why),
    /// It does not give what the code stands for.
    #[error(
        "your organization's identity provider did not confirm your sign-in; try again, or sign in with a code and ask an \
         owner to compare the client's id and secret"
    )]
    NotConfirmed(Why),
    /// What it says of whoever signed in is not to be trusted.
    #[error(
        "what your organization's identity provider said of you did not stand up to a check; try again, or sign in with a code"
    )]
    NotTrusted(Why),
    /// Too many people sign on at this moment.
    #[error(
        "many people sign in through their organizations at this moment; try again in a minute, or sign in with a code"
    )]
    Busy,
}

/// What exactly was wrong, for whoever reads the service's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// This machine cannot make such calls at all.
    NoClient,
    /// The address is neither https nor one that the operator allows.
    Scheme,
    /// The address is in no public network.
    PrivateNetwork,
    /// There was no connection, or it broke off.
    Connection,
    /// It took too long.
    TooSlow,
    /// It said too much.
    TooLong,
    /// It answered with another status, such as a redirect, or in another form.
    Answer,
    /// The issuer that it names is another.
    Issuer,
    /// It asks for another issuer's answer, or leaves out its own, although it says that it never does.
    MixedUp,
    /// It has no address for tokens.
    NoTokens,
    /// It refused the code, or the client.
    Refused,
    /// There was no ID token, or none that can be read.
    NoToken,
    /// It is for another client.
    Audience,
    /// It is of another sign-in.
    Nonce,
    /// It is too old, or of the future.
    Time,
    /// It is signed by none of the keys that the provider shows.
    Key,
    /// Its signature is none, of a kind that is not taken, or wrong.
    Signature,
    /// It says something that makes no sense.
    Claims,
}

impl Failed {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable(_) => "provider_unreachable",
            Self::Described(_) => "provider_described",
            Self::NotConfirmed(_) => "provider_not_confirmed",
            Self::NotTrusted(_) => "provider_not_trusted",
            Self::Busy => "provider_busy",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Unreachable(_) | Self::Described(_) | Self::NotConfirmed(_) | Self::Busy => Severity::Conflict,
            Self::NotTrusted(_) => Severity::Forbidden,
        }
    }

    /// What exactly was wrong, for the log.
    #[must_use]
    pub const fn why(self) -> Option<Why> {
        match self {
            Self::Unreachable(why) | Self::Described(why) | Self::NotConfirmed(why) | Self::NotTrusted(why) => {
                Some(why)
            }
            Self::Busy => None,
        }
    }
}
