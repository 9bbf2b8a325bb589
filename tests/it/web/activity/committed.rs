//! An entry's hash commits to everything that people are shown about it: whatever somebody changes in the database, the audit
//! finds it.

use std::{collections::BTreeSet, sync::Arc};

use jiff::SignedDuration;
use quorate::{
    activity::{
        audit::{Audit, Personal, Row},
        cases::Cases,
        chain::Broken,
        entry::Hash,
        topic,
    },
    app::{audit::verify, audit_log::Kept},
    id::{AccountId, Id},
    store::{audit_entries::page, tx::Backend},
};
use uuid::Uuid;

use super::filters::{eventful, found};
use crate::{
    harness::{TestDb, on_both},
    web::{pages::browser::Browser, site::House},
};

on_both!(whatever_is_changed_is_found, what_is_shown_is_what_is_committed_to);

/// Runs statements behind the back of triggers, as somebody would who owns the machine.
async fn tamper(house: &House, statements: &str) {
    let disarmed = match house.test.db.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => "set session_replication_role = replica;",
    };
    house.test.script(&format!("{disarmed} {statements}")).await;
}

async fn is_whole(house: &House, account: AccountId) -> bool {
    let found = verify(&house.test.db, Some(account), &Kept::default(), Arc::new(|_| ())).await.unwrap();
    // The entries here tell of cases that were never opened.
    found.problems.values().all(|problem| matches!(problem, Broken::OtherCase { .. }))
}

/// Every column of an entry and of a personal value, and another value for it.
fn changes(backend: Backend) -> Vec<(&'static str, &'static str, &'static str)> {
    let later = match backend {
        Backend::Sqlite => "at + 1",
        Backend::Postgres => "at + interval '1 microsecond'",
    };
    let other = match backend {
        Backend::Sqlite => "zeroblob(16)",
        Backend::Postgres => "'00000000-0000-0000-0000-000000000000'",
    };
    let salt = match backend {
        Backend::Sqlite => "zeroblob(16)",
        Backend::Postgres => "decode(repeat('00', 16), 'hex')",
    };
    let hash = match backend {
        Backend::Sqlite => "zeroblob(32)",
        Backend::Postgres => "decode(repeat('00', 32), 'hex')",
    };
    vec![
        ("activity", "at", later),
        ("activity", "kind", "'member.left ' || kind"),
        ("activity", "actor_id", other),
        ("activity", "case_id", other),
        ("activity", "user_id", other),
        ("activity", "owners", "not owners"),
        ("activity", "body", "replace(body, '\"seq\":', '\"seq\": ')"),
        ("activity", "hash", hash),
        ("activity_personal", "value", "value || ' '"),
        ("activity_personal", "name", "name || '_before_that'"),
        ("activity_personal", "salt", salt),
    ]
}

async fn whatever_is_changed_is_found(test: TestDb) {
    let (house, _) = eventful(test).await;
    let account: AccountId = house.account.parse().unwrap();
    let backend = house.test.db.backend();
    if backend == Backend::Sqlite {
        for trigger in ["activity_update", "activity_delete", "activity_personal_update", "activity_personal_delete"] {
            house.test.script(&format!("drop trigger {trigger}")).await;
        }
    }
    let kept =
        "create table kept as select * from activity; create table kept_personal as select * from activity_personal";
    house.test.script(kept).await;
    assert!(is_whole(&house, account).await);
    let opened = found(&house, "&kind=case.opened").await;
    for entry in &opened {
        let seq = entry["entry"]["seq"].as_u64().unwrap();
        for (table, column, other) in changes(backend) {
            let which = match table {
                "activity" => format!("where seq = {seq}"),
                _ => format!("where seq = {seq} and name = 'statement'"),
            };
            tamper(&house, &format!("update {table} set {column} = {other} {which}")).await;
            assert!(!is_whole(&house, account).await, "{table}.{column} was changed, and nobody noticed");
            tamper(&house, &back(table, column, seq)).await;
            assert!(is_whole(&house, account).await, "{table}.{column} was not put back");
        }
    }
}

/// Puts a column of an entry back.
fn back(table: &str, column: &str, seq: u64) -> String {
    if table == "activity" {
        return format!(
            "update activity set {column} = (select {column} from kept where seq = {seq}) where seq = {seq}"
        );
    }
    let all = format!("from activity_personal where seq = {seq}");
    format!("delete {all}; insert into activity_personal select * from kept_personal where seq = {seq}")
}

/// The same for every kind of entry and everything that is stored of it, without a database.
#[tokio::test(flavor = "multi_thread")]
async fn of_every_kind_every_part_is_checked() {
    let (house, _) = eventful(TestDb::sqlite().await).await;
    let account: AccountId = house.account.parse().unwrap();
    let mut tx = house.test.db.snapshot().await.unwrap();
    let found = page(&mut tx, (account, i64::MIN), account, 1000).await.unwrap().entries;
    let stored: Vec<(Row, Vec<Personal>)> = found.into_iter().map(|found| (found.row, found.personal)).collect();
    let broken = |changed: &[(Row, Vec<Personal>)]| {
        let mut audit = Audit::new(account, Cases::default());
        changed.iter().find_map(|(row, own)| audit.next(row, own).err())
    };
    assert_eq!(broken(&stored), None);
    let kinds: BTreeSet<&str> = stored.iter().map(|(row, _)| row.kind.as_str()).collect();
    assert_eq!(kinds, topic::kinds().collect::<BTreeSet<_>>(), "an entry of every kind");
    let other = Uuid::from_u128(5);
    let changes: [&dyn Fn(&mut Row); 9] = [
        &|row| row.seq += 1,
        &|row| row.at = row.at.after(SignedDuration::from_micros(1)),
        &|row| row.kind.push('x'),
        &|row| row.actor = Some(Id::from_uuid(other)),
        &|row| row.case = Some(Id::from_uuid(other)),
        &|row| row.user = Some(Id::from_uuid(other)),
        &|row| row.owners = !row.owners,
        &|row| row.body.push(' '),
        &|row| row.hash = Hash::of("x"),
    ];
    for place in 0..stored.len() {
        for (number, change) in changes.iter().enumerate() {
            let mut changed = stored.clone();
            change(&mut changed[place].0);
            assert!(broken(&changed).is_some(), "{}: change {number}", stored[place].0.kind);
        }
        for value in 0..stored[place].1.len() {
            let changes: [&dyn Fn(&mut Personal); 3] =
                [&|it| it.name.push('x'), &|it| it.value.push(' '), &|it| it.salt[0] ^= 1];
            for (number, change) in changes.iter().enumerate() {
                let mut changed = stored.clone();
                change(&mut changed[place].1[value]);
                assert!(broken(&changed).is_some(), "{}: value {number}", stored[place].0.kind);
            }
        }
    }
}

/// What the page and the API show of an entry comes from its text, its hash and its personal values, and from nothing else
/// but what people are called today, which the page says.
async fn what_is_shown_is_what_is_committed_to(test: TestDb) {
    let (house, _) = eventful(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/activity?topic=recovery", house.account);
    let (page, answer) = (ben.get(&path).await.body, found(&house, "").await);
    assert!(page.contains("People are called by the names that they have today."));
    // The columns that repeat the text show nothing of their own.
    let other = match house.test.db.backend() {
        Backend::Sqlite => {
            house.test.script("drop trigger activity_update").await;
            "at = at + 1, owners = not owners"
        }
        Backend::Postgres => "at = at + interval '1 microsecond', owners = not owners",
    };
    tamper(&house, &format!("update activity set {other}")).await;
    assert_eq!(ben.get(&path).await.body, page);
    assert_eq!(found(&house, "").await, answer);
    // A new name is what is called today, and it changes no answer of the API.
    house.test.script("update users set name = 'Somebody Else'").await;
    assert_eq!(found(&house, "").await, answer);
    assert!(ben.get(&path).await.body.contains("Somebody Else"));
}
