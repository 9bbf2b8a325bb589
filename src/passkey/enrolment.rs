//! A person has their device make a passkey.

use serde_json::Value;
use webauthn_rs_core::proto::{
    AttestationConveyancePreference, COSEAlgorithm, CreationChallengeResponse, Credential, RegisterPublicKeyCredential,
    RegistrationState, UserVerificationPolicy,
};

use super::{
    assertion::{Handle, Key},
    read::{read, with_challenge},
    refused::Refused,
    relying_party::RelyingParty,
};
use crate::{id::UserId, secret::Challenge};

/// What devices sign with: those of phones and security keys, and those of Windows.
const ALGORITHMS: [COSEAlgorithm; 2] = [COSEAlgorithm::ES256, COSEAlgorithm::RS256];

/// Whose passkey it will be, as their device shows it.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// Who. The device keeps this, and says it when they sign in with nothing else.
    pub user: UserId,
    /// Their address.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
}

/// A passkey that was just made.
#[derive(Debug, Clone)]
pub struct Made {
    /// By what its device knows it.
    pub handle: Handle,
    /// What it is checked against.
    pub key: Key,
}

impl RelyingParty {
    /// What the browser is asked to make, as `navigator.credentials.create` takes it. Devices that hold one of those in
    /// `held` make none.
    ///
    /// # Errors
    /// Never, unless the holder has no name.
    pub fn creation(&self, challenge: &Challenge, holder: Holder<'_>, held: &[Handle]) -> Result<Value, Refused> {
        let (asked, _) = self.registration(challenge, holder, held)?;
        serde_json::to_value(asked).map_err(|_| Refused::Unfit)
    }

    /// What was made, if it answers that challenge on a page of ours, by a device that has made sure who is there.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn made(&self, challenge: &Challenge, holder: Holder<'_>, answer: &Value) -> Result<Made, Refused> {
        let answer = read::<RegisterPublicKeyCredential>(answer)?;
        let (_, state) = self.registration(challenge, holder, &[])?;
        let credential: Credential = self.core.register_credential(&answer, &state, None)?;
        Ok(Made { handle: Handle::new(credential.cred_id.clone())?, key: Key::of(&credential)? })
    }

    fn registration(
        &self,
        challenge: &Challenge,
        holder: Holder<'_>,
        held: &[Handle],
    ) -> Result<(CreationChallengeResponse, RegistrationState), Refused> {
        let held = held.iter().map(|handle| handle.as_bytes().to_vec()).collect();
        let builder = self
            .core
            .new_challenge_register_builder(holder.user.uuid().as_bytes(), holder.email, holder.name)?
            .attestation(AttestationConveyancePreference::None)
            .user_verification_policy(UserVerificationPolicy::Required)
            .require_resident_key(true)
            .credential_algorithms(ALGORITHMS.to_vec())
            .exclude_credentials(Some(held));
        let (mut asked, state) = self.core.generate_challenge_register(builder)?;
        asked.public_key.challenge = challenge.as_bytes().to_vec();
        Ok((asked, with_challenge(&state, challenge)?))
    }
}
