//! Checks the tree as it is stored: its tiles, its checkpoints with their keys, and that each leaf is one entry.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::{
    checkpoint::Checkpoint,
    note::{Note, Verifier},
    tiles::{Place, Tiles},
    tree,
};
use crate::hash::Hash;

/// A checkpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: u64,
    /// How many entries the tree had.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// The signed note.
    pub note: String,
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its number.
    pub number: u64,
    /// The key.
    pub verifier: Verifier,
    /// The first checkpoint that it signs.
    pub first_checkpoint: u64,
}

/// What is wrong with the tree or its checkpoints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogBroken {
    /// The hashes in a tile are not those of what lies below.
    #[error("the tile {}/{} of the log is missing, or does not follow from the hashes below it", .at.level, .at.index)]
    Tile {
        /// Which.
        at: Place,
    },
    /// A leaf is no entry.
    #[error("the leaf {leaf} of the log is no entry any more")]
    NoEntry {
        /// Which, the first of them.
        leaf: u64,
    },
    /// A table has rows of a case that does not exist.
    #[error("the table `{table}` has rows of a case that does not exist")]
    Orphans {
        /// Which.
        table: String,
    },
    /// The tree does not have the size that is recorded.
    #[error(
        "the log records {recorded} entries and {checkpoints} checkpoints, and the last checkpoint is number {number} over {size}"
    )]
    Head {
        /// How many leaves are recorded.
        recorded: u64,
        /// How many checkpoints are recorded.
        checkpoints: u64,
        /// The last checkpoint.
        number: u64,
        /// How many entries it has.
        size: u64,
    },
    /// A checkpoint is missing, or there is one too many.
    #[error("there is no checkpoint {number} of the log, or one before it was put in")]
    CheckpointMissing {
        /// Which.
        number: u64,
    },
    /// A checkpoint does not say what its columns say, or is none.
    #[error("checkpoint {number} of the log was changed: its note does not say what is recorded beside it")]
    CheckpointChanged {
        /// Which.
        number: u64,
    },
    /// A checkpoint is not signed by the key in force.
    #[error("checkpoint {number} of the log is not signed by the key that was in force, `{key}`")]
    NotSigned {
        /// Which.
        number: u64,
        /// By which key it should be.
        key: Verifier,
    },
    /// The tree has another root than the checkpoint says.
    #[error("checkpoint {number} of the log does not fit its entries: what was sealed up to entry {size} was changed")]
    OtherRoot {
        /// Which.
        number: u64,
        /// How many entries it has.
        size: u64,
    },
    /// A key is missing, or has another name than its log.
    #[error("key {number} of the log is missing, or is not the key of this log")]
    Key {
        /// Which.
        number: u64,
    },
    /// What was kept elsewhere is not signed by a key of the log.
    #[error("the checkpoint that was kept is not signed by a key of this log")]
    KeptNotSigned,
    /// The key that was given is none of the log's.
    #[error("the key that was given is none of this log's keys: `{key}`")]
    OtherKey {
        /// Which.
        key: Verifier,
    },
    /// The log is not the one that was kept elsewhere.
    #[error("the log was rewritten: it is not the one of which the checkpoint over {size} entries was kept")]
    Rewritten {
        /// How many entries that had.
        size: u64,
    },
}

/// The tree of a log, with which its entries are compared, by several at once.
#[derive(Debug, Default)]
pub struct Tree {
    size: u64,
    tiles: Tiles,
    /// Leaves whose entry was seen, a bit for each.
    seen: Vec<AtomicU64>,
}

/// The leaf is another entry, or was one already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotThis;

impl Tree {
    /// A tree of that size, with its tiles.
    ///
    /// # Errors
    /// The first tile that is wrong; the tree can be compared with entries all the same.
    pub fn new(size: u64, tiles: Tiles) -> (Self, Option<LogBroken>) {
        let wrong = tiles.first_wrong(size).map(|at| LogBroken::Tile { at });
        let words = usize::try_from(size.div_ceil(64)).unwrap_or_default();
        (Self { size, tiles, seen: (0..words).map(|_| AtomicU64::new(0)).collect() }, wrong)
    }

    /// Checks that the leaf is that entry. Of leaves that came later than this tree nothing is said.
    ///
    /// # Errors
    /// [`NotThis`].
    pub fn take(&self, leaf: u64, entry: &Hash) -> Result<(), NotThis> {
        if leaf >= self.size {
            return Ok(());
        }
        let word = usize::try_from(leaf / 64).ok().and_then(|word| self.seen.get(word)).ok_or(NotThis)?;
        let bit = 1 << (leaf % 64);
        // Whoever comes second finds the bit set, whatever else either of them has seen by then.
        if word.fetch_or(bit, Relaxed) & bit != 0 {
            return Err(NotThis);
        }
        if self.tiles.leaf(leaf) == Ok(tree::leaf(entry)) { Ok(()) } else { Err(NotThis) }
    }

    /// The first leaf of which no entry was seen.
    #[must_use]
    pub fn unseen(&self) -> Option<LogBroken> {
        let seen = (0_u64..).zip(self.seen.iter().map(|bits| bits.load(Relaxed)));
        let (word, bits) = seen.into_iter().find(|(_, bits)| *bits != u64::MAX)?;
        let leaf = word * 64 + u64::from(bits.trailing_ones());
        (leaf < self.size).then_some(LogBroken::NoEntry { leaf })
    }

    /// Checks a checkpoint: its number, its note, its signature by the key in force, and the root.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, expected: u64, row: &Row, keys: &[Key]) -> Result<(), LogBroken> {
        let number = row.number;
        if number != expected {
            return Err(LogBroken::CheckpointMissing { number: expected });
        }
        let changed = || LogBroken::CheckpointChanged { number };
        let note: Note = row.note.parse().map_err(|_| changed())?;
        let said: Checkpoint = note.text().parse().map_err(|_| changed())?;
        let key = keys.iter().rfind(|key| key.first_checkpoint <= number).ok_or(LogBroken::Key { number: 1 })?;
        if (said.size, said.root) != (row.size, row.root) || said.origin != *key.verifier.name() {
            return Err(changed());
        }
        if !key.verifier.vouches_for(&note) {
            return Err(LogBroken::NotSigned { number, key: key.verifier.clone() });
        }
        if row.size > self.size || self.tiles.root(row.size) != Ok(row.root) {
            return Err(LogBroken::OtherRoot { number, size: row.size });
        }
        Ok(())
    }

    /// Checks that this is the log of which somebody has kept a checkpoint.
    ///
    /// # Errors
    /// [`LogBroken::KeptNotSigned`] and [`LogBroken::Rewritten`].
    pub fn check_kept(&self, kept: &Note, keys: &[Key]) -> Result<(), LogBroken> {
        let said: Checkpoint = kept.text().parse().map_err(|_| LogBroken::KeptNotSigned)?;
        let signed = |key: &Key| *key.verifier.name() == said.origin && key.verifier.vouches_for(kept);
        if !keys.iter().any(signed) {
            return Err(LogBroken::KeptNotSigned);
        }
        self.check_root(said.size, &said.root)
    }

    /// Checks that this is the log that had that root when it had so many entries.
    ///
    /// # Errors
    /// [`LogBroken::Rewritten`].
    pub fn check_root(&self, size: u64, root: &Hash) -> Result<(), LogBroken> {
        let same = size <= self.size && self.tiles.root(size).is_ok_and(|found| found == *root);
        if same { Ok(()) } else { Err(LogBroken::Rewritten { size }) }
    }
}

/// Checks the keys of a log, and that one that was pinned is among them.
///
/// # Errors
/// What is wrong with them.
pub fn check_keys(keys: &[Key], pinned: Option<&Verifier>) -> Result<(), LogBroken> {
    let name = keys.first().map(|key| key.verifier.name());
    let mut before = 0;
    for (expected, key) in (1_u64..).zip(keys) {
        if key.number != expected || Some(key.verifier.name()) != name || key.first_checkpoint <= before {
            return Err(LogBroken::Key { number: expected });
        }
        before = key.first_checkpoint;
    }
    match pinned {
        Some(pinned) if !keys.iter().any(|key| key.verifier == *pinned) => {
            Err(LogBroken::OtherKey { key: pinned.clone() })
        }
        Some(_) | None => Ok(()),
    }
}
