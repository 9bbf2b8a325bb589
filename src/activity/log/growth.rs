//! Lets a tree grow at its right edge, which is all of it that has to be known for that.

use std::collections::BTreeMap;

use super::{
    tiles::{Place, WIDTH, count, fold},
    tree,
};
use crate::hash::Hash;

/// A tree that grows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Growth {
    size: u64,
    /// The last tile of each level, as long as it is not full.
    edge: Vec<Vec<Hash>>,
    /// Tiles that became full.
    filled: BTreeMap<Place, Vec<Hash>>,
    /// How many levels have grown.
    grown: usize,
}

/// The tiles at the right edge are not those of a tree of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the last tile of level {level} does not have {wanted} hashes, but {found}")]
pub struct WrongEdge {
    /// Of which level.
    pub level: u8,
    /// How many it has.
    pub found: usize,
    /// How many it should have.
    pub wanted: usize,
}

/// Where the tiles are that are not full in a tree of that size, with how many hashes each has.
#[must_use]
pub fn edge(size: u64) -> BTreeMap<Place, usize> {
    let levels = (0..=u8::MAX).take_while(|level| count(size, *level) > 0);
    let last = |level| {
        let count = count(size, level);
        let width = usize::try_from(count % WIDTH as u64).unwrap_or_default();
        (Place { level, index: count / WIDTH as u64 }, width)
    };
    levels.map(last).collect()
}

impl Growth {
    /// A tree of that size, with its right edge: the tiles of [`edge`].
    ///
    /// # Errors
    /// [`WrongEdge`].
    pub fn from_edge(size: u64, tiles: &BTreeMap<Place, Vec<Hash>>) -> Result<Self, WrongEdge> {
        let mut levels = Vec::new();
        for (place, wanted) in edge(size) {
            let hashes = tiles.get(&place).cloned().unwrap_or_default();
            if hashes.len() != wanted {
                return Err(WrongEdge { level: place.level, found: hashes.len(), wanted });
            }
            levels.push(hashes);
        }
        Ok(Self { size, edge: levels, filled: BTreeMap::new(), grown: 0 })
    }

    /// Puts an entry at the end, and says which leaf it is.
    pub fn push(&mut self, entry: &Hash) -> u64 {
        let number = self.size;
        self.size += 1;
        self.push_leaf(tree::leaf(entry));
        number
    }

    fn push_leaf(&mut self, hash: Hash) {
        let mut carried = Some((0, hash));
        while let Some((level, hash)) = carried.take() {
            if self.edge.len() == level {
                self.edge.push(Vec::new());
            }
            self.grown = self.grown.max(level + 1);
            let Some(tile) = self.edge.get_mut(level) else { return };
            tile.push(hash);
            if tile.len() == WIDTH {
                let hashes = std::mem::take(tile);
                carried = Some((level + 1, fold(&hashes)));
                // The next one of this level has no hash yet.
                let Place { level, index } = self.last(level);
                self.filled.insert(Place { level, index: index.saturating_sub(1) }, hashes);
            }
        }
    }

    /// The tile of that level that is being filled.
    fn last(&self, level: usize) -> Place {
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        Place { level, index: count(self.size, level) / WIDTH as u64 }
    }

    /// How many leaves it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut hashes = Vec::new();
        for tile in self.edge.iter().rev() {
            let mut rest = tile.as_slice();
            while !rest.is_empty() {
                let (full, further) = rest.split_at(1 << rest.len().ilog2());
                hashes.push(fold(full));
                rest = further;
            }
        }
        tree::join(&hashes)
    }

    /// The tiles that were filled or added to, with all their hashes.
    #[must_use]
    pub fn tiles(&self) -> BTreeMap<Place, Vec<Hash>> {
        let mut tiles = self.filled.clone();
        for (level, hashes) in self.edge.iter().enumerate().take(self.grown) {
            if !hashes.is_empty() {
                tiles.insert(self.last(level), hashes.clone());
            }
        }
        tiles
    }
}
