//! A ballot that is signed with a passkey. What is kept of it can be checked later by anybody, without this service.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use webauthn_rs_core::proto::{COSEKey, PublicKeyCredential};

use super::{assertion::Key, read::read, refused::Refused, relying_party::RelyingParty};
use crate::{
    hash::Hash,
    id::CredentialId,
    recovery::{
        ballot::Choice,
        signature::{Nonce, Signed, challenge},
        terms::TermsHash,
    },
};

/// Bytes of the hash of the relying party's name, of the flags, and of the count: the least that a passkey says.
const SHORTEST: usize = 37;
/// The flags that its holder was there, and was verified.
const PRESENT_AND_VERIFIED: u8 = 0b101;

/// The signature of one ballot, with everything that it takes to check it but the ballot itself. Bytes are base64url without
/// padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Which passkey signed.
    pub passkey: CredentialId,
    /// Its public key.
    pub public_key: Value,
    /// The name of the service, for which the passkey was made.
    pub relying_party: String,
    /// The address of the page on which it signed.
    pub origin: String,
    /// What makes this signature one of its own.
    nonce: String,
    /// What its device says, which is signed.
    authenticator_data: String,
    /// What the browser says, whose hash is signed.
    client_data: String,
    /// The signature itself.
    #[serde(rename = "signature")]
    bytes: String,
}

/// What the browser says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

impl Signature {
    /// As it is kept: canonical JSON (RFC 8785), whose hash stands in the activity log.
    ///
    /// # Errors
    /// Never for a signature of ours.
    pub fn to_text(&self) -> Result<String, Refused> {
        serde_json_canonicalizer::to_string(self).map_err(|_| Refused::Unfit)
    }

    /// What a passkey of this service answered, not yet checked.
    ///
    /// # Errors
    /// [`Refused::Unfit`] where it cannot be read.
    pub fn of(
        service: &RelyingParty,
        passkey: CredentialId,
        key: &Key,
        nonce: &Nonce,
        answer: &Value,
    ) -> Result<Self, Refused> {
        let PublicKeyCredential { response, .. } = read(answer)?;
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        Ok(Self {
            passkey,
            public_key: key.public()?,
            relying_party: service.name(),
            origin: service.origin(),
            nonce: text(nonce.as_bytes()),
            authenticator_data: text(&response.authenticator_data),
            client_data: text(&response.client_data_json),
            bytes: text(&response.signature),
        })
    }

    /// Checks that it is the signature of a ballot with that choice for those terms, made on a page of that service by
    /// whoever holds the passkey.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verify(&self, terms: TermsHash, choice: Choice) -> Result<Signed, Refused> {
        let bytes = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| Refused::Unfit);
        let (said, by_browser) = (bytes(&self.authenticator_data)?, bytes(&self.client_data)?);
        let nonce: [u8; 32] = bytes(&self.nonce)?.try_into().map_err(|_| Refused::Unfit)?;
        let client: ClientData = serde_json::from_slice(&by_browser).map_err(|_| Refused::Unfit)?;
        let expected = BASE64URL_NOPAD.encode(&challenge(&terms, choice, &Nonce::new(nonce)));
        if client.r#type != "webauthn.get" || client.challenge != expected {
            return Err(Refused::Unfit);
        }
        if client.origin != self.origin || client.cross_origin {
            return Err(Refused::WrongSite);
        }
        let (Some(party), Some(flags)) = (said.get(..32), said.get(32)) else { return Err(Refused::Unfit) };
        if said.len() < SHORTEST || party != Sha256::digest(&self.relying_party).as_slice() {
            return Err(Refused::WrongSite);
        }
        if flags & PRESENT_AND_VERIFIED != PRESENT_AND_VERIFIED {
            return Err(Refused::NotVerified);
        }
        let key: COSEKey = read(&self.public_key)?;
        let signed = [said.as_slice(), Sha256::digest(&by_browser).as_slice()].concat();
        if !key.verify_signature(&bytes(&self.bytes)?, &signed)? {
            return Err(Refused::Unfit);
        }
        Ok(Signed::attested(terms, choice, Hash::of(&self.to_text()?)))
    }
}
