//! A checkpoint (C2SP `tlog-checkpoint`): the size and the root of the tree in a signed note.
//!
//! Whoever keeps one can later prove that anything before it was changed, whoever changed it.

use std::{fmt, str::FromStr};

use data_encoding::BASE64;

use super::note::{Name, Note, Signer};
use crate::hash::Hash;

/// The size and the root of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log; it is also the name of its keys.
    pub origin: Name,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// A text is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no checkpoint: the name of the log, the number of its entries, and the root of their tree in base64, a line each"
)]
pub struct NoCheckpoint;

impl Checkpoint {
    /// The note, signed by each of these.
    #[must_use]
    pub fn signed(&self, by: &[&Signer]) -> Note {
        Note::signed(self.to_string(), by)
    }
}

/// The name of the log of the service that is reached there: without the scheme, and with `/log`, where it is published.
#[must_use]
pub fn origin(public_url: &str) -> Name {
    let place = public_url.split_once("://").map_or(public_url, |(_, place)| place);
    Name::like(&format!("{}/log", place.trim_end_matches('/')))
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, BASE64.encode(self.root.as_bytes()))
    }
}

impl FromStr for Checkpoint {
    type Err = NoCheckpoint;

    fn from_str(text: &str) -> Result<Self, NoCheckpoint> {
        // Whatever follows, the format allows it, and it says nothing to us.
        let mut lines = text.split_terminator('\n');
        let mut line = || lines.next().ok_or(NoCheckpoint);
        let origin = line()?.parse().map_err(|_| NoCheckpoint)?;
        let number = line()?;
        let size: u64 = number.parse().map_err(|_| NoCheckpoint)?;
        let root = BASE64.decode(line()?.as_bytes()).map_err(|_| NoCheckpoint)?;
        let root = Hash::from_bytes(root.try_into().map_err(|_| NoCheckpoint)?);
        if size.to_string() != number || lines.any(str::is_empty) || !text.ends_with('\n') {
            return Err(NoCheckpoint);
        }
        Ok(Self { origin, size, root })
    }
}
