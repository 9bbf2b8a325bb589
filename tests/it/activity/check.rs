//! What an audit checks of the tree, its checkpoints and their keys, each guard by itself.

use quorate::{
    activity::log::{
        check::{Key, LogBroken, NotThis, Row, Tree, check_keys},
        checkpoint::Checkpoint,
        growth::Growth,
        note::{Note, Signer},
        tiles::{Place, Tiles, WIDTH},
        tree::empty,
    },
    hash::Hash,
};
use zeroize::Zeroizing;

const NAME: &str = "quorate.example/log";

fn entry(number: u64) -> Hash {
    Hash::of(&format!("entry {number}"))
}

fn signer(name: &str, seed: u8) -> Signer {
    Signer::new(name.parse().unwrap(), &Zeroizing::new([seed; 32])).unwrap()
}

/// A tree with its tiles.
fn grown(size: u64) -> (Growth, Tiles) {
    let (mut growth, mut tiles) = (Growth::default(), Tiles::default());
    for number in 0..size {
        growth.push(&entry(number));
    }
    for (place, hashes) in growth.tiles() {
        tiles.insert(place, hashes);
    }
    (growth, tiles)
}

fn tree(size: u64) -> Tree {
    let (tree, wrong) = Tree::new(size, grown(size).1);
    assert_eq!(wrong, None);
    tree
}

fn root(size: u64) -> Hash {
    grown(size).0.root()
}

fn note(size: u64, root: Hash, by: &[&Signer]) -> Note {
    Checkpoint { origin: NAME.parse().unwrap(), size, root }.signed(by)
}

fn row(number: u64, size: u64, by: &Signer) -> Row {
    let root = root(size);
    Row { number, size, root, note: note(size, root, &[by]).to_string() }
}

fn key(number: u64, seed: u8, first_checkpoint: u64) -> Key {
    Key { number, verifier: signer(NAME, seed).verifier(), first_checkpoint }
}

#[test]
fn each_leaf_is_one_entry_once() {
    let tree = tree(3);
    assert_eq!(tree.unseen(), Some(LogBroken::NoEntry { leaf: 0 }));
    assert_eq!(tree.take(1, &entry(0)), Err(NotThis), "another entry");
    assert_eq!(tree.take(0, &entry(0)), Ok(()));
    assert_eq!(tree.take(0, &entry(0)), Err(NotThis), "it was one already");
    assert_eq!(tree.take(2, &entry(2)), Ok(()));
    assert_eq!(tree.unseen(), None, "all were asked for, be it with another entry");
    assert_eq!(tree.take(3, &entry(17)), Ok(()), "of what came later nothing is said");
    assert_eq!(tree.take(900, &entry(17)), Ok(()));
    let larger = self::tree(130);
    for leaf in (0..130).filter(|leaf| *leaf != 128) {
        larger.take(leaf, &entry(leaf)).unwrap();
    }
    assert_eq!(larger.unseen(), Some(LogBroken::NoEntry { leaf: 128 }));
    larger.take(128, &entry(128)).unwrap();
    assert_eq!(larger.unseen(), None);
}

#[test]
fn tiles_follow_from_those_below() {
    let first = Place { level: 0, index: 0 };
    let above = Place { level: 1, index: 0 };
    let last = Place { level: 0, index: 1 };
    let size = WIDTH as u64 + 3;
    let wrong = |change: &dyn Fn(&mut Tiles)| {
        let mut tiles = grown(size).1;
        change(&mut tiles);
        Tree::new(size, tiles).1
    };
    let short = |tiles: &Tiles, at| tiles.get(at).split_last().unwrap().1.to_vec();
    assert_eq!(wrong(&|_| ()), None);
    assert_eq!(wrong(&|tiles| tiles.insert(above, vec![entry(1)])), Some(LogBroken::Tile { at: above }));
    assert_eq!(wrong(&|tiles| tiles.insert(above, Vec::new())), Some(LogBroken::Tile { at: above }));
    for at in [first, last] {
        assert_eq!(wrong(&|tiles| tiles.insert(at, short(tiles, at))), Some(LogBroken::Tile { at }));
    }
    // What follows from no full tile was put in.
    let more = |tiles: &mut Tiles| tiles.insert(above, [tiles.get(above), &[entry(1)]].concat());
    assert_eq!(wrong(&more), None, "what came later is none of this tree");
    // Tiles that have grown meanwhile have more, of which nothing is said.
    let (_, later) = grown(size + 5);
    assert_eq!(Tree::new(size, later).1, None);
    let (_, much_later) = grown(2 * size);
    assert_eq!(Tree::new(size, much_later).1, None);
}

#[test]
fn a_checkpoint_is_what_it_was() {
    let (old, new, strange) = (signer(NAME, 1), signer(NAME, 2), signer("elsewhere.example/log", 1));
    let keys = [key(1, 1, 1), key(2, 2, 5)];
    let tree = tree(9);
    let check = |expected, row: Row| tree.check(expected, &row, &keys);
    assert_eq!(check(4, row(4, 7, &old)), Ok(()));
    assert_eq!(check(5, row(5, 9, &new)), Ok(()), "the next key signs from there on");
    assert_eq!(check(3, row(4, 7, &old)), Err(LogBroken::CheckpointMissing { number: 3 }));
    let changed = |number| Err(LogBroken::CheckpointChanged { number });
    assert_eq!(check(4, Row { size: 6, ..row(4, 7, &old) }), changed(4));
    assert_eq!(check(4, Row { root: entry(1), ..row(4, 7, &old) }), changed(4));
    assert_eq!(check(4, Row { note: "7".to_owned(), ..row(4, 7, &old) }), changed(4));
    let no_checkpoint = Note::signed("hello\n".to_owned(), &[&old]).to_string();
    assert_eq!(check(4, Row { note: no_checkpoint, ..row(4, 7, &old) }), changed(4));
    let elsewhere = Checkpoint { origin: "elsewhere.example/log".parse().unwrap(), size: 7, root: root(7) };
    let elsewhere = elsewhere.signed(&[&strange, &old]).to_string();
    assert_eq!(check(4, Row { note: elsewhere, ..row(4, 7, &old) }), changed(4));
    let not_signed = |number, by: &Signer| Err(LogBroken::NotSigned { number, key: by.verifier() });
    assert_eq!(check(4, row(4, 7, &new)), not_signed(4, &old), "too early");
    assert_eq!(check(5, row(5, 9, &old)), not_signed(5, &new), "too late");
    let forged = |size, root| Row { number: 4, size, root, note: note(size, root, &[&old]).to_string() };
    assert_eq!(check(4, forged(7, entry(1))), Err(LogBroken::OtherRoot { number: 4, size: 7 }));
    assert_eq!(check(4, forged(10, root(10))), Err(LogBroken::OtherRoot { number: 4, size: 10 }));
    assert_eq!(tree.check(4, &row(4, 7, &old), &[]), Err(LogBroken::Key { number: 1 }));
    // Tiles may have more than the tree, which nothing proves.
    let (shorter, _) = Tree::new(8, grown(9).1);
    assert_eq!(shorter.check(5, &row(5, 9, &new), &keys), Err(LogBroken::OtherRoot { number: 5, size: 9 }));
    assert_eq!(shorter.check_root(9, &root(9)), Err(LogBroken::Rewritten { size: 9 }));
}

#[test]
fn what_was_kept_is_of_this_log() {
    let (old, new) = (signer(NAME, 1), signer(NAME, 2));
    let keys = [key(1, 1, 1), key(2, 2, 5)];
    let tree = tree(9);
    let kept = |note: &Note| tree.check_kept(note, &keys);
    for by in [&old, &new] {
        assert_eq!(kept(&note(6, root(6), &[by])), Ok(()));
    }
    assert_eq!(kept(&note(6, root(6), &[&signer(NAME, 3)])), Err(LogBroken::KeptNotSigned));
    assert_eq!(kept(&note(6, root(6), &[&signer(NAME, 3), &old])), Ok(()), "a stranger beside says nothing");
    assert_eq!(kept(&Note::signed("hello\n".to_owned(), &[&old])), Err(LogBroken::KeptNotSigned));
    // A key signs for the log whose name it has, and for no other.
    let elsewhere = Checkpoint { origin: "elsewhere.example/log".parse().unwrap(), size: 6, root: root(6) };
    assert_eq!(kept(&elsewhere.signed(&[&old])), Err(LogBroken::KeptNotSigned));
    assert_eq!(kept(&note(6, root(7), &[&old])), Err(LogBroken::Rewritten { size: 6 }));
    assert_eq!(kept(&note(10, root(10), &[&old])), Err(LogBroken::Rewritten { size: 10 }), "it has lost its end");
    assert_eq!(tree.check_root(0, &empty()), Ok(()));
    assert_eq!(tree.check_root(0, &root(1)), Err(LogBroken::Rewritten { size: 0 }));
}

#[test]
fn keys_follow_each_other() {
    let elsewhere = Key { verifier: signer("elsewhere.example/log", 2).verifier(), ..key(2, 2, 5) };
    let wrong = |number| Err(LogBroken::Key { number });
    for (keys, outcome) in [
        (vec![], Ok(())),
        (vec![key(1, 1, 1), key(2, 2, 5), key(3, 3, 6)], Ok(())),
        (vec![key(2, 2, 5)], wrong(1)),
        (vec![key(1, 1, 1), key(3, 3, 6)], wrong(2)),
        (vec![key(1, 1, 1), elsewhere], wrong(2)),
        (vec![key(1, 1, 5), key(2, 2, 5)], wrong(2)),
        (vec![key(1, 1, 5), key(2, 2, 4)], wrong(2)),
        (vec![key(1, 1, 0)], wrong(1)),
    ] {
        assert_eq!(check_keys(&keys, None), outcome, "{keys:?}");
    }
    let (known, other) = (signer(NAME, 2).verifier(), signer(NAME, 3).verifier());
    let keys = [key(1, 1, 1), key(2, 2, 5)];
    assert_eq!(check_keys(&keys, Some(&known)), Ok(()));
    assert_eq!(check_keys(&keys, Some(&other)), Err(LogBroken::OtherKey { key: other.clone() }));
    assert_eq!(check_keys(&[], Some(&other)), Err(LogBroken::OtherKey { key: other }));
}
