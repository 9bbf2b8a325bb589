//! Typed identifiers: a prefix that says what it names, and a sortable UUIDv7.
//!
//! The text form is a TypeID (`acct_01h455vb4pex5vsknk084sn02q`): prefix, underscore, and the 128 bits in
//! 26 lower-case Crockford base32 characters. Parsing accepts exactly that form, so every id has one spelling.
//! Nothing here makes an id: that takes a clock and a generator, see `clock.rs` and `secret.rs`.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

use crate::moment::Moment;

/// What an id names. Implemented by the empty types in [`kind`] only.
pub trait Kind: 'static {
    /// The letters before the underscore.
    const PREFIX: &'static str;
}

/// An identifier of one kind of thing.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

macro_rules! kinds {
    ($($name:ident, $alias:ident, $prefix:literal, $what:literal;)*) => {
        /// The kinds of things that have an id.
        pub mod kind {
            $(#[doc = $what] pub enum $name {})*
        }
        $(
            impl Kind for kind::$name { const PREFIX: &'static str = $prefix; }
            #[doc = concat!("Names ", $what)]
            pub type $alias = Id<kind::$name>;
        )*
    };
}

kinds! {
    Account, AccountId, "acct", "an account.";
    User, UserId, "user", "a person, the same in every account.";
    Case, CaseId, "case", "a recovery case.";
    Change, ChangeId, "chng", "a change of the roster that somebody may contest or confirm.";
    Transfer, TransferId, "tran", "an offer of ownership.";
    RecoveryUser, RecoveryUserId, "rusr", "a person who was chosen to hold paper keys.";
    PaperKey, PaperKeyId, "pkey", "a paper key of a recovery user.";
    RecoveryAddress, RecoveryAddressId, "radr", "an address of a recovery user.";
    Mail, MailId, "mail", "a mail in the outbox.";
    InboundMail, InboundMailId, "inbd", "a mail that came in.";
    Link, LinkId, "link", "an action link in a mail.";
    Code, CodeId, "code", "a typed code sent by mail.";
    Session, SessionId, "sess", "a signed-in session.";
    Token, TokenId, "tokn", "an operator or platform token.";
    Credential, CredentialId, "cred", "a password or passkey of a person.";
    Webhook, WebhookId, "hook", "an endpoint that gets an account's webhooks.";
    Delivery, DeliveryId, "dlvr", "one attempt at a webhook.";
    Ceremony, CeremonyId, "cere", "one use of a passkey, from the question to the answer.";
}

impl<K> Id<K> {
    /// Below every id: none is nil. Where a list begins. (A statement that also takes no id, `$1 is null or id > $1`, is
    /// read from the first row on each time by SQLite.)
    pub const LOWEST: Self = Self::from_uuid(Uuid::nil());

    /// Above every id. A list of the newest begins before it.
    pub const HIGHEST: Self = Self::from_uuid(Uuid::max());

    /// Wraps a UUID that was made for this kind of thing.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    /// When it was made, to the millisecond: it is written into it. Whoever made it may have lied.
    #[must_use]
    pub fn made_at(self) -> Moment {
        let millis = i64::try_from(self.uuid.as_u128() >> 80).unwrap_or_default();
        Moment::from_micros(millis * 1000)
    }

    /// The bare 128 bits.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<K> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS: usize = 26;

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(K::PREFIX)?;
        f.write_str("_")?;
        let bits = self.uuid.as_u128();
        for place in (0..DIGITS).rev() {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default();
            let letter = ALPHABET.get(digit).copied().unwrap_or(b'0');
            write!(f, "{}", char::from(letter))?;
        }
        Ok(())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form `{prefix}_…` with 26 characters after the underscore")]
pub struct NotAnId {
    /// The prefix that was wanted.
    pub prefix: &'static str,
}

impl<K: Kind> FromStr for Id<K> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let wrong = NotAnId { prefix: K::PREFIX };
        let digits = text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or(wrong)?;
        // 26 digits of 5 bits are 130 bits: a first digit above 7 would overflow, and have a second spelling.
        if digits.len() != DIGITS || digits.as_bytes().first().is_none_or(|first| *first > b'7') {
            return Err(wrong);
        }
        let mut bits: u128 = 0;
        for letter in digits.bytes() {
            let digit = ALPHABET.iter().position(|known| *known == letter).ok_or(wrong)?;
            bits = (bits << 5) | u128::try_from(digit).unwrap_or_default();
        }
        Ok(Self::from_uuid(Uuid::from_u128(bits)))
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_wrote() {
        for bits in [0, 1, u128::MAX, 0x0190_1234_5678_7abc_8def_0123_4567_89ab] {
            let id = UserId::from_uuid(Uuid::from_u128(bits));
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn spells_an_id_as_the_standard_does() {
        // The test vector of the TypeID specification, with our prefix.
        let uuid = Uuid::parse_str("0188bac7-4afa-78aa-bc3b-bd1eef28d881").unwrap();
        assert_eq!(UserId::from_uuid(uuid).to_string(), "user_01h2xcejqtf2nbrexx3vqjhp41");
    }

    #[test]
    fn refuses_other_kinds_and_second_spellings() {
        let good = "user_01h2xcejqtf2nbrexx3vqjhp41";
        assert!(good.parse::<AccountId>().is_err());
        for bad in [
            "",
            "user_",
            "user_81h2xcejqtf2nbrexx3vqjhp41",
            "user_01H2XCEJQTF2NBREXX3VQJHP41",
            "user_01h2xcejqtf2nbrexx3vqjhp4",
            "user_01h2xcejqtf2nbrexx3vqjhp411",
        ] {
            assert!(bad.parse::<UserId>().is_err(), "{bad}");
        }
    }
}
