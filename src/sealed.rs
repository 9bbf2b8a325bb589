//! Secrets that have to be shown to others, as the database keeps them: encrypted under the server's secret (AES-256-GCM).
//!
//! What a secret belongs to is part of the seal: moved to another row, it cannot be opened there.

use std::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

use crate::secret::{Chance, ServerSecret};

/// The length of the random part that makes each seal another.
const NONCE: usize = 12;

/// A sealed secret: its nonce, then what was encrypted, with its tag.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

/// It was sealed by another secret, or for something else, or is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret cannot be opened; has the server's secret been replaced?")]
pub struct NotOpened;

impl Sealed {
    /// Seals a secret. `about` is what it belongs to.
    ///
    /// # Errors
    /// Never, for what is shorter than 64 gigabytes.
    pub fn seal(server: &ServerSecret, chance: &Chance, about: &[u8], secret: &str) -> Result<Self, NotOpened> {
        let nonce: [u8; NONCE] = chance.bytes();
        let payload = Payload { msg: secret.as_bytes(), aad: about };
        let sealed = cipher(server).encrypt(&Nonce::from(nonce), payload).map_err(|_| NotOpened)?;
        Ok(Self(nonce.into_iter().chain(sealed).collect()))
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`NotOpened`].
    pub fn open(&self, server: &ServerSecret, about: &[u8]) -> Result<Zeroizing<String>, NotOpened> {
        let (nonce, sealed) = self.0.split_first_chunk::<NONCE>().ok_or(NotOpened)?;
        let payload = Payload { msg: sealed, aad: about };
        let opened = Zeroizing::new(cipher(server).decrypt(&Nonce::from(*nonce), payload).map_err(|_| NotOpened)?);
        let text = std::str::from_utf8(&opened).map_err(|_| NotOpened)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// As the database keeps it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As the database has kept it.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

fn cipher(server: &ServerSecret) -> Aes256Gcm {
    Aes256Gcm::new((&*server.sealing_key()).into())
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sealed]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_server_opens_it_and_only_where_it_belongs() {
        let chance = Chance::seeded(1);
        let (ours, another) = (ServerSecret::generate(&chance), ServerSecret::generate(&chance));
        let sealed = Sealed::seal(&ours, &chance, b"here", "mellon").unwrap();
        assert!(!sealed.as_bytes().windows(6).any(|bytes| bytes == b"mellon"));
        assert_eq!(sealed.open(&ours, b"here").unwrap().as_str(), "mellon");
        assert_eq!(sealed.open(&ours, b"there"), Err(NotOpened));
        assert_eq!(sealed.open(&another, b"here"), Err(NotOpened));
        for place in 0..sealed.as_bytes().len() {
            let mut broken = sealed.clone();
            broken.0[place] ^= 1;
            assert_eq!(broken.open(&ours, b"here"), Err(NotOpened), "{place}");
        }
        assert_eq!(Sealed::from_bytes(vec![0; 5]).open(&ours, b"here"), Err(NotOpened));
        assert_ne!(Sealed::seal(&ours, &chance, b"here", "mellon").unwrap(), sealed, "no two are alike");
    }
}
