//! Each call to the database of each use case fails once, in each way, and nothing of the unit of work is left; or, where
//! the database had saved it and could not say so any more, all of it.

use std::collections::BTreeSet;

use quorate::{
    app::{error::Error, rename_account::RenameAccount},
    store::{error::DbError, tx::Backend},
};

use super::{
    faults::How,
    ground::{Ground, Prepared, outline},
    trials::{self, Again, Trial},
};
use crate::{
    architecture::source::read_package,
    harness::{
        TestDb, on_both,
        race::tell,
        trace::{Dump, difference},
    },
};

on_both!(
    cases,
    members,
    owners,
    settings,
    doors,
    themselves,
    passkeys,
    sign_on,
    recovery_users,
    redemption,
    tree,
    webhooks,
    jobs,
    mailed
);

async fn cases(test: TestDb) {
    every_call_of("cases", trials::cases::TRIALS, test).await;
}

async fn members(test: TestDb) {
    every_call_of("members", trials::members::TRIALS, test).await;
}

async fn owners(test: TestDb) {
    every_call_of("owners", trials::owners::TRIALS, test).await;
}

async fn settings(test: TestDb) {
    every_call_of("settings", trials::settings::TRIALS, test).await;
}

async fn doors(test: TestDb) {
    every_call_of("doors", trials::doors::TRIALS, test).await;
}

async fn themselves(test: TestDb) {
    every_call_of("themselves", trials::themselves::TRIALS, test).await;
}

async fn passkeys(test: TestDb) {
    every_call_of("passkeys", trials::passkeys::TRIALS, test).await;
}

async fn sign_on(test: TestDb) {
    every_call_of("sign-on", trials::sign_on::TRIALS, test).await;
}

async fn recovery_users(test: TestDb) {
    every_call_of("recovery users", trials::recovery_users::TRIALS, test).await;
}

async fn redemption(test: TestDb) {
    every_call_of("redemption", trials::redemption::TRIALS, test).await;
}

async fn tree(test: TestDb) {
    every_call_of("tree", trials::tree::TRIALS, test).await;
}

async fn webhooks(test: TestDb) {
    every_call_of("webhooks", trials::webhooks::TRIALS, test).await;
}

async fn jobs(test: TestDb) {
    every_call_of("jobs", trials::jobs::TRIALS, test).await;
}

async fn mailed(test: TestDb) {
    every_call_of("mails that come in", trials::mailed::TRIALS, test).await;
}

/// What came of the calls that failed.
#[derive(Debug, Default)]
struct Tally {
    /// The unit failed, and nothing is left of it.
    nothing: u32,
    /// The unit was run again by itself, and is done.
    recovered: u32,
    /// The database did not say, and nothing was saved.
    unsure_nothing: u32,
    /// The database did not say, and everything was saved.
    unsure_whole: u32,
    /// Of several units, some are done, and the others follow.
    partly: u32,
}

async fn every_call_of(what: &str, trials: &[Trial], test: TestDb) {
    let mut tally = Tally::default();
    let (count, backend) = (trials.len(), test.db.backend());
    for trial in trials {
        let prepared = Prepared::new(trial, test.another().await).await;
        let done = undisturbed(trial, &prepared).await;
        for how in How::all(backend) {
            let calls = every_call(trial, &prepared, &done, *how, &mut tally).await;
            assert!(calls >= 3, "`{}` makes only {calls} calls that could fail", trial.name);
        }
    }
    let Tally { nothing, recovered, unsure_nothing, unsure_whole, partly } = tally;
    match backend {
        Backend::Sqlite => assert_eq!(unsure_nothing + unsure_whole, 0),
        // Each commit was lost once after it was done, except those of the jobs, of which nobody waits for an answer.
        Backend::Postgres => assert_eq!(unsure_whole > 0, nothing > 0),
    }
    tell(&format!(
        "crash points on {backend:?}, {what}: {count} use cases, {nothing} calls failed and left nothing, {recovered} were \
         made again, {unsure_nothing} left it open and nothing, {unsure_whole} left it open and all, {partly} left some units"
    ));
}

/// What it leaves when nothing fails.
pub async fn undisturbed(trial: &Trial, prepared: &Prepared) -> Dump {
    let ground = prepared.copy().await;
    let before = ground.world.dump().await;
    let told = (prepared.attempt)(ground.world.app.clone()).await;
    if let Err(error) = &told {
        assert!(!matches!(error, Error::Internal(_)), "`{}`: {error}", trial.name);
    }
    let done = ground.world.dump().await;
    let changes = difference(&before, &done);
    assert!(!changes.is_empty() || trial.name.starts_with("show"), "`{}` does nothing: {told:?}", trial.name);
    outline(&done)
}

/// Fails the first call, then the second, and so on until there is none to fail. Says how many there were.
async fn every_call(trial: &Trial, prepared: &Prepared, done: &Dump, how: How, tally: &mut Tally) -> u32 {
    let mut ground = prepared.copy().await;
    let before = ground.world.dump().await;
    for call in 1.. {
        let at = format!("`{}`, call {call} {how:?}", trial.name);
        ground.faults.arm(call, how);
        let told = (prepared.attempt)(ground.world.app.clone()).await;
        let struck = ground.faults.disarm();
        let after = ground.world.dump().await;
        match told {
            Err(Error::Internal(error)) if struck => {
                let unsure = matches!(error, DbError::Unsure(_));
                let nothing = difference(&before, &after).is_empty();
                match (trial.again, unsure, nothing) {
                    (Again::Later, ..) => tally.partly += 1,
                    (Again::TheRest, ..) => {
                        finish(&ground, prepared, done, &at).await;
                        tally.partly += 1;
                    }
                    (_, false, _) => {
                        assert_eq!(difference(&before, &after), [""; 0], "{at} left a trace");
                        tally.nothing += 1;
                        // The next one fails on the same ground, so that whatever is left shows.
                        continue;
                    }
                    (_, true, true) => {
                        tally.unsure_nothing += 1;
                        continue;
                    }
                    (_, true, false) => {
                        assert_eq!(difference(done, &outline(&after)), [""; 0], "{at} left the half of it");
                        repeat(trial, &ground, prepared, &after, &at).await;
                        tally.unsure_whole += 1;
                    }
                }
            }
            Err(Error::Internal(error)) => panic!("{at}: {error}"),
            // It was refused, or done.
            told => {
                assert_eq!(difference(done, &outline(&after)), [""; 0], "{at}: {told:?}");
                if !struck {
                    return call - 1;
                }
                tally.recovered += 1;
            }
        }
        ground = prepared.copy().await;
    }
    0
}

/// Does the rest of what was done in part.
async fn finish(ground: &Ground, prepared: &Prepared, done: &Dump, at: &str) {
    (prepared.attempt)(ground.world.app.clone()).await.unwrap();
    assert_eq!(difference(done, &outline(&ground.world.dump().await)), [""; 0], "{at}, then the rest");
}

/// Does once more what was done without anybody knowing.
async fn repeat(trial: &Trial, ground: &Ground, prepared: &Prepared, done: &Dump, at: &str) {
    let told = (prepared.attempt)(ground.world.app.clone()).await;
    let after = ground.world.dump().await;
    match trial.again {
        Again::Nothing => {
            assert!(!matches!(told, Err(Error::Internal(_))), "{at}, repeated: {told:?}");
            assert_eq!(difference(done, &after), [""; 0], "{at}, repeated");
        }
        Again::Answers => {
            let again = (prepared.attempt)(ground.world.app.clone()).await;
            assert_eq!(told.unwrap(), again.unwrap(), "{at}, repeated");
            assert_eq!(difference(done, &after), [""; 0], "{at}, repeated");
        }
        Again::OneMore => assert!(!matches!(told, Err(Error::Internal(_))), "{at}, repeated: {told:?}"),
        Again::TheRest | Again::Later => {}
    }
}

/// A change in two units of work, which should be one.
const HALVES: Trial = Trial {
    name: "change in two halves",
    again: Again::Nothing,
    prepare: |world| {
        Box::pin(async move {
            let team = world.account("single-owner", 1).await;
            let (account, principal) = (team.id, world.proven(team.owner));
            trials::several(move |app| {
                let rename = |name: &str| RenameAccount {
                    app: app.clone(),
                    account,
                    name: name.to_owned(),
                    version: None,
                    principal: principal.clone(),
                };
                let (first, second) = (rename("Acme Freight"), rename("Acme Freight and Sons"));
                let db = app.db.clone();
                async move {
                    db.run(first).await?;
                    db.run(second).await.map(drop)
                }
            })
        })
    },
};

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "left a trace")]
async fn control_a_change_in_two_halves_is_found() {
    let prepared = Prepared::new(&HALVES, TestDb::sqlite().await).await;
    let done = undisturbed(&HALVES, &prepared).await;
    every_call(&HALVES, &prepared, &done, How::Refused, &mut Tally::default()).await;
}

/// Every unit of work in the sources is begun by one of the trials, so that a new one is not forgotten here.
#[tokio::test(flavor = "multi_thread")]
async fn no_unit_of_work_is_forgotten() {
    let mut begun = BTreeSet::new();
    for trial in trials::all() {
        let prepared = Prepared::new(trial, TestDb::sqlite().await).await;
        let ground = prepared.copy().await;
        drop((prepared.attempt)(ground.world.app.clone()).await);
        for unit in ground.faults.units() {
            // A unit may be wrapped in others: `once::Once<answering::Answering<…>>`.
            begun.extend(unit.split(['<', '>', ',', ' ']).map(str::to_owned));
        }
    }
    let written = units_in_sources();
    assert!(written.len() > 20, "the sources are not read as they are written: {written:?}");
    let forgotten: Vec<_> = written.difference(&begun).collect();
    assert!(forgotten.is_empty(), "add a trial to tests/it/death/trials for {forgotten:?}");
}

/// The path of every type that implements `Unit`.
fn units_in_sources() -> BTreeSet<String> {
    let mut units = BTreeSet::new();
    for source in read_package().into_iter().filter(|source| source.path.starts_with("src/")) {
        let module = source.path.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::");
        for (at, _) in source.code.match_indices(" Unit for ") {
            let name = source.code[at + " Unit for ".len()..].split(|letter: char| !letter.is_alphanumeric()).next();
            units.insert(format!("quorate::{module}::{}", name.unwrap()));
        }
    }
    units
}
