//! The Merkle tree of RFC 6962, section 2.1: how its hashes are computed, and how proofs are checked.
//!
//! A leaf is the hash of one activity entry. A proof names hashes only; whoever has a signed root needs nothing else.

use crate::hash::Hash;

/// The hash of a tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty() -> Hash {
    Hash::of("")
}

/// The hash of a leaf: of the byte 0 and the entry's hash.
#[must_use]
pub fn leaf(entry: &Hash) -> Hash {
    Hash::of_parts(&[&[0], entry.as_bytes()])
}

/// The hash of two subtrees side by side: of the byte 1 and their hashes.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Hash::of_parts(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// Some leaves that follow each other, from `start` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The number of the first, from 0.
    pub start: u64,
    /// The number behind the last.
    pub end: u64,
}

impl Span {
    /// The first leaves of a tree.
    #[must_use]
    pub const fn first(size: u64) -> Self {
        Self { start: 0, end: size }
    }

    const fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// The two subtrees of a span of at least two leaves: the left one is the largest full one that leaves something.
    const fn halves(self) -> (Self, Self) {
        let middle = self.start + largest_power_below(self.len());
        (Self { start: self.start, end: middle }, Self { start: middle, end: self.end })
    }

    /// The full subtrees that it consists of, from the left. It has to begin where the left half of a tree, or of one of its
    /// subtrees, ends; all spans of proofs do.
    #[must_use]
    pub fn subtrees(self) -> Vec<Subtree> {
        let mut subtrees = Vec::new();
        let mut start = self.start;
        while start < self.end {
            let height = (self.end - start).ilog2();
            subtrees.push(Subtree { height, index: start >> height });
            start += 1 << height;
        }
        subtrees
    }
}

/// The largest power of two that is less than `count`, which is at least 2.
const fn largest_power_below(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// A full subtree: of 2^`height` leaves, the `index`-th of them from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subtree {
    /// How many levels stand above its leaves.
    pub height: u32,
    /// Its number among those of its height, from 0.
    pub index: u64,
}

/// Folds the hashes of [`Span::subtrees`] into the hash of the span.
#[must_use]
pub fn join(subtrees: &[Hash]) -> Hash {
    let mut from_right = subtrees.iter().rev();
    let Some(last) = from_right.next() else { return empty() };
    from_right.fold(*last, |right, left| node(left, &right))
}

/// Whose hashes prove that a leaf is in a tree of that size, from the leaf upwards (RFC 6962, 2.1.1). `None` when it has no
/// such leaf.
#[must_use]
pub fn inclusion(leaf: u64, size: u64) -> Option<Vec<Span>> {
    if leaf >= size {
        return None;
    }
    let (mut span, mut path) = (Span::first(size), Vec::new());
    while span.len() > 1 {
        let (left, right) = span.halves();
        let (inside, beside) = if leaf < left.end { (left, right) } else { (right, left) };
        path.push(beside);
        span = inside;
    }
    path.reverse();
    Some(path)
}

/// Whose hashes prove that a tree of the size `old` is the beginning of one of the size `new` (RFC 6962, 2.1.2). `None` when it
/// cannot be.
#[must_use]
pub fn consistency(old: u64, new: u64) -> Option<Vec<Span>> {
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    let (mut span, mut path) = (Span::first(new), Vec::new());
    let mut whole = true;
    while span.end != old {
        let (left, right) = span.halves();
        if old <= left.end {
            path.push(right);
            span = left;
        } else {
            path.push(left);
            span = right;
            whole = false;
        }
    }
    // Whoever checks knows the hash of the old tree; what is not all of it has to be told.
    if !whole {
        path.push(span);
    }
    path.reverse();
    Some(path)
}

/// Whether an entry is the leaf of that number in the tree of that size and root.
#[must_use]
pub fn includes(entry: &Hash, at: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if at >= size {
        return false;
    }
    let (mut index, mut last) = (at, size - 1);
    let mut hash = leaf(entry);
    for beside in path {
        if last == 0 {
            return false;
        }
        if index & 1 == 1 || index == last {
            hash = node(beside, &hash);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        index >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the tree of the size and root `old` is the beginning of the tree `new`.
#[must_use]
pub fn extends(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return false;
    }
    if old_size == 0 {
        return path.is_empty() && *old_root == empty();
    }
    if old_size == new_size {
        return path.is_empty() && old_root == new_root;
    }
    // A full old tree is itself the first hash of the path.
    let (first, path) = match path.split_first() {
        Some(_) if old_size.is_power_of_two() => (old_root, path),
        Some((first, rest)) => (first, rest),
        None => return false,
    };
    let (mut index, mut last) = (old_size - 1, new_size - 1);
    while index & 1 == 1 {
        index >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (*first, *first);
    for beside in path {
        if last == 0 {
            return false;
        }
        if index & 1 == 1 || index == last {
            of_old = node(beside, &of_old);
            of_new = node(beside, &of_new);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node(&of_new, beside);
        }
        index >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *new_root
}
