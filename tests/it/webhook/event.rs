//! What webhooks say of the activity log.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    activity::{
        chain::{Head, seal},
        entry::{Draft, Entry},
    },
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::actor::Actor,
    webhook::event::{KINDS, TEST, Telling, Webhook, telling},
};
use serde_json::json;
use uuid::Uuid;

use crate::architecture::source::read_package;

const START: Moment = Moment::from_micros(1_764_000_000_000_000);

fn entry(draft: Draft) -> Entry {
    let account = AccountId::from_uuid(Uuid::from_u128(1));
    seal(account, Head { seq: 6, ..Head::START }, START, draft, || [0; 16]).unwrap().entry
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

/// Every text in the sources that looks like the kind of an entry.
fn written() -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let places = |path: &str| path.starts_with("src/app/") || path == "src/recovery/event.rs";
    for source in read_package().into_iter().filter(|source| places(&source.path)) {
        let production = source.literals.iter().filter(|(line, _)| *line <= source.production_lines);
        for (_, text) in production {
            let plain = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
            if text.split_once('.').is_some_and(|(noun, verb)| plain(noun) && plain(verb)) {
                kinds.insert(text.clone());
            }
        }
    }
    kinds
}

#[test]
fn every_kind_of_entry_has_its_row() {
    let listed: BTreeSet<String> = KINDS.iter().map(|row| row.kind.to_owned()).collect();
    let written = written();
    assert!(written.len() > 60, "the sources are not read as they are written: {written:?}");
    let missing: Vec<_> = written.difference(&listed).collect();
    assert!(missing.is_empty(), "say in src/webhook/event.rs whether webhooks tell of {missing:?}");
    let gone: Vec<_> = listed.difference(&written).collect();
    assert!(gone.is_empty(), "nothing writes {gone:?} any more");
}

#[test]
fn the_table_is_sorted_and_each_type_stands_for_one_kind() {
    assert!(KINDS.is_sorted_by(|one, next| one.kind < next.kind), "a kind is looked up by halves");
    let mut types = BTreeSet::from([TEST]);
    for row in KINDS {
        if let Telling::As { public, .. } = row.telling {
            assert!(types.insert(public), "{public} stands for two kinds");
        }
    }
    assert_eq!(telling("case.opened"), telling("case.opened"));
    assert_eq!(telling("of.tomorrow"), Telling::Untold);
}

#[test]
fn a_webhook_has_ids_and_moments_and_nothing_personal() {
    let draft = Draft::new("case.opened", Actor::User { user: user(2) })
        .case(CaseId::from_uuid(Uuid::from_u128(3)))
        .user(user(4))
        .with("kind", "replace")
        .with("required", 3)
        .with("terms_hash", "abc")
        .with("electorate", json!([user(2), user(4)]))
        .personal("nominee_name", "Nora Nilsen")
        .personal("nominee_email", "nora@example.org")
        .personal("statement", "She has left.");
    let webhook = Webhook::of(&entry(draft)).unwrap();
    insta::assert_snapshot!(format!("{}\n{}\n{}", webhook.id, webhook.public, webhook.body));
    for personal in ["Nora", "example.org", "She has left", "electorate", "personal", "prev"] {
        assert!(!webhook.body.contains(personal), "{}", webhook.body);
    }
}

#[test]
fn a_change_of_owners_names_both() {
    let draft = Draft::new("transfer.accepted", Actor::User { user: user(4) })
        .user(user(4))
        .owners(BTreeSet::from([user(4)]), BTreeSet::from([user(2)]))
        .with("transfer", "tran_1")
        .with("from", json!(user(2)));
    insta::assert_snapshot!(Webhook::of(&entry(draft)).unwrap().body);
}

#[test]
fn ballots_and_credentials_are_not_told() {
    for kind in ["case.ballot_cast", "case.ballot_taken_back", "member.password_set", "sign_on.used", "digest.sent"] {
        assert_eq!(Webhook::of(&entry(Draft::new(kind, Actor::Service))), None, "{kind}");
    }
}

#[test]
fn the_documents_list_every_type() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).unwrap();
    let rows: BTreeMap<&str, &[&str]> = KINDS
        .iter()
        .filter_map(|row| match row.telling {
            Telling::As { public, values } => Some((public, values)),
            Telling::Untold => None,
        })
        .collect();
    for (public, values) in rows {
        let line = docs.lines().find(|line| line.starts_with(&format!("| `{public}` |")));
        let line = line.unwrap_or_else(|| panic!("docs/api.md does not list `{public}`"));
        for value in values {
            assert!(line.contains(&format!("`{value}`")), "docs/api.md does not say that `{public}` has `{value}`");
        }
    }
}
