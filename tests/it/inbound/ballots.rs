//! Which ballot a mail is in a case: one only where it names exactly the people, and is not older than the case.

use quorate::{
    id::UserId,
    inbound::gate::{About, Mailed},
    moment::Moment,
    recovery::{
        ballot::Choice,
        terms::{Kind, Person},
    },
};

use super::mails::{acme, judge_at, mail, now, published};
use crate::harness::dkim::Terms;

/// The sentence, from Ben, as it passes the gate. It was written at 08:58:00 UTC.
fn mailed() -> Mailed {
    judge_at(acme().sign(&mail(), &Terms::default()).as_bytes(), &published, now()).unwrap()
}

fn person(name: &str, email: &str) -> Person {
    Person { id: UserId::from_uuid(uuid::Uuid::nil()), name: name.to_owned(), email: email.to_owned() }
}

/// What it is in such a case, in a word.
fn ballot(kind: Kind, owners: &[Person], nominee: &Person, opened_at: Option<Moment>) -> &'static str {
    match mailed().ballot(About { kind, owners, nominee, opened_at }) {
        Ok(ballot) if ballot.choice() == Choice::Approve => "approves",
        Ok(_) => "rejects",
        Err(refused) => refused.code(),
    }
}

#[test]
fn a_mail_names_exactly_the_people_of_the_case() {
    let [olga, cleo, dora] = [("Olga Orlova", "olga"), ("Cleo Costa", "cleo"), ("Dora Dahl", "dora")]
        .map(|(name, local)| person(name, &format!("{local}@acme.example")));
    let both = [olga, dora.clone()];
    assert_eq!(ballot(Kind::Replace, &both[..1], &cleo, None), "approves");
    for (kind, owners, nominee) in [
        (Kind::Replace, &both[1..], &cleo),
        (Kind::Replace, &both[..1], &dora),
        // The sentence speaks of one owner, who is replaced.
        (Kind::Replace, &both[..], &cleo),
        (Kind::Replace, &both[..0], &cleo),
        (Kind::Add, &both[..1], &cleo),
        (Kind::Add, &both[..], &cleo),
    ] {
        assert_eq!(ballot(kind, owners, nominee, None), "names_others", "{kind:?} {owners:?} {nominee:?}");
    }
}

#[test]
fn a_mail_is_not_older_than_the_case() {
    let (olga, cleo) = (person("Olga Orlova", "olga@acme.example"), person("Cleo Costa", "cleo@acme.example"));
    for (opened_at, word) in [
        ("2026-03-02T08:57:59.999999Z", "approves"),
        // Dates know no fractions of a second: it may have been written in the rest of that one.
        ("2026-03-02T08:58:00.999999Z", "approves"),
        ("2026-03-02T08:58:01Z", "before_the_case"),
    ] {
        let opened_at = Some(opened_at.parse().unwrap());
        assert_eq!(ballot(Kind::Replace, std::slice::from_ref(&olga), &cleo, opened_at), word, "{opened_at:?}");
    }
}
