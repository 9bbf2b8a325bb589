//! A device in software that makes and shows passkeys, and can be told to misbehave. It writes the few bytes of CBOR that
//! it takes by itself.

use data_encoding::BASE64URL_NOPAD;
use quorate::hash::Hash;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

/// A device with its passkeys.
pub struct Device {
    /// The page in whose name it answers.
    pub origin: String,
    /// Whether it has made sure who holds it.
    pub verifies: bool,
    /// Whether its holder's other devices share its passkeys.
    pub shares: bool,
    keys: Vec<SoftKey>,
}

struct SoftKey {
    handle: Vec<u8>,
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    user: Vec<u8>,
    service: String,
    signatures: u32,
}

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 4;
const MAY_BE_SHARED: u8 = 8;
const IS_SHARED: u8 = 16;
const HAS_KEY: u8 = 64;

impl Device {
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), verifies: true, shares: false, keys: Vec::new() }
    }

    /// The same keys on another device, which count on their own from here on.
    pub fn copy(&self) -> Self {
        let copy = |key: &SoftKey| SoftKey {
            pair: pair(&key.pkcs8),
            handle: key.handle.clone(),
            pkcs8: key.pkcs8.clone(),
            user: key.user.clone(),
            service: key.service.clone(),
            signatures: key.signatures,
        };
        let keys = self.keys.iter().map(copy).collect();
        Self { origin: self.origin.clone(), verifies: self.verifies, shares: self.shares, keys }
    }

    /// Makes a passkey, as `navigator.credentials.create` does.
    pub fn create(&mut self, options: &Value) -> Value {
        let asked = &options["publicKey"];
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
        let pkcs8 = document.as_ref().to_vec();
        let key = SoftKey {
            pair: pair(&pkcs8),
            handle: sha256(&pkcs8),
            pkcs8,
            user: bytes(&asked["user"]["id"]),
            service: asked["rp"]["id"].as_str().unwrap().to_owned(),
            signatures: 1,
        };
        let answer = self.made(&key, asked);
        self.keys.push(key);
        answer
    }

    /// Says that it has just made the passkey that it made last.
    pub fn create_again(&self, options: &Value) -> Value {
        self.made(self.keys.last().unwrap(), &options["publicKey"])
    }

    fn made(&self, key: &SoftKey, asked: &Value) -> Value {
        let mut said = self.said(key, HAS_KEY);
        said.extend([0; 16]);
        said.extend(u16::try_from(key.handle.len()).unwrap().to_be_bytes());
        said.extend(&key.handle);
        let public = key.pair.public_key().as_ref();
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}: a point on P-256, for ES256.
        said.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        said.extend(&public[1..33]);
        said.extend([0x22, 0x58, 32]);
        said.extend(&public[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(said.len()).unwrap().to_be_bytes());
        object.extend(&said);
        let client = self.client("webauthn.create", &asked["challenge"]);
        let response = json!({
            "attestationObject": BASE64URL_NOPAD.encode(&object),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "transports": ["internal"],
        });
        answer(&key.handle, &response)
    }

    /// Shows the passkey that was made last of those that are asked for, as `navigator.credentials.get` does.
    pub fn get(&mut self, options: &Value) -> Value {
        let asked = &options["publicKey"];
        let allowed: Vec<Vec<u8>> =
            asked["allowCredentials"].as_array().unwrap().iter().map(|one| bytes(&one["id"])).collect();
        let fits = |key: &SoftKey| {
            key.service == asked["rpId"].as_str().unwrap() && (allowed.is_empty() || allowed.contains(&key.handle))
        };
        let place = self.keys.iter().rposition(fits).expect("the device has no such passkey");
        self.keys[place].signatures += 1;
        let key = &self.keys[place];
        let said = self.said(key, 0);
        let client = self.client("webauthn.get", &asked["challenge"]);
        let signed = [said.as_slice(), &sha256(&client)].concat();
        let signature = key.pair.sign(&SystemRandom::new(), &signed).unwrap();
        let response = json!({
            "authenticatorData": BASE64URL_NOPAD.encode(&said),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "userHandle": BASE64URL_NOPAD.encode(&key.user),
        });
        answer(&key.handle, &response)
    }

    fn said(&self, key: &SoftKey, more: u8) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let shared = if self.shares { MAY_BE_SHARED | IS_SHARED } else { 0 };
        let mut said = sha256(key.service.as_bytes());
        said.push(USER_PRESENT | verified | shared | more);
        said.extend(key.signatures.to_be_bytes());
        said
    }

    fn client(&self, what: &str, challenge: &Value) -> Vec<u8> {
        json!({"type": what, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    Hash::of_parts(&[bytes]).as_bytes().to_vec()
}

fn pair(pkcs8: &[u8]) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &SystemRandom::new()).unwrap()
}

fn bytes(text: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_str().unwrap().as_bytes()).unwrap()
}

fn answer(handle: &[u8], response: &Value) -> Value {
    let id = BASE64URL_NOPAD.encode(handle);
    json!({"id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {}})
}
