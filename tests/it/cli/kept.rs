//! What somebody has kept of the log elsewhere is changed at random: it still means the same, or `quorate audit verify` says what is
//! wrong, in words.

use quorate::{
    activity::log::note::{Note, Verifier},
    app::seal::RotateLogKey,
    jobs::seal::sweep,
    secret::Chance,
    store::checkpoints,
};
use tokio_util::sync::CancellationToken;

use super::{mutations::Dice, place::Place};
use crate::harness::{
    TestDb, on_both,
    race::{rounds, tell},
    world::World,
};

on_both!(whatever_was_kept_is_the_same_or_found);

/// What can be kept of one log.
#[derive(Default)]
struct Papers {
    /// Signed notes.
    checkpoints: Vec<String>,
    /// What alerts say.
    sealed: Vec<String>,
    keys: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paper {
    Checkpoint,
    Sealed,
    Key,
}

impl Papers {
    fn of(&self, paper: Paper) -> &[String] {
        match paper {
            Paper::Checkpoint => &self.checkpoints,
            Paper::Sealed => &self.sealed,
            Paper::Key => &self.keys,
        }
    }
}

/// A log with some checkpoints, one of them signed by two keys.
async fn papers(world: &World, accounts: usize) -> Papers {
    let mut papers = Papers::default();
    for round in 0..3 {
        for _ in 0..accounts {
            world.account("recommended", 1).await;
        }
        if round == 1 {
            world.app.db.run(RotateLogKey { app: world.app.clone() }).await.unwrap();
        }
        sweep(&world.app, &CancellationToken::new()).await.unwrap();
        let last = checkpoints::latest(&mut world.app.db.read().await.unwrap()).await.unwrap().unwrap();
        papers.sealed.push(format!("{}:{}", last.size, data_encoding::BASE64.encode(last.root.as_bytes())));
        papers.checkpoints.push(last.note);
    }
    let keys = checkpoints::keys(&mut world.app.db.read().await.unwrap()).await.unwrap();
    papers.keys = keys.into_iter().map(|key| key.verifier.to_string()).collect();
    papers
}

/// A text changed at random, and how. `other` is one like it of another service, `next` another of the same.
fn changed(text: &str, next: &str, other: &str, dice: &Dice) -> (&'static str, Vec<u8>) {
    let mut bytes = text.as_bytes().to_vec();
    let at = dice.below(bytes.len());
    let byte = |dice: &Dice| *dice.one_of(b"0123456789abcdefXYZ+/=: \n-");
    match dice.below(9) {
        0 => {
            bytes[at] = byte(dice);
            ("a byte is another", bytes)
        }
        1 => {
            bytes[at] ^= 1 << dice.below(8);
            ("a bit is another", bytes)
        }
        2 => {
            bytes.insert(at, byte(dice));
            ("a byte is put in", bytes)
        }
        3 => {
            bytes.remove(at);
            ("a byte is taken out", bytes)
        }
        4 => {
            bytes.truncate(at);
            ("the end is cut off", bytes)
        }
        5 => ("the beginning is cut off", bytes.split_off(at)),
        6 => ("it is another service's", other.as_bytes().to_vec()),
        7 => {
            let stranger = if dice.below(2) == 0 { next } else { other };
            bytes.truncate(at);
            bytes.extend_from_slice(stranger.as_bytes().get(at..).unwrap_or_default());
            ("the end is another's", bytes)
        }
        _ => {
            let mut lines: Vec<_> = text.split_inclusive('\n').collect();
            let (one, more) = (dice.below(lines.len()), dice.below(lines.len()));
            lines.insert(one, *dice.one_of(&[lines[more], "\n", "— a stranger AAAAAAAA\n"]));
            ("a line is put in", lines.concat().into_bytes())
        }
    }
}

/// Whether it says what some paper of this log says.
fn same(paper: Paper, changed: &[u8], ours: &Papers) -> bool {
    let Ok(text) = str::from_utf8(changed) else { return false };
    match paper {
        Paper::Checkpoint => {
            let note_text = |note: &str| note.parse::<Note>().ok().map(|note| note.text().to_owned());
            let said = note_text(text);
            said.is_some() && ours.checkpoints.iter().any(|note| note_text(note) == said)
        }
        Paper::Sealed => {
            let read = |text: &str| {
                let (size, root) = text.split_once(':')?;
                Some((size.parse::<u64>().ok()?, data_encoding::BASE64.decode(root.as_bytes()).ok()?))
            };
            read(text).is_some() && ours.sealed.iter().any(|sealed| read(sealed) == read(text))
        }
        Paper::Key => {
            let read = |text: &str| text.parse::<Verifier>().ok();
            read(text).is_some() && ours.keys.iter().any(|key| read(key) == read(text))
        }
    }
}

/// What `quorate audit verify` says of it: whether all is well, and its words.
fn verified(place: &Place, paper: Paper, changed: &[u8]) -> (bool, String) {
    let option = match paper {
        Paper::Checkpoint => {
            let file = place.write("kept.txt", "");
            std::fs::write(&file, changed).unwrap();
            format!("--checkpoint={}", file.display())
        }
        Paper::Sealed => format!("--sealed={}", str::from_utf8(changed).unwrap()),
        Paper::Key => format!("--key={}", str::from_utf8(changed).unwrap()),
    };
    let said = place.run(&["audit", "verify", &option]);
    let words = format!("{}{}", said.out, said.err);
    assert!(said.code.is_some_and(|code| code <= 2) && !words.contains("panicked"), "{option}: {said:?}");
    (said.code == Some(0), words)
}

/// One of these is said where something is wrong.
fn is_clear(paper: Paper, words: &str) -> bool {
    let clear: &[&str] = match paper {
        Paper::Checkpoint => &[
            "this is no signed note",
            "cannot be read",
            "the checkpoint that was kept is not signed by a key of this log",
            "the log was rewritten: it is not the one of which the checkpoint over",
        ],
        Paper::Sealed => &["write the number and the root as the alert has them", "the log was rewritten"],
        Paper::Key => &[
            "a key of a log is written",
            "the id of the key does not belong to its name and key",
            "the name of a key is some characters",
            "the key that was given is none of this log's keys",
        ],
    };
    clear.iter().any(|clear| words.contains(clear))
}

async fn whatever_was_kept_is_the_same_or_found(test: TestDb) {
    let (world, elsewhere) = (World::new(test), World::new(TestDb::sqlite().await));
    // Another number of accounts, so that its keys and hashes are others, under the same name.
    let (ours, theirs) = (papers(&world, 1).await, papers(&elsewhere, 2).await);
    assert!(ours.keys.iter().all(|key| !theirs.keys.contains(key)));
    let place = Place::with_database(world.url());
    let dice = Dice(Chance::seeded(29));
    let (mut done, mut meant_the_same, mut wrong) = (0, 0, Vec::new());
    for paper in [Paper::Checkpoint, Paper::Sealed, Paper::Key] {
        for text in ours.of(paper) {
            assert!(verified(&place, paper, text.as_bytes()).0, "the control: {text}");
        }
    }
    while done < rounds() {
        let paper = *dice.one_of(&[Paper::Checkpoint, Paper::Checkpoint, Paper::Sealed, Paper::Key]);
        let [text, next] = [dice.one_of(ours.of(paper)), dice.one_of(ours.of(paper))];
        let other = dice.one_of(theirs.of(paper));
        let (how, changed) = changed(text, next, other, &dice);
        // Nobody can type what is no text, or ends one.
        let typed = str::from_utf8(&changed).is_ok_and(|text| !text.contains('\0'));
        if changed == text.as_bytes() || (paper != Paper::Checkpoint && !typed) {
            continue;
        }
        done += 1;
        let same = same(paper, &changed, &ours);
        meant_the_same += u32::from(same);
        let (well, words) = verified(&place, paper, &changed);
        // The signature of a note that says the same may be spoilt.
        let fine = if well { same } else { is_clear(paper, &words) && (!same || paper == Paper::Checkpoint) };
        if !fine {
            wrong.push(format!("{paper:?}, {how}: {:?}: {words}", String::from_utf8_lossy(&changed)));
        }
    }
    let backend = world.app.db.backend();
    tell(&format!(
        "kept papers on {backend:?}: of {done} changes {meant_the_same} meant the same, and {} went wrong",
        wrong.len()
    ));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
