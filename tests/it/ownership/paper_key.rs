//! Paper keys: when one is issued, and until when it works. Every guard is alone in its row.

use std::collections::BTreeSet;

use quorate::{
    id::{Id, Kind},
    moment::Moment,
    ownership::{
        address::Email,
        paper_key::{Around, Ended, How, Key, LONGEST, MOST, State, Wanted, issue},
        recovery_user::{Address, RecoveryUser, Refusal},
    },
    paper_key::key::Number,
    recovery::policy::Switch,
};
use uuid::Uuid;

use super::fixtures::{START, preset, proof, user};
use crate::harness::world::MICROSECOND;

fn id<K: Kind>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number))
}

pub fn key(number: u128) -> Key {
    let (issued_by, issued_at) = (user(1), START);
    Key {
        id: id(number),
        number: Number::new([1; 5]),
        issued_by,
        issued_at,
        expires_at: None,
        drilled_at: None,
        ended: None,
    }
}

fn revoked(number: u128) -> Key {
    Key { ended: Some(Ended { at: START, how: How::Revoked }), ..key(number) }
}

fn rita(confirmed_at: Option<Moment>) -> RecoveryUser {
    let address =
        |number, text: &str, confirmed_at| Address { id: id(number), email: text.parse().unwrap(), confirmed_at };
    let addresses = vec![address(1, "rita@example.com", Some(START)), address(2, "rita@example.net", confirmed_at)];
    RecoveryUser { id: id(1), name: "Rita Rossi".to_owned(), addresses, added_by: user(1), added_at: START }
}

#[test]
fn each_guard_holds_alone() {
    let on = preset("recommended").policy;
    let mut off = on.clone();
    off.paper_key_route = Switch::Off;
    let (user, unconfirmed) = (rita(Some(START)), rita(None));
    let (owners, became): (BTreeSet<Email>, BTreeSet<Email>) =
        (["olga@example.org".parse().unwrap()].into(), ["rita@example.net".parse().unwrap()].into());
    let expired = Key { expires_at: Some(START), ..key(8) };
    let full: Vec<Key> = (0..MOST as u128).map(key).collect();
    let almost: Vec<Key> = full[1..].iter().cloned().chain([revoked(9), expired]).collect();
    let around = Around { policy: &on, open_case: None, owners: &owners, user: &user, keys: &[] };
    let (case, latest) = (id(7), START.after(LONGEST));
    let wanted = Wanted { expires_at: None, replaces: None };
    let until = |expires_at| Wanted { expires_at: Some(expires_at), ..wanted };
    let replacing = |key| Wanted { replaces: Some(id(key)), ..wanted };
    let address = "rita@example.net".parse::<Email>().unwrap();
    for (row, (wanted, around, outcome)) in [
        (wanted, around, Ok(())),
        (until(START.after(MICROSECOND)), around, Ok(())),
        (until(latest), around, Ok(())),
        (wanted, Around { keys: &almost, ..around }, Ok(())),
        (replacing(1), Around { keys: &full, ..around }, Ok(())),
        (wanted, Around { policy: &off, ..around }, Err(Refusal::NoPaperKeyRoute)),
        (wanted, Around { open_case: Some(case), ..around }, Err(Refusal::CaseOpen { case })),
        (wanted, Around { user: &unconfirmed, ..around }, Err(Refusal::NotConfirmed)),
        (wanted, Around { owners: &became, ..around }, Err(Refusal::OwnersAddress { email: address })),
        (until(START), around, Err(Refusal::Expiry { latest })),
        (until(latest.after(MICROSECOND)), around, Err(Refusal::Expiry { latest })),
        (wanted, Around { keys: &full, ..around }, Err(Refusal::TooManyKeys { most: MOST })),
        (replacing(9), Around { keys: &almost, ..around }, Err(Refusal::KeyEnded)),
        (replacing(8), Around { keys: &almost, ..around }, Err(Refusal::KeyEnded)),
        (replacing(99), Around { keys: &full, ..around }, Err(Refusal::KeyEnded)),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(issue(proof(), wanted, around, START), outcome, "row {row}");
    }
}

#[test]
fn a_key_works_until_it_expires_or_ends() {
    let until = START.after(MICROSECOND);
    let expiring = Key { expires_at: Some(until), ..key(1) };
    assert_eq!((expiring.state(START), expiring.state(until)), (State::InForce, State::Expired));
    assert_eq!(key(1).state(until.after(LONGEST)), State::InForce);
    let ended = Key { ended: revoked(1).ended, ..expiring };
    assert_eq!((ended.state(START), ended.state(until)), (State::Ended(How::Revoked), State::Ended(How::Revoked)));
}
