//! How a webhook is signed, after Standard Webhooks: HMAC-SHA256 over its id, the time of the attempt and its body.

use std::fmt;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// How many random bytes a secret has.
pub const LENGTH: usize = 32;

/// What the written form of a secret begins with.
const PREFIX: &str = "whsec_";

/// By what a receiver knows that a webhook is ours.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// The text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a secret of the form `whsec_…`")]
pub struct NotASecret;

impl Secret {
    /// A secret of these random bytes.
    #[must_use]
    pub fn of(bytes: &Zeroizing<[u8; LENGTH]>) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Reads the written form.
    ///
    /// # Errors
    /// [`NotASecret`].
    pub fn read(text: &str) -> Result<Self, NotASecret> {
        let bytes = text.strip_prefix(PREFIX).and_then(|rest| BASE64.decode(rest.as_bytes()).ok());
        bytes
            .filter(|bytes| (24..=64).contains(&bytes.len()))
            .map(|bytes| Self(Zeroizing::new(bytes)))
            .ok_or(NotASecret)
    }

    /// The written form, as a receiver is given it.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", BASE64.encode(&self.0)))
    }

    fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        Some(BASE64.encode(&mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The header `webhook-signature`: one signature for each secret, so that a receiver can go over from one to the next.
#[must_use]
pub fn signatures<'s>(secrets: impl IntoIterator<Item = &'s Secret>, id: &str, seconds: i64, body: &[u8]) -> String {
    let mut header = String::new();
    for signature in secrets.into_iter().filter_map(|secret| secret.sign(id, seconds, body)) {
        if !header.is_empty() {
            header.push(' ');
        }
        header.push_str("v1,");
        header.push_str(&signature);
    }
    header
}
