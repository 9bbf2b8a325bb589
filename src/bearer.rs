//! Bearer tokens: 256 random bits that their holder sees once, and the hash by which the database knows them.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What a bearer token is for. The prefix lets people, and secret scanners, see what they found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A signed-in person's session.
    Session,
    /// An operator's or a platform's token.
    Access,
    /// What a browser is known by again. It opens nothing.
    Browser,
}

impl TokenKind {
    /// What a token claims to be for.
    #[must_use]
    pub fn of(token: &str) -> Option<Self> {
        [Self::Session, Self::Access, Self::Browser].into_iter().find(|kind| token.starts_with(kind.prefix()))
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "quorate_session_",
            Self::Access => "quorate_token_",
            Self::Browser => "quorate_browser_",
        }
    }
}

/// A bearer token of 256 random bits, as its holder sees it once.
pub struct Token(Zeroizing<String>);

impl Token {
    /// A token of that kind, of bytes that nobody could have known before, and its hash.
    #[must_use]
    pub fn of(kind: TokenKind, bytes: &[u8; 32]) -> (Self, TokenHash) {
        let text = format!("{}{}", kind.prefix(), data_encoding::BASE64URL_NOPAD.encode(bytes));
        let hash = TokenHash::of(&text);
        (Self(Zeroizing::new(text)), hash)
    }

    /// The token. Give it to its holder and keep nothing.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// SHA-256 of a bearer token. 256 random bits need neither salt nor stretching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of what somebody presented.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
