//! A paper key: the number by which it is looked up, and the 160 bits that only its sheet holds.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{form::Sheet, symbol::Symbol};

/// How many characters a number has.
const NUMBER: usize = 8;

/// By what a key is looked up: 40 bits, drawn at random, so that a stranger finds no key by counting. It opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number([u8; 5]);

impl Number {
    /// From random bytes, or those of a row.
    #[must_use]
    pub const fn new(bytes: [u8; 5]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 5] {
        &self.0
    }
}

/// Eight characters in two groups, as they begin the first line of the sheet.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, symbol) in symbols(&self.0).enumerate() {
            let dash = if at == NUMBER / 2 { "-" } else { "" };
            write!(f, "{dash}{}", symbol.letter())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Number {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "the number of a paper key has eight characters, as in `7K2M-9QXT`";
        let typed: Option<Vec<Symbol>> = text.chars().filter(|letter| *letter != '-').map(Symbol::typed).collect();
        let typed = typed.filter(|typed| typed.len() == NUMBER).ok_or(wrong)?;
        Ok(Self(bytes(typed)))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What makes a key a key: 160 random bits. They show themselves nowhere but on the sheet, and their memory is wiped.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 20]>);

impl Secret {
    /// From random bytes.
    #[must_use]
    pub const fn new(bytes: Zeroizing<[u8; 20]>) -> Self {
        Self(bytes)
    }

    /// By what the database knows it.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        KeyHash(Sha256::digest(self.0.as_slice()).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// SHA-256 of a key's secret: all that is kept of it. 160 random bits need no salt, and no secret of the server's, which a key
/// in a safe would have to outlive.
#[derive(Debug, Clone, Copy)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// From the bytes of a row.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether that is the secret. Takes the same time right or wrong.
    #[must_use]
    pub fn is_of(&self, secret: &Secret) -> bool {
        self.0.ct_eq(&secret.hash().0).into()
    }
}

/// A key as its sheet has it.
#[derive(Clone)]
pub struct PaperKey {
    number: Number,
    secret: Secret,
}

impl PaperKey {
    /// From its parts.
    #[must_use]
    pub const fn new(number: Number, secret: Secret) -> Self {
        Self { number, secret }
    }

    /// By what it is looked up.
    #[must_use]
    pub const fn number(&self) -> Number {
        self.number
    }

    /// Its 160 bits.
    #[must_use]
    pub const fn secret(&self) -> &Secret {
        &self.secret
    }

    /// As it is printed.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        Sheet::of(symbols(&self.number.0).chain(symbols(self.secret.0.as_slice())))
    }

    /// From the characters of a sheet, without the checks: eight of the number, then 32 of the secret.
    pub(super) fn from_symbols(mut all: impl Iterator<Item = Symbol>) -> Self {
        let number = Number(bytes(all.by_ref().take(NUMBER)));
        Self { number, secret: Secret(Zeroizing::new(bytes(all))) }
    }
}

impl fmt::Debug for PaperKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaperKey").field("number", &self.number).field("secret", &self.secret).finish()
    }
}

/// The characters of some bytes: five bytes are eight of them.
fn symbols(bytes: &[u8]) -> impl Iterator<Item = Symbol> {
    bytes.chunks(5).flat_map(|five| {
        let bits = five.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        (0..8_u32).rev().map(move |at| Symbol::of(((bits >> (at * 5)) & 0b1_1111).try_into().unwrap_or_default()))
    })
}

/// The bytes of some characters, into an array that has room for just them.
fn bytes<const N: usize>(symbols: impl IntoIterator<Item = Symbol>) -> [u8; N] {
    let mut bytes = [0; N];
    let (mut at, mut bits, mut count) = (bytes.iter_mut(), 0_u16, 0);
    for symbol in symbols {
        bits = (bits << 5) | u16::from(symbol.bits());
        count += 5;
        if count >= 8 {
            count -= 8;
            if let Some(byte) = at.next() {
                *byte = (bits >> count).to_be_bytes()[1];
            }
        }
    }
    bytes
}
