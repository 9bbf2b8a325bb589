//! Every kind of entry is a sentence.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    activity::{
        chain::{Head, seal},
        topic,
    },
    app::view::activity::EntryView,
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    web::sentence,
    webhook::event::KINDS,
    zone::Zone,
};
use uuid::Uuid;

use crate::harness::every_entry::{Cast, draft};

fn told(kind: &'static str) -> String {
    let user = |number| UserId::from_uuid(Uuid::from_u128(number));
    let cast = Cast { by: user(1), about: user(2), case: CaseId::from_uuid(Uuid::from_u128(3)) };
    let account = AccountId::from_uuid(Uuid::from_u128(4));
    let moment = Moment::from_micros(1_764_000_000_000_000);
    let sealed = seal(account, Head::START, moment, draft(kind, cast), || [0; 16]).unwrap();
    let values: BTreeMap<String, String> =
        sealed.personal.into_iter().map(|(name, (_, value))| (name, value)).collect();
    let view = EntryView { entry: sealed.entry, hash: sealed.hash, values, erased: Vec::new(), withheld: Vec::new() };
    let called = |id: UserId| Some(if id == user(1) { "Anna Rossi" } else { "Ben Bauer" });
    sentence::told(&view, &called, &"Europe/Berlin".parse::<Zone>().unwrap())
}

#[test]
fn every_kind_is_a_sentence() {
    let sentences: Vec<String> = topic::kinds().map(told).collect();
    for (kind, sentence) in topic::kinds().zip(&sentences) {
        assert!(!sentence.contains(kind) && !sentence.contains('_'), "{kind} has no sentence: {sentence}");
        assert!(sentence.ends_with('.') && !sentence.starts_with(char::is_lowercase), "{kind}: {sentence}");
        assert!(!sentence.contains("somebody"), "{kind}: {sentence}");
    }
    insta::assert_snapshot!(
        topic::kinds().zip(&sentences).map(|(kind, said)| format!("{kind}: {said}")).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn every_kind_has_a_topic() {
    let grouped: BTreeSet<&str> = topic::kinds().collect();
    let known: BTreeSet<&str> = KINDS.iter().map(|row| row.kind).collect();
    assert_eq!(grouped, known, "say in src/activity/topic.rs what it is about");
    assert_eq!(topic::kinds().count(), grouped.len(), "a kind stands in two topics");
}
