//! Signed notes, as C2SP specifies them (`signed-note`): a text, and under an empty line the Ed25519 signatures of those who
//! vouch for it, each with the name and the id of its key.

use std::{fmt, str::FromStr};

use data_encoding::{BASE64, HEXLOWER};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The byte that says Ed25519 wherever a key says what kind it is.
const ED25519_KIND: u8 = 1;
/// How a line with a signature begins.
const DASH: &str = "\u{2014} ";
/// How large a note may be that somebody hands in.
const LONGEST: usize = 16 * 1024;

/// The name of a key: what its log is called. It has no space and no plus sign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// The id by which a signature finds its key: the first four bytes of SHA-256 over name, line end, kind and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

/// A public key with its name. Written as C2SP writes verifier keys: `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verifier {
    name: Name,
    public: [u8; 32],
}

/// A key that signs.
pub struct Signer {
    name: Name,
    pair: Ed25519KeyPair,
}

/// The seed of a key that signs: 256 random bits.
pub type Seed = Zeroizing<[u8; 32]>;

/// A text with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature under a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Whose it says it is.
    pub name: Name,
    /// By which key.
    pub key: KeyId,
    /// What was made with the key.
    bytes: Vec<u8>,
}

/// Why a text is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The name.
    #[error("the name of a key is some characters without spaces and plus signs")]
    Name,
    /// The key.
    #[error("a key of a log is written `NAME+ID+KEY`, as `quorate audit keys` prints it")]
    Verifier,
    /// The id in the key.
    #[error("the id of the key does not belong to its name and key; has a character been lost?")]
    KeyId,
    /// The note.
    #[error("this is no signed note: a text of whole lines, an empty line, and at least one signature")]
    Note,
    /// The seed.
    #[error("an Ed25519 key cannot be made of these 32 bytes")]
    Seed,
}

impl Name {
    /// That text, with a dash for whatever a name may not have.
    #[must_use]
    pub(super) fn like(text: &str) -> Self {
        Self(text.replace(forbidden, "-"))
    }

    /// The name, as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let fits = !text.is_empty() && !text.contains(forbidden);
        fits.then(|| Self(text.to_owned())).ok_or(Malformed::Name)
    }
}

fn forbidden(c: char) -> bool {
    c == '+' || c.is_whitespace() || c.is_control()
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl Verifier {
    /// From its parts.
    #[must_use]
    pub const fn new(name: Name, public: [u8; 32]) -> Self {
        Self { name, public }
    }

    /// The name of the key.
    #[must_use]
    pub const fn name(&self) -> &Name {
        &self.name
    }

    /// The key itself.
    #[must_use]
    pub const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The id of the key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(self.name.0.as_bytes())
            .chain_update([b'\n', ED25519_KIND])
            .chain_update(self.public)
            .finalize()
            .into();
        let [a, b, c, d, ..] = digest;
        KeyId([a, b, c, d])
    }

    /// Whether the note has a signature of this key that is right. One that is wrong beside one that is right spoils it.
    #[must_use]
    pub fn vouches_for(&self, note: &Note) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.public);
        let id = self.id();
        let mut own = note.signatures.iter().filter(|one| one.name == self.name && one.key == id).peekable();
        own.peek().is_some() && own.all(|one| key.verify(note.text.as_bytes(), &one.bytes).is_ok())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519_KIND];
        key.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.name, self.id(), BASE64.encode(&key))
    }
}

impl FromStr for Verifier {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (name, rest) = text.split_once('+').ok_or(Malformed::Verifier)?;
        let (id, key) = rest.split_once('+').ok_or(Malformed::Verifier)?;
        let key = BASE64.decode(key.as_bytes()).map_err(|_| Malformed::Verifier)?;
        let Some((&ED25519_KIND, public)) = key.split_first() else { return Err(Malformed::Verifier) };
        let verifier = Self::new(name.parse()?, public.try_into().map_err(|_| Malformed::Verifier)?);
        if verifier.id().to_string() == id { Ok(verifier) } else { Err(Malformed::KeyId) }
    }
}

impl Signer {
    /// From the seed of the key.
    ///
    /// # Errors
    /// [`Malformed::Seed`]; never for 32 bytes.
    pub fn new(name: Name, seed: &Seed) -> Result<Self, Malformed> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_| Malformed::Seed)?;
        Ok(Self { name, pair })
    }

    /// The key with which its signatures are checked.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        let mut public = [0; 32];
        public.copy_from_slice(self.pair.public_key().as_ref());
        Verifier::new(self.name.clone(), public)
    }

    /// Signs a text of whole lines.
    #[must_use]
    pub fn sign(&self, text: &str) -> Signature {
        let bytes = self.pair.sign(text.as_bytes()).as_ref().to_vec();
        Signature { name: self.name.clone(), key: self.verifier().id(), bytes }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.name)
    }
}

impl Note {
    /// A text of whole lines, signed by each of these.
    #[must_use]
    pub fn signed(text: String, by: &[&Signer]) -> Self {
        let signatures = by.iter().map(|signer| signer.sign(&text)).collect();
        Self { text, signatures }
    }

    /// The same with the signatures of that key alone.
    #[must_use]
    pub fn only_by(self, key: &Verifier) -> Self {
        let id = key.id();
        let own = |one: &Signature| one.name == key.name && one.key == id;
        Self { text: self.text, signatures: self.signatures.into_iter().filter(own).collect() }
    }

    /// The text, with the end of its last line.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for Signature { name, key, bytes } in &self.signatures {
            let signed: Vec<u8> = key.0.iter().chain(bytes).copied().collect();
            writeln!(f, "{DASH}{name} {}", BASE64.encode(&signed))?;
        }
        Ok(())
    }
}

impl FromStr for Note {
    type Err = Malformed;

    fn from_str(note: &str) -> Result<Self, Malformed> {
        let forbidden = |c: char| c.is_control() && c != '\n';
        if note.len() > LONGEST || note.contains(forbidden) {
            return Err(Malformed::Note);
        }
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(Malformed::Note)?;
        let lines = signatures.strip_suffix('\n').ok_or(Malformed::Note)?;
        let signatures: Result<Vec<_>, _> = lines.split('\n').map(signature).collect();
        Ok(Self { text: format!("{text}\n"), signatures: signatures? })
    }
}

fn signature(line: &str) -> Result<Signature, Malformed> {
    let (name, signed) = line.strip_prefix(DASH).and_then(|line| line.split_once(' ')).ok_or(Malformed::Note)?;
    let signed = BASE64.decode(signed.as_bytes()).map_err(|_| Malformed::Note)?;
    let (key, bytes) = signed.split_first_chunk::<4>().ok_or(Malformed::Note)?;
    if bytes.is_empty() {
        return Err(Malformed::Note);
    }
    Ok(Signature { name: name.parse().map_err(|_| Malformed::Note)?, key: KeyId(*key), bytes: bytes.to_vec() })
}
