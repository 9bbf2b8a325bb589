//! Verifies what is sealed: the tree's tiles, its checkpoints and their signatures, and a checkpoint that was kept elsewhere.

use crate::{
    activity::log::{
        check::{Key, LogBroken, Row, Tree, check_keys},
        note::{Note, Verifier},
        tiles::Tiles,
    },
    hash::Hash,
    store::{checkpoints, error::DbError, log_tree, tx::Tx},
};

/// So many rows are read at once.
const ROWS: i64 = 500;

/// What the verifier knows of the log from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// A checkpoint that was kept.
    pub checkpoint: Option<Note>,
    /// The size and the root of the tree, as alerts have them.
    pub root: Option<(u64, Hash)>,
    /// A key that the log is known by.
    pub key: Option<Verifier>,
}

/// Reads the tree of the log as it is now, and checks everything about it but that its leaves are the entries.
pub(super) async fn load(tx: &mut Tx, kept: &Kept) -> Result<(Tree, SealedLog), DbError> {
    let head = log_tree::head(tx).await?;
    let mut sealed = SealedLog { entries: head.size, checkpoints: 0, problems: Vec::new() };
    let (tree, wrong) = Tree::new(head.size, all_tiles(tx).await?);
    sealed.problems.extend(wrong);
    let as_key = |key: checkpoints::StoredKey| Key {
        number: key.number,
        verifier: key.verifier,
        first_checkpoint: key.first_checkpoint,
    };
    let keys: Vec<_> = checkpoints::keys(tx).await?.into_iter().map(as_key).collect();
    sealed.problems.extend(check_keys(&keys, kept.key.as_ref()).err());
    let mut last = (0, 0);
    loop {
        let rows = checkpoints::after(tx, last.0, ROWS).await?;
        if rows.is_empty() {
            break;
        }
        for found in rows {
            let row = Row { number: found.number, size: found.size, root: found.root, note: found.note };
            let fine = tree.check(last.0 + 1, &row, &keys);
            sealed.problems.extend(fine.err());
            sealed.checkpoints += 1;
            last = (row.number, row.size);
        }
    }
    if last != (head.checkpoints, head.size) {
        let (number, size) = last;
        sealed.problems.push(LogBroken::Head { recorded: head.size, checkpoints: head.checkpoints, number, size });
    }
    if let Some(kept) = &kept.checkpoint {
        sealed.problems.extend(tree.check_kept(kept, &keys).err());
    }
    if let Some((size, root)) = &kept.root {
        sealed.problems.extend(tree.check_root(*size, root).err());
    }
    Ok((tree, sealed))
}

async fn all_tiles(tx: &mut Tx) -> Result<Tiles, DbError> {
    let (mut tiles, mut last) = (Tiles::default(), None);
    loop {
        let rows = log_tree::tiles_after(tx, last, ROWS).await?;
        let Some((place, _)) = rows.last() else { return Ok(tiles) };
        last = Some(*place);
        for (place, hashes) in rows {
            tiles.insert(place, hashes);
        }
    }
}

/// What is sealed, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealedLog {
    /// Entries in the tree.
    pub entries: u64,
    /// Checkpoints that were checked.
    pub checkpoints: u64,
    /// What is wrong with the tree and its checkpoints.
    pub problems: Vec<LogBroken>,
}
