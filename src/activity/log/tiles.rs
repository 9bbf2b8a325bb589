//! The hashes of the tree as they are kept: in tiles of up to 256 hashes that stand side by side, as in C2SP's `tlog-tiles`.
//!
//! A tile of level 0 has the hashes of leaves, one of level 1 those of full tiles of level 0, and so on. From tiles follows
//! every hash in the tree, and a full tile never changes again.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Span, Subtree, consistency, inclusion, join, node};
use crate::hash::Hash;

/// How many levels of the tree a tile stands for.
const HEIGHT: u32 = 8;
/// How many hashes a full tile has.
pub const WIDTH: usize = 1 << HEIGHT;

/// Where a tile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its level, from 0.
    pub level: u8,
    /// Its number in the level, from 0.
    pub index: u64,
}

/// A hash that should be there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tile {}/{} of the log is missing or too short", .at.level, .at.index)]
pub struct Missing {
    /// In which tile.
    pub at: Place,
}

/// Some of the tiles of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiles(BTreeMap<Place, Vec<Hash>>);

impl Subtree {
    /// The tile that it can be computed from.
    fn place(self) -> Place {
        let level = self.height / HEIGHT;
        Place { level: u8::try_from(level).unwrap_or(u8::MAX), index: self.index >> (HEIGHT - self.height % HEIGHT) }
    }
}

/// The tiles from which the hashes of those spans follow.
#[must_use]
pub fn places(spans: &[Span]) -> BTreeSet<Place> {
    spans.iter().flat_map(|span| span.subtrees()).map(Subtree::place).collect()
}

/// How many hashes the tiles of a level have together in a tree of that size.
#[must_use]
pub fn count(size: u64, level: u8) -> u64 {
    size.checked_shr(HEIGHT * u32::from(level)).unwrap_or(0)
}

/// How many hashes a tile has in a tree of that size: 256, or fewer at the right edge, or none.
#[must_use]
pub fn width(size: u64, place: Place) -> usize {
    let before = place.index.saturating_mul(WIDTH as u64);
    usize::try_from(count(size, place.level).saturating_sub(before)).map_or(WIDTH, |width| width.min(WIDTH))
}

impl Tiles {
    /// Takes in a tile.
    pub fn insert(&mut self, place: Place, hashes: Vec<Hash>) {
        self.0.insert(place, hashes);
    }

    /// The hashes of a tile; none when it is not here.
    #[must_use]
    pub fn get(&self, place: Place) -> &[Hash] {
        self.0.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The hash of a leaf.
    ///
    /// # Errors
    /// When its tile is not here.
    pub fn leaf(&self, number: u64) -> Result<Hash, Missing> {
        self.subtree(Subtree { height: 0, index: number })
    }

    /// The root of the tree's first leaves.
    ///
    /// # Errors
    /// When tiles are not here.
    pub fn root(&self, size: u64) -> Result<Hash, Missing> {
        self.span(Span::first(size))
    }

    /// What proves that a leaf is in the tree of that size; see [`inclusion`].
    ///
    /// # Errors
    /// When tiles are not here.
    pub fn inclusion(&self, leaf: u64, size: u64) -> Result<Option<Vec<Hash>>, Missing> {
        inclusion(leaf, size).map(|spans| self.spans(&spans)).transpose()
    }

    /// What proves that the tree of one size is the beginning of that of another; see [`consistency`].
    ///
    /// # Errors
    /// When tiles are not here.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Option<Vec<Hash>>, Missing> {
        consistency(old, new).map(|spans| self.spans(&spans)).transpose()
    }

    /// The first tile, of those of a tree of that size, that does not follow from the tiles below it.
    #[must_use]
    pub fn first_wrong(&self, size: u64) -> Option<Place> {
        (0..u8::MAX).take_while(|level| count(size, *level) > 0).find_map(|level| self.first_wrong_of(size, level))
    }

    fn first_wrong_of(&self, size: u64, level: u8) -> Option<Place> {
        let tiles = count(size, level).div_ceil(WIDTH as u64);
        let places = (0..tiles).map(|index| Place { level, index });
        places.into_iter().find(|place| {
            let hashes = self.get(*place);
            let follows =
                |(n, hash): (u64, &Hash)| level == 0 || self.whole(Place { level: level - 1, index: n }) == Some(*hash);
            hashes.len() < width(size, *place)
                || !(place.index * WIDTH as u64..).zip(hashes.iter().take(width(size, *place))).all(follows)
        })
    }

    /// The hash of a full tile.
    fn whole(&self, place: Place) -> Option<Hash> {
        let hashes = self.get(place);
        (hashes.len() == WIDTH).then(|| fold(hashes))
    }

    fn spans(&self, spans: &[Span]) -> Result<Vec<Hash>, Missing> {
        spans.iter().map(|span| self.span(*span)).collect()
    }

    fn span(&self, span: Span) -> Result<Hash, Missing> {
        let subtrees: Result<Vec<_>, _> = span.subtrees().into_iter().map(|subtree| self.subtree(subtree)).collect();
        Ok(join(&subtrees?))
    }

    fn subtree(&self, subtree: Subtree) -> Result<Hash, Missing> {
        let at = subtree.place();
        let wide = 1_usize << (subtree.height % HEIGHT);
        let from = usize::try_from(subtree.index % (WIDTH / wide) as u64).unwrap_or(WIDTH) * wide;
        let hashes = self.get(at).get(from..from + wide).ok_or(Missing { at })?;
        Ok(fold(hashes))
    }
}

/// The hash of a full subtree, from those of its parts, of which there is a power of two.
#[must_use]
pub fn fold(hashes: &[Hash]) -> Hash {
    match hashes {
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node(&fold(left), &fold(right))
        }
    }
}
