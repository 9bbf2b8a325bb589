//! Certificates: of every kind of recovery one that is right, and none that was changed in any place.

use std::{fs, path::Path, process::Command};

use quorate::{
    activity::{
        certificate::{
            check::{Wrong, check},
            form::Certificate,
            told::Told,
        },
        log::note::Verifier,
        personal::Whose,
    },
    app::{
        act::Asked,
        erase_values::erase,
        seal::RotateLogKey,
        view::{certificate::certificate, log::keys},
    },
    id::CaseId,
    jobs::seal::sweep,
    recovery::{ballot::Choice, policy::BallotWay, terms::Kind},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{
    redemption::{completed, held},
    scene::OPERATOR,
    signed_ballots::{answer, opened, wanted},
};
use crate::harness::{
    TestDb, on_both,
    world::{World, days, hours, refused},
};

const PYTHON: &str = "/usr/bin/python3";

on_both!(
    a_vote_is_certified,
    a_paper_key_is_certified,
    signed_ballots_are_certified,
    a_long_story_is_certified,
    only_what_is_done_and_sealed_is_certified,
    what_was_erased_is_not_missed,
);

async fn seal(world: &World) {
    sweep(&world.app, &CancellationToken::new()).await.unwrap();
}

/// The certificate of a case, as text.
pub async fn certified(world: &World, case: CaseId) -> String {
    seal(world).await;
    serde_json::to_string(&certificate(&world.app, &OPERATOR, case).await.unwrap()).unwrap()
}

/// A vote of two of three administrators.
async fn voted(world: &World) -> CaseId {
    let team = world.account("recommended", 3).await;
    let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
    world.approve(&case, &team.admins[1..]).await;
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.case(case.id()).await.state.word(), "completed");
    case.id()
}

/// Whatever is changed in a certificate is found, by ours and by the checker that was written from the document alone.
pub fn nothing_can_be_changed(name: &str, text: &str, key: &Verifier) {
    check(text, Some(key)).unwrap();
    let certificate: Value = serde_json::from_str(text).unwrap();
    let mut changed = vec![("as it is".to_owned(), text.to_owned())];
    changes(&certificate, &mut |what, value| changed.push((what, value.to_string())));
    changed
        .push(("a member twice".to_owned(), text.replacen('{', "{\"format\":\"quorate-recovery-certificate/1\",", 1)));
    assert!(changed.len() > 50, "{}", changed.len());
    let directory = TempDir::new().unwrap();
    let mut found = Vec::new();
    for (number, (what, text)) in changed.iter().enumerate() {
        fs::write(directory.path().join(format!("{number:05}.json")), text).unwrap();
        let verdict = check(text, Some(key)).as_ref().err().map_or("valid", Wrong::code);
        assert_eq!(verdict == "valid", number == 0, "{name}: {what}: {verdict}");
        found.push(verdict.to_owned());
    }
    let Some(theirs) = second_checker(directory.path(), Some(key)) else { return };
    assert_eq!(theirs.len(), found.len());
    for (number, theirs) in theirs.into_iter().enumerate() {
        assert_eq!(theirs, found[number], "{name}: {}: {}", changed[number].0, changed[number].1);
    }
}

/// Every way to change one thing.
fn changes(value: &Value, tell: &mut dyn FnMut(String, Value)) {
    walk(value, "", &mut |path, change| {
        let mut whole = value.clone();
        *whole.pointer_mut(path).unwrap() = change;
        tell(path.to_owned(), whole);
    });
}

fn walk(value: &Value, path: &str, tell: &mut dyn FnMut(&str, Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let mut less = members.clone();
                less.remove(name);
                // Personal values may be missing: they can be erased.
                if !path.ends_with("/personal") {
                    tell(path, less.into());
                }
                walk(member, &format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), tell);
            }
            let mut more = members.clone();
            more.insert("user_01h455vb4pex5vsknk084sn02q".to_owned(), "more".into());
            tell(path, more.into());
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                let mut less = items.clone();
                less.remove(place);
                tell(path, less.into());
                let mut twice = items.clone();
                twice.insert(place, item.clone());
                tell(path, twice.into());
                if let Some(next) = items.get(place + 1).filter(|next| *next != item) {
                    let mut swapped = items.clone();
                    swapped[place] = next.clone();
                    swapped[place + 1] = item.clone();
                    tell(path, swapped.into());
                }
                walk(item, &format!("{path}/{place}"), tell);
            }
        }
        Value::String(text) => {
            for place in [0, text.len() / 3, text.len() / 2, text.len().saturating_sub(1)] {
                let mut bytes = text.clone().into_bytes();
                if let Some(byte) = bytes.get_mut(place).filter(|byte| byte.is_ascii()) {
                    *byte = if *byte == b'a' { b'b' } else { b'a' };
                    tell(path, String::from_utf8(bytes).unwrap().into());
                }
            }
            tell(path, format!("{text} ").into());
            tell(path, "".into());
            tell(path, Value::Null);
        }
        Value::Number(number) => {
            tell(path, (number.as_u64().unwrap() + 1).into());
            tell(path, json!(-1));
            tell(path, json!(1.5));
        }
        Value::Null | Value::Bool(_) => tell(path, json!("other")),
    }
}

/// What the other checker says of each file in that directory, in order; nothing where it cannot run.
pub fn second_checker(directory: &Path, key: Option<&Verifier>) -> Option<Vec<String>> {
    let can =
        Command::new(PYTHON).args(["-c", "import cryptography"]).output().is_ok_and(|tried| tried.status.success());
    if !can {
        let required = std::env::var_os("QUORATE_TEST_REQUIRE_CERTIFICATES").is_some();
        assert!(!required, "there is no python3-cryptography");
        println!("skipped: the second checker of certificates, because there is no python3-cryptography");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificate/verify.py");
    let key = key.into_iter().flat_map(|key| ["--key".to_owned(), key.to_string()]);
    let output = Command::new(PYTHON).arg(script).args(key).arg(directory).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let out = String::from_utf8(output.stdout).unwrap();
    Some(out.lines().map(|line| line.split_whitespace().next_back().unwrap().to_owned()).collect())
}

pub async fn key(world: &World) -> Verifier {
    keys(&world.app).await.unwrap().last().unwrap().key.parse().unwrap()
}

async fn told(world: &World, case: CaseId) -> Told {
    check(&certified(world, case).await, Some(&key(world).await)).unwrap()
}

async fn a_vote_is_certified(test: TestDb) {
    let world = World::new(test);
    let case = voted(&world).await;
    let told = told(&world, case).await;
    assert_eq!((told.case, told.kind, told.approvals, told.required), (case, Kind::Replace, 2, 2));
    assert_eq!(told.completed_at, told.due_at);
    assert_eq!((told.notice.as_str(), told.alerts.len()), ("in_time", 1));
    assert!(told.ballots.values().all(|ballot| ballot.way == BallotWay::SignedIn), "{told:?}");
    nothing_can_be_changed("vote", &certified(&world, case).await, &key(&world).await);
}

async fn a_paper_key_is_certified(test: TestDb) {
    let world = World::new(test);
    let (team, _, secret) = held(&world, 1, &json!({})).await;
    let case = completed(&world, &team, &secret, Kind::Add).await.id();
    let told = told(&world, case).await;
    assert_eq!((told.kind, told.approvals, told.keys.len()), (Kind::Add, 0, 1));
    nothing_can_be_changed("key", &certified(&world, case).await, &key(&world).await);
}

async fn signed_ballots_are_certified(test: TestDb) {
    let world = World::new(test);
    let (_, voters, case) = opened(&world, &["passkey"]).await;
    for mut voter in voters {
        let asked = wanted(&case, Choice::Approve);
        let answer = answer(&world, &mut voter, asked).await;
        quorate::app::sign_ballot::cast_signed(&world.app, voter.by.clone(), asked, answer).await.unwrap();
    }
    world.deliver().await;
    world.advance(days(4));
    world.sweep().await;
    let told = told(&world, case.id()).await;
    assert!(told.ballots.len() == 3 && told.ballots.values().all(|ballot| ballot.way == BallotWay::Passkey));
    nothing_can_be_changed("signed", &certified(&world, case.id()).await, &key(&world).await);
}

/// A pause, ballots that change, a case that falls short and comes back, alerts that come too late, another key of the log.
async fn a_long_story_is_certified(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let [ada, _, cleo, dora, _] = team.admins[..] else { panic!("five administrators") };
    seal(&world).await;
    world.app.db.run(RotateLogKey { app: world.app.clone() }).await.unwrap();
    world.vote(&case, ada, Choice::Reject).await.unwrap();
    world.approve(&case, &[ada, cleo, dora]).await;
    world.act(case.id(), world.proven(team.owner), Asked::Pause).await.unwrap();
    world.act(case.id(), world.proven(dora), Asked::TakeBack).await.unwrap();
    world.approve(&case, &[dora]).await;
    // Nobody delivers the alerts until the owner has too little time.
    world.advance(hours(144));
    world.sweep().await;
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.case(case.id()).await.state.word(), "completed");
    let told = told(&world, case.id()).await;
    assert_eq!((told.pauses, told.approvals), (1, 3), "{told:?}");
    nothing_can_be_changed("long", &certified(&world, case.id()).await, &key(&world).await);
}

async fn only_what_is_done_and_sealed_is_certified(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
    seal(&world).await;
    refused(certificate(&world.app, &OPERATOR, case.id()).await, "nothing_to_certify");
    world.approve(&case, &team.admins[1..]).await;
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    refused(certificate(&world.app, &OPERATOR, case.id()).await, "not_sealed_yet");
    seal(&world).await;
    let stranger = world.stranger().await;
    let seen = certificate(&world.app, &world.proven(stranger), case.id()).await;
    assert!(seen.is_err(), "whoever may not read the case gets no certificate");
    for user in [team.owner, team.admins[0]] {
        let found: Certificate = certificate(&world.app, &world.proven(user), case.id()).await.unwrap();
        assert_eq!(found.entries.len(), 5);
    }
    let text = certified(&world, case.id()).await;
    let other: Verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    assert_eq!(check(&text, Some(&other)).unwrap_err().code(), "key");
    check(&text, None).unwrap();
}

async fn what_was_erased_is_not_missed(test: TestDb) {
    let world = World::new(test);
    let case = voted(&world).await;
    let (text, terms) = (certified(&world, case).await, world.case(case).await.terms);
    let opener = world.case(case).await.opener.administrator().unwrap();
    erase(&world.app, &OPERATOR, Whose::User(opener), Some(terms.account)).await.unwrap();
    let less = certified(&world, case).await;
    let values = |text: &str| text.matches("\"salt\"").count();
    assert!(values(&less) < values(&text));
    let told = told(&world, case).await;
    assert_eq!(told.statement, terms.statement, "the terms have it as long as the case does");
}
