//! The demo, played to its end: each of its steps checks itself, so that it ends well means that all of it happened.

use super::place::Place;
use crate::harness::{TestDb, on_both};

on_both!(the_whole_story_happens);

async fn the_whole_story_happens(test: TestDb) {
    let bare = test.bare_sibling().await;
    let place = Place::with_database(&bare.url);
    let said = tokio::task::spawn_blocking(move || place.run(&["demo", "--headless"])).await.unwrap();
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    assert!(said.out.ends_with("\nEverything happened as it should.\n"), "{}", said.out);
    for seen in [
        "✓ a test arrives; the program checks its signature (Standard Webhooks): it is right",
        "a stand-in for the DNS publishes its key",
        "so it opens a case and counts: 1 of 2",
        "✓ what was signed is kept, with that key, as the proof of this ballot",
        "✓ the same mail once more? this very mail has been here before",
        "✓ from a mail server of their own? the mail says it is from `example.org`, and it was signed (DKIM) by `stranger.example`",
        "✓ with a signature that they made themselves? the signature (DKIM) of the mail is not right",
        "✓ with another name in a mail that they caught on its way? the text of the mail is not what was signed (DKIM)",
        "✓ 2 of 2: ownership changes at ",
        "✓ the owner\u{2019}s program hears of that, too",
    ] {
        assert!(said.out.contains(seen), "«{seen}» was not told: {}", said.out);
    }
}
