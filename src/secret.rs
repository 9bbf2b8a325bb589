//! The one place that draws random numbers, and everything derived from the server's secret.
//!
//! Codes and links are never stored: the database holds their ids, and the usable value is HMAC-SHA256 of the id under
//! the server's secret, computed when a mail is sent and again when the value comes back. Tokens are random ([`crate::bearer`]).

use std::{
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng as _, SeedableRng, rngs::StdRng};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

use crate::{
    id::{CeremonyId, CodeId, Id, LinkId, MailId, SessionId},
    moment::Moment,
    paper_key::key::{Number, PaperKey, Secret},
    recovery::{
        ballot::Choice,
        signature::{Nonce, challenge},
        terms::TermsHash,
    },
};

pub use crate::bearer::{Token, TokenHash, TokenKind};

/// A source of randomness. Clones draw from the same source.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<StdRng>>);

impl Chance {
    /// Seeded by the operating system.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that draws random numbers")]
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// Always the same sequence, for tests with stable ids.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A new id: a UUIDv7 of that moment.
    #[must_use]
    pub fn id<K>(&self, now: Moment) -> Id<K> {
        let millis = u64::try_from(now.micros() / 1000).unwrap_or_default();
        Id::from_uuid(Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid())
    }

    /// A new paper key, with a number that no other may have yet.
    #[must_use]
    pub fn paper_key(&self) -> PaperKey {
        PaperKey::new(Number::new(self.bytes()), Secret::new(Zeroizing::new(self.bytes())))
    }

    /// A new bearer token with its hash.
    #[must_use]
    pub fn token(&self, kind: TokenKind) -> (Token, TokenHash) {
        Token::of(kind, &self.bytes())
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance")
    }
}

/// What tries at passwords and codes are counted for: an address, a request or a session, which nobody reads out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject([u8; 32]);

impl Subject {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What a passkey is asked to sign. It is made for one ceremony, and nobody else's answer fits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What somebody does with a passkey. An answer given for one of them fits no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// They have one made, in this session.
    Enrolment(SessionId),
    /// They show one, in this session.
    Proof(SessionId),
    /// They sign a ballot, in this session.
    Ballot(SessionId, TermsHash, Choice),
    /// They sign in.
    SignIn,
    /// They have their first one made as a new owner, with this link.
    FirstDevice(LinkId),
}

/// What a browser and an account's provider tell each other while somebody signs on: by the first the answer is known to be for
/// this browser, by the second the provider's word to be for this sign-in, and by the third the code to be taken by whoever
/// asked for it. They stand nowhere: only this server can compute them from what the browser keeps.
pub struct SignOnWords {
    /// Comes back with the browser.
    pub state: Zeroizing<String>,
    /// Comes back in the provider's word.
    pub nonce: Zeroizing<String>,
    /// Goes to the provider with the code; before, only its hash did.
    pub verifier: Zeroizing<String>,
}

impl SignOnWords {
    /// Whether that is what came back. Takes the same time right or wrong.
    #[must_use]
    pub fn is_state(&self, came_back: &str) -> bool {
        self.state.as_bytes().ct_eq(came_back.as_bytes()).into()
    }
}

/// The server's secret: 256 bits in a file that only the service can read.
#[derive(Clone)]
pub struct ServerSecret(Arc<Zeroizing<[u8; 32]>>);

/// The text is not a server secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a server secret is 64 hexadecimal digits; `quorate init` makes one")]
pub struct NotASecret;

impl ServerSecret {
    /// A new one.
    #[must_use]
    pub fn generate(chance: &Chance) -> Self {
        Self(Arc::new(Zeroizing::new(chance.bytes())))
    }

    /// The text for its file.
    #[must_use]
    pub fn to_file(&self) -> Zeroizing<String> {
        Zeroizing::new(data_encoding::HEXLOWER.encode(self.0.as_slice()))
    }

    /// The eight digits of a typed code.
    #[must_use]
    pub fn code(&self, code: CodeId) -> String {
        let tag = self.derive("code", code.uuid().as_bytes());
        let number = tag.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        format!("{:08}", number % 100_000_000)
    }

    /// Whether that is the code. Spaces and dashes do not matter; takes the same time right or wrong.
    #[must_use]
    pub fn is_code(&self, code: CodeId, typed: &str) -> bool {
        is_same(&self.code(code), &digits(typed))
    }

    /// The code that redeems a paper key: sixteen digits, in groups of four.
    ///
    /// Twice as many as elsewhere: nobody guesses it however often they try, so tries need not be limited, and whoever has the key
    /// but not the mailbox cannot use up the tries of whoever has both.
    #[must_use]
    pub fn recovery_code(&self, recovery: CodeId) -> String {
        let tag = self.derive("recovery code", recovery.uuid().as_bytes());
        let number = tag.iter().take(16).fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
        let digits = format!("{:016}", number % 10_u128.pow(16));
        digits.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// Whether that is the code. Spaces and dashes do not matter; takes the same time right or wrong.
    #[must_use]
    pub fn is_recovery_code(&self, recovery: CodeId, typed: &str) -> bool {
        is_same(&digits(&self.recovery_code(recovery)), &digits(typed))
    }

    /// The token of an action link: the link's id, a dot, and 160 bits that only this server can compute.
    #[must_use]
    pub fn link_token(&self, link: LinkId) -> String {
        format!("{link}.{}", self.link_proof(link))
    }

    /// The second half of a link's token, which stands in the fragment of its URL.
    #[must_use]
    pub fn link_proof(&self, link: LinkId) -> String {
        self.half("link", link.uuid().as_bytes())
    }

    /// The link that a token stands for, if it is genuine.
    #[must_use]
    pub fn link_of(&self, token: &str) -> Option<LinkId> {
        let (link, proof) = halves(token)?;
        is_same(&self.link_proof(link), proof).then_some(link)
    }

    /// What stands behind the plus of the address to which an elector answers: the id of their ballot's link and 128 bits that
    /// only this server can compute, in small letters, because addresses forget capitals. It opens nothing by itself.
    #[must_use]
    pub fn answer_token(&self, link: LinkId) -> String {
        let id = link.to_string();
        let id = id.split_once('_').map_or("", |(_, id)| id);
        format!("{id}{}", self.answer_proof(link))
    }

    /// The link of the ballot that an answer's address was made for, if it is genuine.
    #[must_use]
    pub fn answer_of(&self, token: &str) -> Option<LinkId> {
        let (id, proof) = token.split_at_checked(26)?;
        let link = format!("link_{id}").parse().ok()?;
        is_same(&self.answer_proof(link), proof).then_some(link)
    }

    fn answer_proof(&self, link: LinkId) -> String {
        let tag = self.derive("answer", link.uuid().as_bytes());
        data_encoding::BASE32_NOPAD.encode(tag.get(..16).unwrap_or_default()).to_ascii_lowercase()
    }

    /// The second half of the token of the link by which somebody signs in, where the first is the request's name.
    #[must_use]
    pub fn sign_in_proof(&self, request: CodeId) -> String {
        self.half("sign-in link", request.uuid().as_bytes())
    }

    /// The request whose link has that token, if it is genuine.
    #[must_use]
    pub fn sign_in_of(&self, token: &str) -> Option<CodeId> {
        let (request, proof) = halves(token)?;
        is_same(&self.sign_in_proof(request), proof).then_some(request)
    }

    /// The second half of the token of the link that was mailed to a recovery address.
    #[must_use]
    pub fn recovery_proof(&self, link: CodeId) -> String {
        self.half("recovery link", link.uuid().as_bytes())
    }

    /// The link to a recovery address that has that token, if it is genuine.
    #[must_use]
    pub fn recovery_of(&self, token: &str) -> Option<CodeId> {
        let (link, proof) = halves(token)?;
        is_same(&self.recovery_proof(link), proof).then_some(link)
    }

    /// What shows that a return path is that of this mail: 80 bits, as letters that no mail server changes but in their case.
    #[must_use]
    pub fn return_proof(&self, mail: MailId) -> String {
        let tag = self.derive("return path", mail.uuid().as_bytes());
        data_encoding::BASE32_NOPAD.encode(tag.get(..10).unwrap_or_default()).to_ascii_lowercase()
    }

    /// Whether that is what shows it. Takes the same time right or wrong.
    #[must_use]
    pub fn is_return_proof(&self, mail: MailId, proof: &str) -> bool {
        is_same(&self.return_proof(mail), proof)
    }

    /// What requests to sign in are counted for.
    #[must_use]
    pub fn requests_for(&self, address: &str) -> Subject {
        Subject(self.derive("requests for", address.as_bytes()))
    }

    /// What tries at the codes of an address are counted for.
    #[must_use]
    pub fn code_guesses_at(&self, address: &str) -> Subject {
        Subject(self.derive("code guesses at", address.as_bytes()))
    }

    /// What tries at the code of one request are counted for.
    #[must_use]
    pub fn code_guesses_of(&self, request: CodeId) -> Subject {
        Subject(self.derive("code guesses of", request.uuid().as_bytes()))
    }

    /// What tries at the passwords of an address are counted for.
    #[must_use]
    pub fn guesses_at(&self, address: &str) -> Subject {
        Subject(self.derive("guesses at", address.as_bytes()))
    }

    /// What tries at passwords in a session are counted for.
    #[must_use]
    pub fn guesses_in(&self, session: SessionId) -> Subject {
        Subject(self.derive("guesses in", session.uuid().as_bytes()))
    }

    /// The challenge of a ceremony. It stands nowhere: only this server can compute it from the id, and tells it once.
    #[must_use]
    pub fn challenge(&self, id: CeremonyId, what: Ceremony) -> Challenge {
        Challenge(match what {
            Ceremony::Enrolment(session) => self.question("passkey enrolment", id, Some(session.uuid())),
            Ceremony::Proof(session) => self.question("passkey proof", id, Some(session.uuid())),
            Ceremony::FirstDevice(link) => self.question("first passkey", id, Some(link.uuid())),
            Ceremony::SignIn => self.question("passkey sign-in", id, None),
            Ceremony::Ballot(session, terms, choice) => challenge(&terms, choice, &self.ballot_nonce(id, session)),
        })
    }

    /// What makes the signature of a ballot one of its own: nobody can have it in stock.
    #[must_use]
    pub fn ballot_nonce(&self, id: CeremonyId, session: SessionId) -> Nonce {
        Nonce::new(self.question("ballot", id, Some(session.uuid())))
    }

    fn question(&self, purpose: &str, id: CeremonyId, within: Option<Uuid>) -> [u8; 32] {
        let mut about = id.uuid().into_bytes().to_vec();
        about.extend(within.into_iter().flat_map(Uuid::into_bytes));
        self.derive(purpose, &about)
    }

    /// 160 bits that only this server can compute, as text.
    fn half(&self, purpose: &str, id: &[u8]) -> String {
        data_encoding::BASE64URL_NOPAD.encode(self.derive(purpose, id).get(..20).unwrap_or_default())
    }

    /// The words of one sign-in at a provider. `about` is all that it is bound to: whatever differs, the words do.
    #[must_use]
    pub fn sign_on(&self, about: &[u8]) -> SignOnWords {
        let word = |purpose| Zeroizing::new(data_encoding::BASE64URL_NOPAD.encode(&self.derive(purpose, about)));
        let (state, nonce) = (word("sign-on state"), word("sign-on nonce"));
        SignOnWords { state, nonce, verifier: word("sign-on verifier") }
    }

    /// The key under which accounts' secrets are kept that have to be shown to others.
    #[must_use]
    pub fn sealing_key(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.derive("sealed secrets", &[]))
    }

    fn derive(&self, purpose: &str, id: &[u8]) -> [u8; 32] {
        // A key as long as the hash's block makes a keyed hash that cannot fail; HMAC pads shorter ones with zeros anyway.
        let mut key = Zeroizing::new([0; 64]);
        key.iter_mut().zip(self.0.iter()).for_each(|(place, byte)| *place = *byte);
        let mac = Hmac::<Sha256>::new((&*key).into());
        mac.chain_update(purpose.as_bytes()).chain_update([0]).chain_update(id).finalize().into_bytes().into()
    }
}

/// The two halves of a link's token: what it names, and what shows that it is genuine.
fn halves<I: FromStr>(token: &str) -> Option<(I, &str)> {
    let (name, proof) = token.trim().split_once('.')?;
    Some((name.parse().ok()?, proof))
}

/// What was typed, without spaces and dashes.
fn digits(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect()
}

/// Whether two texts are the same; takes the same time wherever they differ.
fn is_same(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.as_bytes()).into()
}

impl FromStr for ServerSecret {
    type Err = NotASecret;

    fn from_str(text: &str) -> Result<Self, NotASecret> {
        let bytes =
            Zeroizing::new(data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| NotASecret)?);
        let array: [u8; 32] = bytes.as_slice().try_into().map_err(|_| NotASecret)?;
        Ok(Self(Arc::new(Zeroizing::new(array))))
    }
}

impl fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_eight_digits_and_forgive_spaces() {
        let chance = Chance::seeded(1);
        let secret = ServerSecret::generate(&chance);
        for _ in 0..100 {
            let id = chance.id(Moment::from_micros(1));
            let code = secret.code(id);
            assert_eq!(code.len(), 8);
            let (front, back) = code.split_at(4);
            assert!(secret.is_code(id, &format!(" {front}-{back} ")));
            assert!(!secret.is_code(chance.id(Moment::from_micros(1)), &code));
        }
    }

    #[test]
    fn a_link_is_genuine_or_nothing() {
        let chance = Chance::seeded(2);
        let secret = ServerSecret::generate(&chance);
        let link: LinkId = chance.id(Moment::from_micros(1));
        let token = secret.link_token(link);
        assert_eq!(secret.link_of(&token), Some(link));
        assert_eq!(secret.link_of(&token.to_uppercase()), None);
        let other: LinkId = chance.id(Moment::from_micros(1));
        assert_eq!(secret.link_of(&format!("{other}.{}", secret.link_proof(link))), None);
        assert_eq!(ServerSecret::generate(&chance).link_of(&token), None);
    }

    #[test]
    fn an_answer_goes_to_one_address() {
        let chance = Chance::seeded(3);
        let secret = ServerSecret::generate(&chance);
        let link: LinkId = chance.id(Moment::from_micros(1));
        let token = secret.answer_token(link);
        assert_eq!((token.len(), secret.answer_of(&token)), (52, Some(link)));
        let (id, proof) = token.split_at(26);
        let last = if token.ends_with('a') { 'b' } else { 'a' };
        let guessed: String = token.chars().take(51).chain([last]).collect();
        assert_eq!(secret.answer_of(&guessed), None);
        let other: LinkId = chance.id(Moment::from_micros(1));
        let swapped = [secret.answer_token(other).split_at(26).0, proof].concat();
        assert_eq!((secret.answer_of(&swapped), secret.answer_of("short"), secret.answer_of(id)), (None, None, None));
    }

    #[test]
    fn a_secret_survives_its_file() {
        let secret = ServerSecret::generate(&Chance::seeded(4));
        let again: ServerSecret = format!("{}\n", secret.to_file().as_str()).parse().unwrap();
        assert_eq!(secret.to_file(), again.to_file());
        assert!("abc".parse::<ServerSecret>().is_err());
    }
}
