//! Electors who changed their address shortly before a case was opened vote signed in, and in no other way.

use std::collections::BTreeMap;

use quorate::recovery::{
    action::{Action, Actor},
    ballot::Choice,
    case::Case,
    decide::decide,
    open::open,
    policy::BallotWay,
    refusal::Refusal,
    terms::{Terms, TermsHash},
};

use super::fixtures::*;

const WAYS: [BallotWay; 4] = [BallotWay::SignedIn, BallotWay::Passkey, BallotWay::MailLink, BallotWay::PlainMail];

/// A case of five administrators, of whom 12 changed their address that long before it was opened. S is 72 hours.
fn opened_after(age: jiff::SignedDuration) -> Case {
    let mut account = account([1], &users(11..16));
    account.address_changed.insert(user(12), START.before(age));
    // Somebody who has no ballot.
    account.address_changed.insert(user(31), START);
    open(&account, proposal(user(11), user(31)), START).unwrap()
}

fn cast(case: &Case, who: u128, way: BallotWay) -> Result<Case, Refusal> {
    let action = Action::Cast { choice: Choice::Approve, terms_hash: case.terms_hash, arrival: arrival(case, way) };
    decide(case, &quiet(case), action, Actor::Person(user(who)), START).map(|decision| decision.case)
}

#[test]
fn the_bound_is_exact() {
    let too_new = opened_after(hours(72) - TICK);
    let changed = START.before(hours(72)).after(TICK);
    assert_eq!(too_new.terms.signed_in_only, BTreeMap::from([(user(12), changed)]));
    for way in [BallotWay::MailLink, BallotWay::PlainMail] {
        assert_eq!(cast(&too_new, 12, way).unwrap_err(), Refusal::AddressTooNew { changed });
    }
    let old_enough = opened_after(hours(72));
    assert!(old_enough.terms.signed_in_only.is_empty());
    for way in WAYS {
        cast(&old_enough, 12, way).unwrap();
    }
}

#[test]
fn a_ballot_from_a_session_counts_like_everybody_elses() {
    let case = opened_after(TICK);
    cast(&case, 12, BallotWay::Passkey).unwrap();
    let after = cast(&case, 12, BallotWay::SignedIn).unwrap();
    assert_eq!(after.count().approvals, 1);
    // Not even to change it, or to repeat it: a mail says nothing about who sent it.
    assert_eq!(cast(&after, 12, BallotWay::MailLink).unwrap_err().code(), "address_too_new");
    for way in WAYS {
        cast(&case, 13, way).unwrap();
    }
}

#[test]
fn it_is_part_of_what_people_approve_and_nothing_where_there_is_nobody() {
    let (held, free) = (opened_after(TICK), opened_after(hours(72)));
    assert_ne!(held.terms_hash, free.terms_hash);
    let text = free.terms.canonical().unwrap();
    assert!(!text.contains("signed_in_only"), "{text}");
    // So terms from before there was such a rule are read as they were.
    assert_eq!(serde_json::from_str::<Terms>(&text).unwrap(), free.terms);
    let text = held.terms.canonical().unwrap();
    let read: Terms = serde_json::from_str(&text).unwrap();
    assert_eq!((TermsHash::of(&text), read), (held.terms_hash, held.terms));
}
