//! Which addresses can get webhooks. Whether what the name stands for may be called is asked when it is.

use std::fmt;

use super::refusal::Refusal;
use crate::ownership::networks::Networks;

/// How long an address is at most.
pub const LONGEST: usize = 1024;

/// The address of a receiver, as it was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// What is wrong with an address, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is not https.
    NotHttps,
    /// It is too long.
    TooLong,
    /// It has characters that an address cannot have.
    Characters,
    /// It has a part behind a `#`, which no server ever sees.
    Fragment,
    /// It has a name or a password in it.
    NamesAUser,
    /// It names no host.
    NoHost,
    /// It lies in a network that this service does not call.
    PrivateNetwork,
}

impl Wrong {
    /// What is wrong, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotHttps => "it begins with `https://`",
            Self::TooLong => "it has 1024 characters at most",
            Self::Characters => "it has visible ASCII characters only, and no backslash; encode others",
            Self::Fragment => "it has no `#`, and nothing behind one",
            Self::NamesAUser => "it has no user or password in it",
            Self::NoHost => "it names a host",
            Self::PrivateNetwork => "it lies in the public network, as long as the operator allows no other",
        }
    }
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Refusal::Address`].
    pub fn read(text: &str, networks: Networks) -> Result<Self, Refusal> {
        let wrong = |why| Refusal::Address { why };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong(Wrong::NotHttps))?;
        if text.len() > LONGEST {
            return Err(wrong(Wrong::TooLong));
        }
        if !rest.bytes().all(|byte| byte.is_ascii_graphic()) || rest.contains('\\') {
            return Err(wrong(Wrong::Characters));
        }
        if rest.contains('#') {
            return Err(wrong(Wrong::Fragment));
        }
        let address = Self(text.to_owned());
        let host = address.host();
        if host.contains('@') {
            return Err(wrong(Wrong::NamesAUser));
        }
        if host.is_empty() || host.starts_with(':') {
            return Err(wrong(Wrong::NoHost));
        }
        if networks.allow(scheme, host) { Ok(address) } else { Err(wrong(Wrong::NotHttps)) }
    }

    /// The address, for its owners and for the connection. Some receivers have a secret in it, so it stands in no log and no mail.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, with the port if it names one: what others are told of it.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or_default()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.host())
    }
}
