//! A person shows by a passkey who they are.

use serde_json::Value;
use uuid::Uuid;
use webauthn_rs_core::proto::{
    AuthenticationState, Credential, PublicKeyCredential, RequestChallengeResponse, UserVerificationPolicy,
};

use super::{
    read::{read, with_challenge},
    refused::Refused,
    relying_party::RelyingParty,
};
use crate::{id::UserId, secret::Challenge};

/// By what its device knows a passkey. It is no secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handle(Vec<u8>);

/// The longest handle that the standard allows, in bytes.
const LONGEST_HANDLE: usize = 1023;

impl Handle {
    /// What a device calls a passkey.
    ///
    /// # Errors
    /// [`Refused::Unfit`] where the standard does not allow it.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Refused> {
        if bytes.is_empty() || bytes.len() > LONGEST_HANDLE { Err(Refused::Unfit) } else { Ok(Self(bytes)) }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What a passkey is checked against: its public key, and how often it had signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The public key with what was said when it was made, as the library writes it. It never changes.
    pub made: String,
    /// What the passkey counts.
    pub counted: Counted,
}

/// What a passkey said of itself when it last signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How often it has signed; always 0 where it does not count.
    pub signatures: u32,
    /// Whether other devices of its holder have it too.
    pub copies: Copies,
}

/// Whether a passkey is on one device alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// On one.
    None,
    /// Its holder's devices share it, or it is kept somewhere else too.
    Shared,
}

impl From<bool> for Copies {
    fn from(shared: bool) -> Self {
        if shared { Self::Shared } else { Self::None }
    }
}

impl Key {
    /// What is stored of a passkey that was just made.
    pub(super) fn of(credential: &Credential) -> Result<Self, Refused> {
        let made = serde_json::to_string(credential).map_err(|_| Refused::Unfit)?;
        let counted = Counted { signatures: credential.counter, copies: credential.backup_state.into() };
        Ok(Self { made, counted })
    }

    /// The public key alone, as the library writes it.
    pub(super) fn public(&self) -> Result<Value, Refused> {
        serde_json::to_value(self.credential()?.cred).map_err(|_| Refused::Unfit)
    }

    /// The passkey as it last signed.
    fn credential(&self) -> Result<Credential, Refused> {
        let made: Credential = serde_json::from_str(&self.made).map_err(|_| Refused::Unfit)?;
        let Counted { signatures, copies } = self.counted;
        Ok(Credential { counter: signatures, backup_state: copies == Copies::Shared, ..made })
    }
}

/// What a browser says of the passkey that somebody chose, before anything is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The passkey.
    pub handle: Handle,
    /// Whose it is, as its device says.
    pub user: Option<UserId>,
}

impl Presented {
    /// Reads it.
    ///
    /// # Errors
    /// [`Refused::Unfit`] where it cannot be read.
    pub fn of(answer: &Value) -> Result<Self, Refused> {
        let PublicKeyCredential { raw_id, response, .. } = read(answer)?;
        let user = response.user_handle.and_then(|user| Uuid::from_slice(&user).ok()).map(UserId::from_uuid);
        Ok(Self { handle: Handle::new(raw_id)?, user })
    }
}

impl RelyingParty {
    /// What the browser is asked to show, as `navigator.credentials.get` takes it: one of these passkeys, or where there
    /// are none, any that it has for this service.
    ///
    /// # Errors
    /// [`Refused::Unfit`] where what was stored of one cannot be read.
    pub fn request(&self, challenge: &Challenge, keys: &[Key]) -> Result<Value, Refused> {
        let (asked, _) = self.authentication(challenge, keys)?;
        serde_json::to_value(asked).map_err(|_| Refused::Unfit)
    }

    /// What the passkey counts now, if it has answered that challenge on a page of ours, and made sure who is there.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn shown(&self, challenge: &Challenge, key: &Key, answer: &Value) -> Result<Counted, Refused> {
        let answer: PublicKeyCredential = read(answer)?;
        let (_, state) = self.authentication(challenge, std::slice::from_ref(key))?;
        let stored = key.credential()?;
        // Devices that share a passkey count each for themselves, so only where it stays on one does a count tell of a copy.
        let counter = if stored.backup_eligible { 0 } else { stored.counter };
        let result = self.core.authenticate_single_credential(&answer, &state, &Credential { counter, ..stored })?;
        let signatures = result.counter().max(key.counted.signatures);
        Ok(Counted { signatures, copies: result.backup_state().into() })
    }

    fn authentication(
        &self,
        challenge: &Challenge,
        keys: &[Key],
    ) -> Result<(RequestChallengeResponse, AuthenticationState), Refused> {
        let credentials = keys.iter().map(Key::credential).collect::<Result<Vec<_>, _>>()?;
        let builder =
            self.core.new_challenge_authenticate_builder(credentials, Some(UserVerificationPolicy::Required))?;
        let (mut asked, state) = self.core.generate_challenge_authenticate(builder)?;
        asked.public_key.challenge = challenge.as_bytes().to_vec();
        Ok((asked, with_challenge(&state, challenge)?))
    }
}
