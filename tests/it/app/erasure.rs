//! Erasing personal values of the log: whose they are, what stays, and that nobody does it unseen.

use std::{collections::BTreeSet, sync::Arc};

use jiff::SignedDuration;
use quorate::{
    activity::chain::Broken,
    activity::personal::{MAIL, Whose, names, whose},
    app::{
        audit::verify,
        audit_log::Kept,
        erase_values::{EraseValues, Erased, Why, erase, would_erase},
        error::Error,
        view::activity::{EntryFilter, EntryView, activity},
    },
    id::{AccountId, UserId},
    jobs::retention,
    recovery::ballot::Choice,
    store::erasure::Place,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::harness::{
    TestDb,
    every_entry::{Cast, draft, personal_names, recovery_user, write_every},
    on_both,
    world::{OPERATOR, Team, World},
};

on_both!(
    what_a_person_asks_for_is_erased,
    what_a_recovery_user_asks_for_is_erased,
    only_operators_erase,
    what_is_old_is_erased_and_an_open_case_keeps_its_values,
    what_others_were_faster_to_do_is_not_done_again,
);

fn id(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

/// Every name under which a source records a personal value.
fn recorded() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in walkdir(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/app"))) {
        let text = std::fs::read_to_string(file).unwrap();
        for call in text.split(".personal(").skip(1) {
            let call = call.trim_start();
            let name = match call.strip_prefix("MAIL,") {
                Some(_) => MAIL,
                None => call
                    .strip_prefix('"')
                    .expect("a personal value is recorded under a name that is written out")
                    .split('"')
                    .next()
                    .unwrap(),
            };
            names.insert(name.to_owned());
        }
    }
    names
}

fn walkdir(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walkdir(&path) } else { vec![path] }).collect()
}

#[test]
fn it_is_known_whose_every_value_is() {
    let known: BTreeSet<String> = names().map(str::to_owned).collect();
    assert_eq!(recorded(), known, "say in src/activity/personal.rs whose it is");
    let cast = Cast { by: id(1), about: id(2), case: quorate::id::CaseId::from_uuid(Uuid::from_u128(3)) };
    assert_eq!(personal_names(cast), known, "tests/it/harness/every_entry.rs has them all");
    let rita = Whose::RecoveryUser(recovery_user().parse().unwrap());
    for kind in quorate::activity::topic::kinds() {
        let draft = draft(kind, cast);
        let sealed = quorate::activity::chain::seal(
            AccountId::from_uuid(Uuid::from_u128(4)),
            quorate::activity::chain::Head::START,
            quorate::moment::Moment::from_micros(0),
            draft,
            || [0; 16],
        );
        let entry = sealed.unwrap().entry;
        for name in entry.personal.keys() {
            let expected = match name.as_str() {
                "mail" | "statement" => Whose::User(id(1)),
                "name" | "email" | "email_before" | "nominee_name" | "nominee_email" => Whose::User(id(2)),
                "recovery_user_name" => rita,
                _ => Whose::Nobody,
            };
            assert_eq!(whose(&entry, name), expected, "{kind} {name}");
        }
    }
}

/// An account in whose log everything has happened, by the first administrator and about the second.
async fn scene(test: TestDb) -> (World, Team, Cast) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let case = quorate::id::CaseId::from_uuid(Uuid::from_u128(9));
    let cast = Cast { by: team.admins[0], about: team.admins[1], case };
    write_every(&world.app, team.id, cast).await;
    (world, team, cast)
}

async fn log(world: &World, team: &Team) -> Vec<EntryView> {
    activity(&world.app, &OPERATOR, team.id, EntryFilter::default(), 500).await.unwrap()
}

/// How many values there are of a person.
fn left(log: &[EntryView], person: Whose) -> u64 {
    let values = log.iter().flat_map(|view| view.values.keys().map(|name| whose(&view.entry, name)));
    u64::try_from(values.filter(|of| *of == person).count()).unwrap()
}

async fn is_whole(world: &World) {
    let found = verify(&world.app.db, None, &Kept::default(), Arc::new(|_| ())).await.unwrap();
    // The entries here tell of a case that was never opened.
    let whole = |problem: &Broken| matches!(problem, Broken::OtherCase { .. });
    assert!(found.problems.values().all(whole), "{found:?}");
}

async fn what_a_person_asks_for_is_erased(test: TestDb) {
    let (world, team, cast) = scene(test).await;
    let other = world.account("single-owner", 1).await;
    let (about, by) = (Whose::User(cast.about), Whose::User(cast.by));
    let before = log(&world, &team).await;
    let (theirs, others) = (left(&before, about), left(&before, by));
    assert!(theirs > 8 && others > 2);
    let found = would_erase(&world.app, about, None).await.unwrap();
    assert_eq!(found, Erased { accounts: 1, values: theirs, stay: 0 });
    assert_eq!(log(&world, &team).await.len(), before.len(), "asking changes nothing");
    let none = erase(&world.app, &OPERATOR, about, Some(other.id)).await.unwrap();
    assert_eq!(none, Erased::default());
    assert_eq!(erase(&world.app, &OPERATOR, about, Some(team.id)).await.unwrap(), found);
    let after = log(&world, &team).await;
    assert_eq!((left(&after, about), left(&after, by)), (0, others));
    let [.., last] = after.as_slice() else { panic!() };
    assert_eq!(last.entry.kind, "personal_values.erased");
    assert_eq!((last.entry.user, last.entry.data["values"].as_u64()), (Some(cast.about), Some(theirs)));
    assert_eq!(last.entry.data["why"], "asked");
    assert!(last.entry.personal.is_empty());
    let erased: usize = after.iter().map(|view| view.erased.len()).sum();
    assert_eq!(u64::try_from(erased).unwrap(), theirs);
    is_whole(&world).await;
    assert_eq!(erase(&world.app, &OPERATOR, about, None).await.unwrap(), Erased::default(), "there is nothing more");
    assert_eq!(log(&world, &team).await.len(), after.len());
}

async fn what_a_recovery_user_asks_for_is_erased(test: TestDb) {
    let (world, team, _) = scene(test).await;
    // The account that chose them is where their values are.
    let id: quorate::id::RecoveryUserId = recovery_user().parse().unwrap();
    let literal = |uuid: Uuid| match world.app.db.backend() {
        quorate::store::tx::Backend::Sqlite => format!("x'{}'", uuid.simple()),
        quorate::store::tx::Backend::Postgres => format!("'{uuid}'"),
    };
    let (rita, account, owner) = (literal(id.uuid()), literal(team.id.uuid()), literal(team.owner.uuid()));
    let row = format!(
        "insert into recovery_users (id, account_id, name, added_by, added_at)
         select {rita}, {account}, 'Rita', {owner}, created_at from accounts where id = {account}"
    );
    world.script(&row).await;
    let person = Whose::RecoveryUser(id);
    let theirs = left(&log(&world, &team).await, person);
    assert!(theirs > 5);
    assert_eq!(erase(&world.app, &OPERATOR, person, None).await.unwrap().values, theirs);
    let after = log(&world, &team).await;
    assert_eq!(left(&after, person), 0);
    assert_eq!(after.last().unwrap().entry.data["recovery_user"], recovery_user());
    is_whole(&world).await;
}

async fn only_operators_erase(test: TestDb) {
    let (world, team, cast) = scene(test).await;
    for somebody in [world.proven(team.owner), world.platform(None).await] {
        let refused = erase(&world.app, &somebody, Whose::User(cast.about), None).await;
        assert!(matches!(refused, Err(Error::Access(quorate::app::error::Access::OperatorsOnly))), "{refused:?}");
    }
}

async fn what_is_old_is_erased_and_an_open_case_keeps_its_values(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let stop = CancellationToken::new();
    let day = SignedDuration::from_hours(24);
    let sweep = async || retention::sweep(&world.app, day.checked_mul(2).unwrap(), &stop).await.unwrap();
    assert_eq!(sweep().await.looked_at, 0);
    world.advance(day.checked_mul(4).unwrap());
    let before = log(&world, &team).await;
    let of_case = |log: &[EntryView]| -> usize {
        log.iter().filter(|view| view.entry.case == Some(case.id())).map(|view| view.values.len()).sum()
    };
    let all: usize = before.iter().map(|view| view.values.len()).sum();
    assert_eq!(of_case(&before), 3);
    assert_eq!(sweep().await.failed, 0);
    let after = log(&world, &team).await;
    assert_eq!(after.iter().map(|view| view.values.len()).sum::<usize>(), 3, "what the open case is about stays");
    assert_eq!(of_case(&after), 3);
    let last = &after.last().unwrap().entry;
    assert_eq!((last.kind.as_str(), last.data["why"].as_str()), ("personal_values.erased", Some("kept")));
    assert_eq!(last.data["values"].as_u64().unwrap(), u64::try_from(all - 3).unwrap());
    is_whole(&world).await;
    // Somebody who asks is not told otherwise.
    let nominee = Whose::User(team.admins[1]);
    let asked = erase(&world.app, &OPERATOR, nominee, None).await.unwrap();
    assert_eq!((asked.values, asked.stay), (0, 2));
    // Another sweep finds nothing, until the case has ended; and a log gets one entry a day at most.
    assert_eq!(sweep().await.looked_at, 0);
    assert_eq!(log(&world, &team).await.len(), after.len());
    world.vote(&case, team.admins[1], Choice::Reject).await.unwrap();
    world.vote(&case, team.admins[2], Choice::Reject).await.unwrap();
    assert_eq!(sweep().await.looked_at, 1);
    let ended = log(&world, &team).await;
    assert_eq!(ended.iter().map(|view| view.values.len()).sum::<usize>(), 0);
    is_whole(&world).await;
}

async fn what_others_were_faster_to_do_is_not_done_again(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let places = log(&world, &team).await.iter().flat_map(places_of_values).collect::<Vec<_>>();
    let erasing = async |places: Vec<Place>| {
        let unit = EraseValues { app: world.app.clone(), account: team.id, places, why: Why::Kept };
        world.app.db.run(unit).await.unwrap()
    };
    assert_eq!(erasing(places.clone()).await, u64::try_from(places.len()).unwrap());
    let entries = log(&world, &team).await.len();
    assert_eq!(erasing(places).await, 0, "another replica had the same before it");
    assert_eq!(log(&world, &team).await.len(), entries, "nothing happened, and no entry says so");
    // Somebody opened a case since these were found.
    world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let of_case = log(&world, &team).await.iter().flat_map(places_of_values).collect::<Vec<_>>();
    assert_eq!((of_case.len(), erasing(of_case).await), (3, 0));
    is_whole(&world).await;
}

/// Where the values of an entry are.
fn places_of_values(view: &EntryView) -> Vec<Place> {
    let seq = i64::try_from(view.entry.seq).unwrap();
    view.values.keys().map(|name| (seq, name.clone())).collect()
}
