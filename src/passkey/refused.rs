//! Why a passkey is not taken.

use webauthn_rs_core::error::WebauthnError;

/// Why a passkey is not taken, or what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// None of whoever should show one, or of nobody at all; which of them is not told.
    #[error("this passkey is not known here, or was removed; use another one, or another way")]
    Unknown,
    /// It is there already.
    #[error("this passkey is known here already; there is nothing to do")]
    Known,
    /// The page on which it was used is not one of ours.
    #[error(
        "this passkey was used on a page of another address; open this service by its own address, and begin again"
    )]
    WrongSite,
    /// Whoever holds the device could have used it.
    #[error("the passkey did not make sure that it is you; use one that asks for a PIN, a finger or a face")]
    NotVerified,
    /// It signed as often as a copy of it did, or less often.
    #[error("this passkey may have been copied, so it is not taken any more; use another one, or another way")]
    Copied,
    /// Anything else: it answers something else, or its signature is wrong.
    #[error("what the passkey answered does not fit what it was asked; begin again")]
    Unfit,
}

impl From<WebauthnError> for Refused {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the error of a library, of which few variants matter to people"
    )]
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash => Self::WrongSite,
            WebauthnError::UserNotVerified => Self::NotVerified,
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            _ => Self::Unfit,
        }
    }
}
