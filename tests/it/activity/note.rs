//! Signed notes and checkpoints.

use proptest::prelude::*;
use quorate::{
    activity::log::{
        checkpoint::{Checkpoint, NoCheckpoint, origin},
        note::{Malformed, Name, Note, Signer, Verifier},
    },
    hash::Hash,
};
use zeroize::Zeroizing;

/// The example in the documentation of Go's `golang.org/x/mod/sumdb/note`.
const ELSEWHERE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ITS_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

fn signer(name: &str, seed: u8) -> Signer {
    Signer::new(name.parse().unwrap(), &Zeroizing::new([seed; 32])).unwrap()
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: "quorate.example/log".parse().unwrap(), size, root: Hash::of("a root") }
}

#[test]
fn what_others_signed_is_verified() {
    let (note, key): (Note, Verifier) = (ELSEWHERE.parse().unwrap(), ITS_KEY.parse().unwrap());
    assert!(key.vouches_for(&note));
    assert_eq!(note.to_string(), ELSEWHERE);
    assert_eq!(key.to_string(), ITS_KEY);
    let changed: Note = ELSEWHERE.replace("problem is", "answer is").parse().unwrap();
    assert!(!key.vouches_for(&changed));
}

#[test]
fn a_checkpoint_is_signed_and_read_back() {
    let signer = signer("quorate.example/log", 1);
    let note = checkpoint(12).signed(&[&signer]);
    let text = note.to_string();
    insta::assert_snapshot!(text);
    let read: Note = text.parse().unwrap();
    assert!(signer.verifier().vouches_for(&read));
    assert_eq!(read.text().parse::<Checkpoint>().unwrap(), checkpoint(12));
    assert_eq!(signer.verifier().to_string().parse::<Verifier>().unwrap(), signer.verifier());
}

#[test]
fn only_the_right_key_vouches() {
    let (one, other) = (signer("quorate.example/log", 1), signer("quorate.example/log", 2));
    let note = checkpoint(12).signed(&[&one]);
    assert!(!other.verifier().vouches_for(&note));
    assert!(!signer("another.example/log", 1).verifier().vouches_for(&note));
    assert!(other.verifier().vouches_for(&checkpoint(12).signed(&[&one, &other])));
    // A right signature beside a wrong one of the same key: somebody has put this together.
    let mut pieces = note.to_string();
    let of_another: String = checkpoint(13).signed(&[&one]).to_string();
    pieces.push_str(of_another.lines().last().unwrap());
    pieces.push('\n');
    assert!(!one.verifier().vouches_for(&pieces.parse().unwrap()));
}

#[test]
fn what_is_malformed_is_told() {
    for wrong in [
        "",
        "a",
        "a\n",
        "a\n\n",
        "a\n\n\u{2014} b\n",
        "a\n\n\u{2014} b AAAA\n",
        "a\n\n\u{2014} b AAAAAA==\n",
        "a\n\n\u{2014} b !!!!AAAA\n",
        "a\r\n\n\u{2014} b AAAAAAA=\n",
    ] {
        assert_eq!(wrong.parse::<Note>(), Err(Malformed::Note), "{wrong:?}");
    }
    assert!("a\n\n\u{2014} b AAAAAAA=\n".parse::<Note>().is_ok());
    assert_eq!(
        format!("{}\n\n\u{2014} b AAAAAAA=\n", "a".repeat(20_000)).parse::<Note>(),
        Err(Malformed::Note),
        "too long"
    );
    for (wrong, why) in [
        ("a+b", Malformed::Verifier),
        ("a+c74f20a3+AAAA", Malformed::Verifier),
        // The same key, said to be of another kind.
        (&ITS_KEY.replace("+ARpc", "+Ahpc"), Malformed::Verifier),
        (&ITS_KEY.replace("+c74f20a3+", "+c74f20a4+"), Malformed::KeyId),
        (&ITS_KEY.replace("PeterN", "PeterM"), Malformed::KeyId),
        (&ITS_KEY.replace("+ARpc", "+ARpd"), Malformed::KeyId),
        (&ITS_KEY.replace("PeterN", "Peter N"), Malformed::Name),
    ] {
        assert_eq!(wrong.parse::<Verifier>(), Err(why), "{wrong}");
    }
    for wrong in ["", "a b", "a+b", "a\tb", "a\u{1}b"] {
        assert_eq!(wrong.parse::<Name>(), Err(Malformed::Name), "{wrong:?}");
    }
    let right = checkpoint(12).to_string();
    for wrong in [
        right.replace("12", "012"),
        right.replace("12", "-1"),
        right.replace("12", "18446744073709551616"),
        right.trim_end().to_owned(),
        right.lines().take(2).flat_map(|line| [line, "\n"]).collect(),
        format!("{right}\n"),
        right.replace('=', ""),
    ] {
        assert_eq!(wrong.parse::<Checkpoint>(), Err(NoCheckpoint), "{wrong:?}");
    }
    assert_eq!(format!("{right}more\n").parse::<Checkpoint>().unwrap(), checkpoint(12), "the format has room for more");
}

#[test]
fn a_log_is_named_after_where_it_is_published() {
    assert_eq!(origin("https://quorate.example").as_str(), "quorate.example/log");
    assert_eq!(origin("http://127.0.0.1:8080/below/").as_str(), "127.0.0.1:8080/below/log");
    assert_eq!(origin("https://a+b.example").as_str(), "a-b.example/log");
}

proptest! {
    #[test]
    fn no_text_breaks_the_readers(text in "[\u{2014}\n a-z+=/0-9]{0,200}") {
        let _ = text.parse::<Note>().map(|note| note.to_string().parse::<Note>().map(|again| assert_eq!(again, note)));
        let _ = text.parse::<Checkpoint>().map(|read| assert!(text.starts_with(&read.to_string())));
        let _ = text.parse::<Verifier>().map(|read| assert_eq!(read.to_string(), text));
    }
}
