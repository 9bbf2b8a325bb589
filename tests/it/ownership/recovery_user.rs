//! Recovery users: who can be chosen. Every guard is alone in its row.

use std::collections::BTreeSet;

use quorate::{
    id::{Id, Kind},
    ownership::{
        address::Email,
        recovery_user::{Address, Around, MOST, MOST_ADDRESSES, RecoveryUser, Refusal, add, confirm},
    },
    recovery::policy::{Policy, Switch},
};
use uuid::Uuid;

use super::fixtures::{START, preset, proof, user};

fn id<K: Kind>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number))
}

fn email(text: &str) -> Email {
    text.parse().unwrap()
}

/// Somebody with these addresses, all of them confirmed.
fn chosen(emails: &[&str]) -> RecoveryUser {
    let address = |(number, text): (usize, &&str)| Address {
        id: id(number as u128),
        email: email(text),
        confirmed_at: Some(START),
    };
    let addresses = emails.iter().enumerate().map(address).collect();
    RecoveryUser { id: id(1), name: "Rita Rossi".to_owned(), addresses, added_by: user(1), added_at: START }
}

fn policy() -> Policy {
    let policy = preset("recommended").policy;
    assert_eq!(policy.paper_key_route, Switch::On, "the fixture has the route");
    policy
}

#[test]
fn each_guard_holds_alone() {
    let (on, mut off) = (policy(), policy());
    off.paper_key_route = Switch::Off;
    let owners: BTreeSet<Email> = [email("olga@example.org")].into();
    let (nobody, some) = (Vec::new(), vec![chosen(&["mia@example.net", "mia@example.com"])]);
    let full: Vec<RecoveryUser> = (0..MOST).map(|number| chosen(&[&format!("mia{number}@example.net")])).collect();
    let almost = &full[1..];
    let around = |policy, chosen| Around { policy, open_case: None, owners: &owners, chosen };
    let case = id(7);
    let one = ["rita@example.net"];
    let taken = |text: &str| Err(Refusal::AddressTaken { email: email(text) });
    for (emails, around, wanted) in [
        (&one[..], around(&on, &nobody), Ok(())),
        (&["rita@example.net", "rita@example.com"], around(&on, &some), Ok(())),
        (&one, around(&on, almost), Ok(())),
        (&one, around(&off, &nobody), Err(Refusal::NoPaperKeyRoute)),
        (&one, Around { open_case: Some(case), ..around(&on, &nobody) }, Err(Refusal::CaseOpen { case })),
        (&[], around(&on, &nobody), Err(Refusal::Addresses { most: MOST_ADDRESSES })),
        (&["a@b.example", "b@b.example", "c@b.example"], around(&on, &nobody), Err(Refusal::Addresses { most: 2 })),
        (&one, around(&on, &full), Err(Refusal::TooMany { most: MOST })),
        (
            &["rita@example.net", "Olga@Example.org"],
            around(&on, &nobody),
            Err(Refusal::OwnersAddress { email: email("olga@example.org") }),
        ),
        (&["mia@example.com"], around(&on, &some), taken("mia@example.com")),
        (&["rita@example.net", "RITA@example.net"], around(&on, &nobody), taken("rita@example.net")),
    ] {
        let emails: Vec<Email> = emails.iter().map(|text| email(text)).collect();
        assert_eq!(add(proof(), &emails, around), wanted, "{emails:?}");
    }
}

#[test]
fn an_owner_confirms_no_recovery_address() {
    let owners: BTreeSet<Email> = [email("olga@example.org")].into();
    assert_eq!(confirm(&email("rita@example.net"), &owners), Ok(()));
    let refused = confirm(&email("olga@example.org"), &owners).unwrap_err();
    assert_eq!(refused, Refusal::OwnersAddress { email: email("olga@example.org") });
}

#[test]
fn somebody_is_confirmed_when_each_address_is() {
    let mut rita = chosen(&["rita@example.net", "rita@example.com"]);
    assert!(rita.is_confirmed());
    rita.addresses[1].confirmed_at = None;
    assert!(!rita.is_confirmed());
    rita.addresses.clear();
    assert!(!rita.is_confirmed());
}
