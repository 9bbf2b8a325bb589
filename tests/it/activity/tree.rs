//! The Merkle tree against RFC 6962, written down a second time here as its text has it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quorate::{
    activity::log::{
        growth::{Growth, edge},
        tiles::{Place, Tiles, WIDTH, places},
        tree::{consistency, empty, extends, includes, inclusion, leaf, node},
    },
    hash::Hash,
};

fn entry(number: u64) -> Hash {
    Hash::of(&format!("entry {number}"))
}

fn entries(count: u64) -> Vec<Hash> {
    (0..count).map(entry).collect()
}

/// RFC 6962, 2.1: the hash of a tree.
fn root(entries: &[Hash]) -> Hash {
    match entries {
        [] => empty(),
        [one] => leaf(one),
        more => {
            let (left, right) = more.split_at(largest_power_below(more.len()));
            node(&root(left), &root(right))
        }
    }
}

/// RFC 6962, 2.1.1: the path of a leaf.
fn path(at: usize, entries: &[Hash]) -> Vec<Hash> {
    if entries.len() == 1 {
        return Vec::new();
    }
    let (left, right) = entries.split_at(largest_power_below(entries.len()));
    let (mut path, beside) =
        if at < left.len() { (path(at, left), root(right)) } else { (path(at - left.len(), right), root(left)) };
    path.push(beside);
    path
}

/// Whether a subtree is all of the old tree, whose root is known.
#[derive(Clone, Copy)]
enum Old {
    Whole,
    Part,
}

/// RFC 6962, 2.1.2: the proof that the first leaves are a beginning.
fn proof(first: usize, entries: &[Hash], old: Old) -> Vec<Hash> {
    if first == entries.len() {
        return match old {
            Old::Whole => Vec::new(),
            Old::Part => vec![root(entries)],
        };
    }
    let (left, right) = entries.split_at(largest_power_below(entries.len()));
    let (mut proof, beside) = if first <= left.len() {
        (proof(first, left, old), root(right))
    } else {
        (proof(first - left.len(), right, Old::Part), root(left))
    };
    proof.push(beside);
    proof
}

fn largest_power_below(count: usize) -> usize {
    let mut power = 1;
    while power * 2 < count {
        power *= 2;
    }
    power
}

/// All tiles of a tree that grew by those batches.
fn grown(batches: &[u64]) -> (Tiles, Growth) {
    let mut kept: BTreeMap<Place, Vec<Hash>> = BTreeMap::new();
    let mut growth = Growth::default();
    for batch in batches {
        growth = Growth::from_edge(growth.size(), &kept).unwrap();
        for _ in 0..*batch {
            let number = growth.size();
            assert_eq!(growth.push(&entry(number)), number);
        }
        for (place, hashes) in growth.tiles() {
            if let Some(before) = kept.insert(place, hashes) {
                assert!(kept[&place].starts_with(&before), "a tile only grows");
            }
        }
    }
    let mut tiles = Tiles::default();
    for (place, hashes) in kept {
        tiles.insert(place, hashes);
    }
    (tiles, growth)
}

/// Sizes at which something happens: small ones, and those around full tiles.
fn sizes() -> impl Strategy<Value = u64> {
    prop_oneof![0..40_u64, 250..262_u64, 509..517_u64, 0..1500_u64]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn it_grows_as_the_standard_says(batches in prop::collection::vec(sizes(), 1..4)) {
        let (tiles, growth) = grown(&batches);
        let all = entries(growth.size());
        prop_assert_eq!(growth.root(), root(&all));
        prop_assert_eq!(tiles.first_wrong(growth.size()), None);
        for size in [0, 1, growth.size() / 2, growth.size().saturating_sub(1), growth.size()] {
            prop_assert_eq!(tiles.root(size.min(growth.size())).unwrap(), root(&all[..usize::try_from(size.min(growth.size())).unwrap()]));
        }
    }

    #[test]
    fn proofs_are_those_of_the_standard(size in sizes(), part in 0.0..1.0_f64) {
        let (tiles, _) = grown(&[size]);
        let all = entries(size);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "any leaf will do")]
        let at = (size as f64 * part) as usize;
        if size > 0 {
            let found = tiles.inclusion(at as u64, size).unwrap().unwrap();
            prop_assert_eq!(&found, &path(at, &all));
            prop_assert!(includes(&all[at], at as u64, size, &found, &root(&all)));
        }
        if at > 0 {
            let found = tiles.consistency(at as u64, size).unwrap().unwrap();
            prop_assert_eq!(&found, &proof(at, &all, Old::Whole));
            prop_assert!(extends((at as u64, &root(&all[..at])), (size, &root(&all)), &found));
        }
    }

    #[test]
    fn a_proof_holds_for_nothing_else(size in 1..300_u64, at in 0..300_u64, other in 0..300_u64, place in 0..12_usize) {
        let at = at % size;
        let (tiles, _) = grown(&[size]);
        let whole = tiles.root(size).unwrap();
        let path = tiles.inclusion(at, size).unwrap().unwrap();
        let includes = |entry: &Hash, at, size, path: &[Hash]| includes(entry, at, size, path, &whole);
        prop_assert!(includes(&entry(at), at, size, &path));
        prop_assert!(!includes(&entry(size), at, size, &path), "another entry");
        prop_assert_eq!(includes(&entry(at), other, size, &path), other == at, "another place");
        prop_assert!(!includes(&entry(at), size, size, &path), "behind the end");
        let mut longer = path.clone();
        longer.push(entry(0));
        prop_assert!(!includes(&entry(at), at, size, &longer), "more than the path");
        if let Some(shorter) = path.len().checked_sub(1) {
            prop_assert!(!includes(&entry(at), at, size, &path[..shorter]), "less than the path");
            let mut changed = path.clone();
            changed[place % path.len()] = entry(0);
            prop_assert!(!includes(&entry(at), at, size, &changed), "another hash in the path");
        }
    }

    #[test]
    fn a_tree_extends_no_other(size in 2..300_u64, old in 1..300_u64, place in 0..12_usize) {
        let old = 1 + old % (size - 1);
        let (tiles, _) = grown(&[size]);
        let (before, after) = (tiles.root(old).unwrap(), tiles.root(size).unwrap());
        let path = tiles.consistency(old, size).unwrap().unwrap();
        prop_assert!(extends((old, &before), (size, &after), &path));
        prop_assert!(!extends((old, &entry(0)), (size, &after), &path), "another beginning");
        prop_assert!(!extends((old, &before), (size, &entry(0)), &path), "another end");
        prop_assert!(!extends((size, &after), (old, &before), &path), "the wrong way round");
        let mut longer = path.clone();
        longer.push(entry(0));
        prop_assert!(!extends((old, &before), (size, &after), &longer));
        prop_assert!(!extends((old, &before), (size, &after), &path[..path.len() - 1]));
        let mut changed = path.clone();
        changed[place % path.len()] = entry(0);
        prop_assert!(!extends((old, &before), (size, &after), &changed));
    }
}

#[test]
fn what_cannot_be_proven_is_not() {
    assert_eq!(inclusion(3, 3), None);
    assert_eq!(consistency(4, 3), None);
    assert!(extends((0, &empty()), (5, &entry(0)), &[]), "everything begins with nothing");
    assert!(!extends((0, &entry(0)), (5, &entry(0)), &[]));
    assert!(!extends((2, &entry(0)), (3, &entry(0)), &[]));
    assert!(extends((3, &entry(0)), (3, &entry(0)), &[]));
    assert!(!extends((3, &entry(0)), (3, &entry(0)), &[entry(0)]));
}

/// Paths that end at the right root, for a place or a size that they are not for: whoever believes a size that nobody signed would
/// be shown one of these.
#[test]
fn a_path_is_for_one_place_in_one_size() {
    let (leaves, two): (Vec<Hash>, Hash) = (entries(4).iter().map(leaf).collect(), root(&entries(2)));
    let (three, four) = (root(&entries(3)), root(&entries(4)));
    assert!(includes(&entry(1), 1, 2, &[leaves[0]], &two), "the control");
    assert!(!includes(&entry(0), 1, 1, &[], &leaves[0]), "behind the end");
    assert!(!includes(&entry(0), 0, 0, &[], &leaves[0]), "there is no leaf");
    assert!(!includes(&entry(1), 0, 1, &[leaves[0]], &two), "a path that goes on behind the root");
    assert!(!includes(&entry(0), 0, 2, &[], &leaves[0]), "a path that ends before it");

    let path = [leaves[2], leaves[3], two];
    assert!(extends((3, &three), (4, &four), &path), "the control");
    assert!(!extends((3, &entry(1)), (2, &node(&entry(1), &entry(2))), &[entry(1), entry(2)]), "the larger one first");
    let beside = entry(9);
    let (old, new) = (node(&beside, &three), node(&beside, &four));
    assert!(!extends((3, &old), (4, &new), &[&path[..], &[beside]].concat()), "a path that goes on behind the roots");
    assert!(!extends((3, &leaves[2]), (4, &leaves[2]), &path[..1]), "a path that ends before them");
    assert!(!extends((0, &empty()), (4, &four), &[beside]), "nothing needs no path");
    assert!(!extends((3, &three), (3, &four), &[]), "of one size there is one root");
}

#[test]
fn the_tiles_of_a_proof_are_known_before() {
    let (tiles, _) = grown(&[70_000]);
    for (at, size) in [(0, 70_000), (69_999, 70_000), (65_535, 65_536), (300, 65_800)] {
        let spans = inclusion(at, size).unwrap();
        let mut few = Tiles::default();
        for place in places(&spans) {
            few.insert(place, tiles.get(place).to_vec());
        }
        assert!(places(&spans).len() < 12, "{:?}", places(&spans));
        assert_eq!(few.inclusion(at, size), tiles.inclusion(at, size), "{at} of {size}");
    }
    assert!(Tiles::default().inclusion(0, 70_000).is_err());
}

#[test]
fn a_tile_that_was_changed_is_found() {
    let size = 66_000;
    let (tiles, _) = grown(&[size]);
    for (place, wide) in
        edge(size).into_iter().chain([(Place { level: 0, index: 17 }, WIDTH), (Place { level: 1, index: 0 }, WIDTH)])
    {
        if wide == 0 {
            continue;
        }
        let mut changed = tiles.clone();
        let mut hashes = tiles.get(place).to_vec();
        hashes[wide / 2] = entry(0);
        changed.insert(place, hashes.clone());
        let (wrong, root) = (changed.first_wrong(size), changed.root(size).unwrap());
        assert!(wrong.is_some() || root != tiles.root(size).unwrap(), "{place:?}");
        hashes.pop();
        changed.insert(place, hashes);
        assert_eq!(changed.first_wrong(size), Some(place), "{place:?}");
    }
    let wrong: BTreeMap<Place, Vec<Hash>> = BTreeMap::new();
    assert_eq!(
        Growth::from_edge(size, &wrong).unwrap_err().to_string(),
        "the last tile of level 0 does not have 208 hashes, but 0"
    );
}
