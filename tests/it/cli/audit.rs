//! `audit verify`: a log that is whole, and every way to tamper with one.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use quorate::{
    activity::{audit::Sealed, chain::Broken, entry::Hash, personal::Whose},
    app::{
        app::App, audit::verify, audit_log::Kept, create_account::CreateAccount, erase_values::erase, error::Error,
        invite::NewPerson, principal::Principal,
    },
    clock::Clock,
    dns::Dns,
    id::{AccountId, UserId},
    moment::Moment,
    secret::{Chance, ServerSecret},
    store::{audit_entries::page, tx::Backend},
};

use super::place::Place;
use crate::harness::{TestDb, on_both, presets, quick_passwords};

on_both!(
    a_whole_log_is_verified,
    pages_of_any_length_have_the_same,
    tampering_is_found,
    what_was_erased_is_not_missed,
    entries_of_no_account_are_found,
);

/// Everybody of whom a log tells.
async fn account_people(test: &TestDb, account: AccountId) -> Vec<UserId> {
    let people = "select distinct user_id from activity where account_id = $1 and user_id is not null";
    test.db.read().await.unwrap().sql(people).bind(account).scalars().await.unwrap()
}

/// A service on that database.
pub(super) fn app(test: &TestDb) -> App {
    let chance = Chance::seeded(7);
    App {
        db: test.db.clone(),
        clock: Clock::set_to(Moment::from_micros(1_700_000_000_000_000)),
        secret: ServerSecret::generate(&chance),
        chance,
        passwords: quick_passwords(),
        presets: presets(),
        dns: Dns::of_servers(&[]),
        providers: quorate::sign_on::provider::Providers::new(quorate::ownership::sign_on::Networks::default()),
        receivers: quorate::outside::receivers::Receivers::new(quorate::ownership::sign_on::Networks::default()),
        public_url: "https://quorate.example".to_owned(),
        inbound: None,
    }
}

/// Two accounts; the log of each has three entries: its creation and two invitations.
pub(super) async fn two_accounts(app: &App) -> (AccountId, AccountId) {
    let person = |name: &str| NewPerson {
        name: name.to_owned(),
        email: format!("{}@example.org", name.to_lowercase()).parse().unwrap(),
    };
    let create = |name: &str| CreateAccount {
        app: app.clone(),
        name: name.to_owned(),
        preset: None,
        parent: None,
        reference: None,
        first_user: person("Alex"),
        administrators: vec![person("Kim"), person("Robin")],
        policy: serde_json::Map::new(),
        principal: Principal::Operator { token: None },
    };
    let first = app.db.run(create("First")).await.unwrap().account.id;
    (first, app.db.run(create("Second")).await.unwrap().account.id)
}

async fn problems(test: &TestDb) -> Vec<(AccountId, Broken)> {
    verify(&test.db, None, &Kept::default(), Arc::new(|_| ())).await.unwrap().problems.into_iter().collect()
}

/// Runs statements behind the back of triggers and foreign keys, as somebody would who owns the machine.
pub(super) async fn tamper(test: &TestDb, statements: &str) {
    let disarmed = match test.db.backend() {
        Backend::Sqlite => {
            let triggers = [
                "activity_update",
                "activity_delete",
                "activity_personal_update",
                "activity_personal_delete",
                "log_unsealed_stay",
                "log_unsealed_guard",
                "log_leaves_guard",
                "log_leaves_stay",
                "log_tiles_guard",
                "log_tiles_stay",
                "log_keys_guard",
                "log_keys_stay",
                "log_checkpoints_guard",
                "log_checkpoints_stay",
                "log_head_guard",
                "log_head_stay",
            ];
            let drops: Vec<_> = triggers.iter().map(|name| format!("drop trigger if exists {name}")).collect();
            format!("pragma foreign_keys = off; {}", drops.join("; "))
        }
        Backend::Postgres => "set session_replication_role = replica".to_owned(),
    };
    test.script(&format!("{disarmed}; {statements}")).await;
}

/// An id as both databases write it in a statement.
pub(super) fn literal(test: &TestDb, account: AccountId) -> String {
    match test.db.backend() {
        Backend::Sqlite => format!("x'{}'", account.uuid().simple()),
        Backend::Postgres => format!("'{}'", account.uuid()),
    }
}

async fn a_whole_log_is_verified(test: TestDb) {
    let (_, second) = two_accounts(&app(&test)).await;
    let seen = Arc::new(AtomicU64::new(0));
    let counted = seen.clone();
    let hear = Arc::new(move |count| {
        counted.fetch_add(count, Relaxed);
    });
    let found = verify(&test.db, None, &Kept::default(), hear).await.unwrap();
    assert_eq!((found.accounts, found.entries, found.problems.len(), seen.load(Relaxed)), (2, 6, 0, 6));
    let found = verify(&test.db, Some(second), &Kept::default(), Arc::new(|_| ())).await.unwrap();
    assert_eq!((found.accounts, found.entries, found.problems.len()), (1, 3, 0));
    let nobody = "acct_01h455vb4pex5vsknk084sn02q".parse().unwrap();
    assert!(matches!(verify(&test.db, Some(nobody), &Kept::default(), Arc::new(|_| ())).await, Err(Error::NotFound)));
}

/// Entries are gone from the middle and from the end, so something stands beside entries that are not there.
async fn pages_of_any_length_have_the_same(test: TestDb) {
    let (first, second) = two_accounts(&app(&test)).await;
    for (account, seq) in [(first, 2), (second, 3)] {
        let gone = format!("delete from activity where seq = {seq} and account_id = {}", literal(&test, account));
        tamper(&test, &gone).await;
    }
    let left = BTreeMap::from([(first, [1, 3]), (second, [1, 2])]);
    let left: Vec<_> = left.into_iter().flat_map(|(account, seqs)| seqs.map(|seq| (account, seq))).collect();
    let gone = BTreeMap::from([(first, 2), (second, 3)]);
    let mut tx = test.db.snapshot().await.unwrap();
    for length in 1..=7 {
        let (mut entries, mut stray) = (Vec::new(), Vec::new());
        let mut next = Some((first.min(second), i64::MIN));
        while let Some(after) = next {
            let page = page(&mut tx, after, first.max(second), length).await.unwrap();
            assert!(page.entries.len() <= usize::try_from(length).unwrap());
            entries.extend(page.entries.into_iter().map(|found| {
                // The first entry tells of the account and of a person, the others of a person.
                assert_eq!(
                    (found.personal.len(), found.sealed),
                    (if found.row.seq == 1 { 3 } else { 2 }, Sealed::Waits)
                );
                (found.account, found.row.seq)
            }));
            stray.extend(page.stray);
            next = page.next;
        }
        assert_eq!(entries, left, "pages of {length}");
        let of = |(account, broken): (AccountId, Broken)| {
            let Broken::PersonalChanged { seq, .. } = broken else { panic!("{broken}") };
            (account, seq)
        };
        assert_eq!(stray.into_iter().map(of).collect::<BTreeMap<_, _>>(), gone, "pages of {length}");
    }
}

/// Statements about one account (`$A` stands for it), and what is said of it afterwards.
const TAMPERING: [(&str, &str); 16] = [
    (
        "update activity set body = replace(body, 'invited', 'removed') where seq = 2 and $A",
        "entry 2 was changed: its text does not have the stored hash",
    ),
    (
        "update activity set hash = (select hash from activity where seq = 1 and $A) where seq = 2 and $A",
        "entry 2 was changed: its text does not have the stored hash",
    ),
    (
        "update activity set kind = 'x' where seq = 2 and $A",
        "entry 2: the column `kind` does not say what the entry says",
    ),
    (
        "update activity set owners = not owners where seq = 1 and $A",
        "entry 1: the column `owners` does not say what the entry says",
    ),
    (
        "update activity set user_id = null where seq = 3 and $A",
        "entry 3: the column `user_id` does not say what the entry says",
    ),
    (
        "update activity set actor_id = user_id where seq = 3 and $A",
        "entry 3: the column `actor_id` does not say what the entry says",
    ),
    (
        "update activity set case_id = user_id where seq = 3 and $A",
        "entry 3: the column `case_id` does not say what the entry says",
    ),
    ("delete from activity where seq = 1 and $A", "entry 1 does not follow the entry before it"),
    ("delete from activity where seq = 2 and $A", "entry 2 does not follow the entry before it"),
    ("delete from activity where seq = 3 and $A", "the log ends at entry 2, and the account records 3"),
    ("delete from activity where $A", "the log ends at entry 0, and the account records 3"),
    (
        "update activity set seq = 9 where seq = 2 and $A; update activity set seq = 2 where seq = 3 and $A; update activity set seq = 3 where seq = 9 and $A",
        "entry 2 does not follow the entry before it",
    ),
    (
        "update activity_personal set value = 'Mallory' where seq = 2 and name = 'name' and $A",
        "entry 2: the stored value of `name` is not the one that was recorded",
    ),
    (
        "update activity_personal set seq = 9 where seq = 3 and name = 'name' and $A",
        "the number of missing personal values is 1, and entries tell of 0 that were erased",
    ),
    (
        "update members set owner = true where user_id = (select user_id from activity where seq = 2 and $A) and $A",
        "replaying the log gives other owners than the database has",
    ),
    (
        "update accounts set head_seq = 2 where id = (select account_id from activity where seq = 2 and $A)",
        "the log ends at entry 3, and the account records 2",
    ),
];

async fn tampering_is_found(test: TestDb) {
    let mut missed = Vec::new();
    for (statements, said) in TAMPERING {
        let place = test.bare_sibling().await;
        quorate::store::schema::migrate(&place.db).await.unwrap();
        let (first, second) = two_accounts(&app(&place)).await;
        let one = format!("account_id = {}", literal(&place, first));
        tamper(&place, &statements.replace("$A", &one)).await;
        let found: Vec<_> = problems(&place).await.into_iter().map(|(id, broken)| (id, broken.to_string())).collect();
        if found != [(first, said.to_owned())] {
            missed.push((statements, found));
        }
        let other = verify(&place.db, Some(second), &Kept::default(), Arc::new(|_| ())).await.unwrap();
        assert!(other.problems.is_empty(), "{statements}: {other:?}");
        place.db.close().await;
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

async fn what_was_erased_is_not_missed(test: TestDb) {
    let (first, _) = two_accounts(&app(&test)).await;
    let app = app(&test);
    let everybody = account_people(&test, first).await;
    for person in everybody {
        erase(&app, &Principal::Operator { token: None }, Whose::User(person), Some(first)).await.unwrap();
    }
    assert_eq!(problems(&test).await, []);
    // Whoever takes values out without an entry about it is found, and whoever puts them back.
    tamper(&test, &format!("delete from activity_personal where account_id <> {}", literal(&test, first))).await;
    let found = problems(&test).await;
    let said: Vec<_> = found.iter().map(|(_, broken)| broken.clone()).collect();
    assert_eq!(said, [Broken::ErasedUnseen { missing: 7, recorded: 0 }]);
}

async fn entries_of_no_account_are_found(test: TestDb) {
    two_accounts(&app(&test)).await;
    // Before all accounts, and behind them.
    let copy = |place: u128| {
        let account = literal(&test, AccountId::from_uuid(uuid::Uuid::from_u128(place)));
        format!(
            "insert into activity select {account}, seq, at, kind, actor_id, case_id, user_id, owners, body, hash
             from (select * from activity where seq = 2 order by account_id limit 1) as entry"
        )
    };
    tamper(&test, &format!("{}; {}", copy(u128::MAX), copy(1))).await;
    let found = problems(&test).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|(_, problem)| *problem == Broken::NoAccount { seq: 2 }), "{found:?}");
}

#[tokio::test]
async fn the_command_says_what_is_broken_and_exits_with_1() {
    let place = Place::installed();
    let create = |name: &str| {
        let made = place.json(&["account", "create", "--name", name, "--owner", "Alex Example <alex@example.org>"]);
        made["account"]["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (create("First"), create("Second"));
    let said = place.run(&["audit", "verify"]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (Some(0), "2 accounts, 2 entries: all verified\n0 of them sealed by 0 checkpoints\n", "")
    );

    // Somebody who also computes the hash anew is found at the head.
    let (body,): (String,) = {
        use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
        let file = SqliteConnectOptions::new().filename(place.data_dir().join("quorate.db"));
        let mut connection = file.connect().await.unwrap();
        let id: AccountId = first.parse().unwrap();
        sqlx::query_as("select body from activity where account_id = $1")
            .bind(id)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    };
    let forged = body.replace("operator", "service").replace(r#""token":null,"#, "");
    assert_ne!(forged, body);
    let id: AccountId = first.parse().unwrap();
    place
        .script(&format!(
            "drop trigger activity_update; update activity set body = '{forged}', hash = x'{}' where account_id = x'{}'",
            Hash::of(&forged),
            id.uuid().simple()
        ))
        .await;
    let said = place.run(&["audit", "verify"]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.starts_with(&format!("{first}: entry 1 was changed")), "{}", said.out);
    assert!(said.out.contains("2 accounts, 2 entries: 1 broken\n"), "{}", said.out);
    let said = place.run(&["audit", "verify", "--json", "--account", &first]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, report["problems"][0]["account"].as_str()), (Some(1), Some(first.as_str())));
    assert_eq!(place.run(&["audit", "verify", "--account", &second]).code, Some(0));
    place.run(&["audit", "verify", "--account", "acct_01h455vb4pex5vsknk084sn02q"]).refused(1, "there is no account");
}
