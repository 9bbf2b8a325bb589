//! A passkey in software. What it signs is real, but nobody is asked to hold a device or to show a finger: it stands in for
//! people's devices in `quorate demo` and in tests. The service itself never has one.

use anyhow::{Context, anyhow};
use data_encoding::BASE64URL_NOPAD;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

use crate::hash::Hash;

/// Somebody is there.
pub const PRESENT: u8 = 1;
/// The device has made sure who holds it.
pub const VERIFIED: u8 = 4;
/// Other devices of its holder may have it, too.
pub const MAY_BE_SHARED: u8 = 8;
/// They do.
pub const IS_SHARED: u8 = 16;
const HAS_KEY: u8 = 64;

/// A passkey, for one service.
pub struct SoftKey {
    /// By what the service names it.
    pub handle: Vec<u8>,
    /// The service.
    pub service: String,
    /// How often it has signed.
    pub signatures: u32,
    user: Vec<u8>,
    pkcs8: Vec<u8>,
    pair: EcdsaKeyPair,
}

impl SoftKey {
    /// The one for which these options ask.
    ///
    /// # Errors
    /// When they are none.
    pub fn make(options: &Value) -> anyhow::Result<Self> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new());
        let pkcs8 = document.map_err(|_| anyhow!("no key could be made"))?.as_ref().to_vec();
        Ok(Self {
            handle: sha256(&pkcs8),
            service: text(options, "/publicKey/rp/id")?.to_owned(),
            signatures: 1,
            user: decoded(text(options, "/publicKey/user/id")?)?,
            pair: pair(&pkcs8)?,
            pkcs8,
        })
    }

    /// The same key elsewhere, which counts on its own from here on.
    ///
    /// # Errors
    /// Never: its key is one.
    pub fn copy(&self) -> anyhow::Result<Self> {
        let Self { handle, service, signatures, user, pkcs8, .. } = self;
        let (handle, service, user) = (handle.clone(), service.clone(), user.clone());
        Ok(Self { handle, service, signatures: *signatures, user, pair: pair(pkcs8)?, pkcs8: pkcs8.clone() })
    }

    /// Says that it was made, as `navigator.credentials.create` does. It writes the few bytes of CBOR that it takes by itself.
    ///
    /// # Errors
    /// When these are no options.
    pub fn made(&self, options: &Value, origin: &str, flags: u8) -> anyhow::Result<Value> {
        let mut said = self.said(flags | HAS_KEY);
        said.extend([0; 16]);
        said.extend(u16::try_from(self.handle.len())?.to_be_bytes());
        said.extend(&self.handle);
        let point = self.pair.public_key().as_ref();
        let (x, y) = (point.get(1..33).context("no point")?, point.get(33..65).context("no point")?);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}: a point on P-256, for ES256.
        said.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        said.extend(x);
        said.extend([0x22, 0x58, 32]);
        said.extend(y);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(said.len())?.to_be_bytes());
        object.extend(&said);
        let client = client("webauthn.create", options, origin);
        let response = json!({
            "attestationObject": BASE64URL_NOPAD.encode(&object),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "transports": ["internal"],
        });
        Ok(self.answer(&response))
    }

    /// Signs, as `navigator.credentials.get` does.
    ///
    /// # Errors
    /// When it cannot sign.
    pub fn shown(&mut self, options: &Value, origin: &str, flags: u8) -> anyhow::Result<Value> {
        self.signatures += 1;
        let said = self.said(flags);
        let client = client("webauthn.get", options, origin);
        let signed = [said.as_slice(), &sha256(&client)].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).map_err(|_| anyhow!("it cannot sign"))?;
        let response = json!({
            "authenticatorData": BASE64URL_NOPAD.encode(&said),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "userHandle": BASE64URL_NOPAD.encode(&self.user),
        });
        Ok(self.answer(&response))
    }

    /// Whether these options ask for it, or for any of that service.
    #[must_use]
    pub fn fits(&self, options: &Value) -> bool {
        let allowed = options.pointer("/publicKey/allowCredentials").and_then(Value::as_array);
        let is_it = |one: &Value| text(one, "/id").and_then(decoded).is_ok_and(|handle| handle == self.handle);
        let named = allowed.is_none_or(|allowed| allowed.is_empty() || allowed.iter().any(is_it));
        text(options, "/publicKey/rpId").is_ok_and(|service| service == self.service) && named
    }

    fn said(&self, flags: u8) -> Vec<u8> {
        let mut said = sha256(self.service.as_bytes());
        said.push(flags);
        said.extend(self.signatures.to_be_bytes());
        said
    }

    fn answer(&self, response: &Value) -> Value {
        let id = BASE64URL_NOPAD.encode(&self.handle);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {}})
    }
}

fn client(what: &str, options: &Value, origin: &str) -> Vec<u8> {
    let challenge = options.pointer("/publicKey/challenge");
    json!({"type": what, "challenge": challenge, "origin": origin, "crossOrigin": false}).to_string().into_bytes()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    Hash::of_parts(&[bytes]).as_bytes().to_vec()
}

fn pair(pkcs8: &[u8]) -> anyhow::Result<EcdsaKeyPair> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &SystemRandom::new());
    pair.map_err(|_| anyhow!("this is no key"))
}

fn text<'v>(options: &'v Value, pointer: &str) -> anyhow::Result<&'v str> {
    options.pointer(pointer).and_then(Value::as_str).with_context(|| format!("these options have no `{pointer}`"))
}

fn decoded(text: &str) -> anyhow::Result<Vec<u8>> {
    Ok(BASE64URL_NOPAD.decode(text.as_bytes())?)
}
