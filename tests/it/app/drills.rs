//! Drills: key and mailbox together are shown to work, wrong tries are told of, and nobody is locked out by them.

use jiff::SignedDuration;
use quorate::{
    app::{
        drill::{BeginDrill, EndDrill, Mailed, Works},
        error::Error,
        view::paper_keys::paper_keys,
    },
    id::CodeId,
    jobs::key_tries::sweep,
    ownership::key_tries::{LOGGED, TELL_EVERY},
    paper_key::key::{PaperKey, Secret},
};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{
    paper_keys::{issue, revoke, told},
    recovery_users::{confirmed, letters},
};
use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, Team, World, days, refused, signed_in},
};

on_both!(
    key_and_mailbox_together_are_drilled,
    one_without_the_other_is_nothing,
    what_works_no_more_looks_like_what_never_did,
    codes_are_limited,
    owners_hear_of_wrong_tries_once_an_hour,
    wrong_tries_lock_nobody_out,
    a_key_that_opens_nothing_is_not_drilled,
    nothing_of_a_drill_is_usable_from_the_database,
);

const RITA: &str = "rita@example.net";

/// The same number, with another secret.
pub fn forged(key: &PaperKey) -> PaperKey {
    PaperKey::new(key.number(), Secret::new(Zeroizing::new([7; 20])))
}

pub async fn begin(world: &World, key: &PaperKey) -> Result<Mailed, Error> {
    world.app.db.run(BeginDrill { app: world.app.clone(), key: key.clone() }).await?.mailed()
}

pub async fn end(world: &World, drill: CodeId, code: &str) -> Result<Works, Error> {
    world.app.db.run(EndDrill { app: world.app.clone(), drill, code: code.to_owned() }).await?.works()
}

/// The code in the newest mail to Rita.
pub async fn code(world: &World) -> String {
    let text = letters(world, RITA, "drill_code").await.swap_remove(0);
    let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
    text.lines().filter(|line| !line.contains('-')).map(digits).find(|digits| digits.len() == 8).unwrap()
}

async fn drilled_at(world: &World, team: &Team, user: quorate::id::RecoveryUserId) -> Option<quorate::moment::Moment> {
    paper_keys(&world.app, &signed_in(team.owner), team.id, user).await.unwrap()[0].drilled_at
}

async fn key_and_mailbox_together_are_drilled(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let rita = confirmed(&world, &team, &[RITA, "rita@example.com"]).await;
    let issued = issue(&world, &team, rita.id, Some(days(365)), None).await.unwrap();
    for time in 1..=2 {
        world.advance(days(1));
        let mailed = begin(&world, &issued.secret).await.unwrap();
        assert_eq!(mailed.sent_to, ["r\u{2022}\u{2022}\u{2022}@example.com", "r\u{2022}\u{2022}\u{2022}@example.net"]);
        assert_eq!(letters(&world, "rita@example.com", "drill_code").await.len(), time, "each address gets the code");
        let works = end(&world, mailed.drill, &code(&world).await).await.unwrap();
        assert_eq!((works.holder.name.as_str(), works.key.number), ("Rita Rossi", issued.key.number));
        assert_eq!(drilled_at(&world, &team, rita.id).await, Some(world.app.now()));
        refused(end(&world, mailed.drill, &code(&world).await).await, "wrong_code");
    }
    let drilled =
        told(&world, &team).await.into_iter().filter(|text| text.contains("Both work, and nothing was spent."));
    assert_eq!(drilled.count(), 2);
    assert!(world.letters(team.id, team.admins[0], "paper_key_changed").await.is_empty());
    let entries = world.activity(team.id).await.into_iter().filter(|line| line.kind == "paper_key.drilled");
    assert_eq!(entries.count(), 2);
    world.check(team.id).await;
}

async fn one_without_the_other_is_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let (first, second) = (
        issue(&world, &team, rita.id, None, None).await.unwrap(),
        issue(&world, &team, rita.id, None, None).await.unwrap(),
    );
    let mailed = begin(&world, &first.secret).await.unwrap();
    let right = code(&world).await;
    refused(end(&world, world.app.id(), &right).await, "wrong_code");
    world.advance(SignedDuration::from_millis(1));
    let other = begin(&world, &second.secret).await.unwrap();
    refused(end(&world, other.drill, &right).await, "wrong_code");
    for _ in 0..4 {
        refused(end(&world, mailed.drill, "1").await, "wrong_code");
    }
    end(&world, mailed.drill, &right).await.unwrap();
    // After five wrong ones the right code is none, nor is it after ten minutes.
    let newest = code(&world).await;
    for _ in 0..4 {
        refused(end(&world, other.drill, "1").await, "wrong_code");
    }
    refused(end(&world, other.drill, &newest).await, "wrong_code");
    world.advance(SignedDuration::from_millis(1));
    let late = begin(&world, &second.secret).await.unwrap();
    let code = code(&world).await;
    world.advance(SignedDuration::from_mins(10) - MICROSECOND);
    assert!(late.expires_at > world.app.now());
    world.advance(MICROSECOND);
    refused(end(&world, late.drill, &code).await, "wrong_code");
}

async fn what_works_no_more_looks_like_what_never_did(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let expired = issue(&world, &team, rita.id, Some(days(1)), None).await.unwrap();
    let ended = issue(&world, &team, rita.id, None, None).await.unwrap();
    let pending = begin(&world, &ended.secret).await.unwrap();
    let code = code(&world).await;
    revoke(&world, world.proven(team.owner), ended.key.id).await.unwrap();
    refused(end(&world, pending.drill, &code).await, "wrong_code");
    world.advance(days(1));
    let removed = confirmed(&world, &team, &["mia@example.net"]).await;
    let gone = issue(&world, &team, removed.id, None, None).await.unwrap();
    super::recovery_users::remove(&world, &team, world.proven(team.owner), removed.id).await.unwrap();
    let unknown = world.app.chance.paper_key();
    let mut said = Vec::new();
    for key in [&expired.secret, &ended.secret, &gone.secret, &unknown, &forged(&expired.secret)] {
        said.push(refused(begin(&world, key).await, "paper_key_refused"));
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(letters(&world, RITA, "drill_code").await.len(), 1);
}

async fn codes_are_limited(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let issued = issue(&world, &team, rita.id, None, None).await.unwrap();
    for _ in 0..quorate::app::drill::CODES {
        begin(&world, &issued.secret).await.unwrap();
    }
    refused(begin(&world, &issued.secret).await, "too_many_codes");
    world.advance(SignedDuration::from_mins(10));
    begin(&world, &issued.secret).await.unwrap();
}

async fn owners_hear_of_wrong_tries_once_an_hour(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let issued = issue(&world, &team, rita.id, None, None).await.unwrap();
    let wrong = forged(&issued.secret);
    let alarms = || async {
        let texts = told(&world, &team).await;
        texts.into_iter().filter(|text| text.contains("that is not right")).collect::<Vec<_>>()
    };
    let swept = || async {
        world.advance(MICROSECOND);
        sweep(&world.app, &CancellationToken::new()).await.unwrap().looked_at
    };
    refused(begin(&world, &wrong).await, "paper_key_refused");
    assert!(alarms().await[0].contains("1 time since"), "at once, the first time");
    for _ in 0..LOGGED + 3 {
        refused(begin(&world, &wrong).await, "paper_key_refused");
    }
    assert_eq!((alarms().await.len(), swept().await), (1, 0), "and no more for an hour");
    let entries = || async {
        let lines = world.activity(team.id).await.into_iter().filter(|line| line.kind.starts_with("paper_key.refused"));
        lines.map(|line| line.body).collect::<Vec<_>>()
    };
    assert_eq!(entries().await.len(), 1 + usize::try_from(LOGGED).unwrap());
    world.advance(TELL_EVERY);
    assert_eq!((swept().await, swept().await), (1, 0));
    let after = alarms().await;
    assert!(
        after.len() == 2 && after.iter().any(|text| text.contains(&format!("{} times since", LOGGED + 3))),
        "{after:?}"
    );
    let entries = entries().await;
    assert!(entries.last().unwrap().contains("\"tries\":\"3\""), "the rest stands in one entry: {entries:?}");
    world.advance(TELL_EVERY);
    refused(begin(&world, &wrong).await, "paper_key_refused");
    assert_eq!(alarms().await.len(), 3);
    assert!(world.letters(team.id, team.admins[0], "paper_key_changed").await.is_empty());
    // A number that nobody has tells nobody anything.
    let before = world.dump().await;
    refused(begin(&world, &world.app.chance.paper_key()).await, "paper_key_refused");
    assert_eq!(world.dump().await, before);
    world.check(team.id).await;
}

async fn wrong_tries_lock_nobody_out(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let issued = issue(&world, &team, rita.id, None, None).await.unwrap();
    for _ in 0..100 {
        refused(begin(&world, &forged(&issued.secret)).await, "paper_key_refused");
    }
    let mailed = begin(&world, &issued.secret).await.unwrap();
    end(&world, mailed.drill, &code(&world).await).await.unwrap();
}

async fn a_key_that_opens_nothing_is_not_drilled(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let issued = issue(&world, &team, rita.id, None, None).await.unwrap();
    let mailed = begin(&world, &issued.secret).await.unwrap();
    let off =
        "update accounts set policy = replace(policy, '\"paper_key_route\":\"on\"', '\"paper_key_route\":\"off\"')";
    world.script(off).await;
    refused(end(&world, mailed.drill, &code(&world).await).await, "wrong_code");
    refused(begin(&world, &issued.secret).await, "paper_key_refused");
    assert_eq!(told(&world, &team).await.len(), 1, "that is no wrong try");
}

async fn nothing_of_a_drill_is_usable_from_the_database(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let issued = issue(&world, &team, rita.id, None, None).await.unwrap();
    let mailed = begin(&world, &issued.secret).await.unwrap();
    refused(begin(&world, &forged(&issued.secret)).await, "paper_key_refused");
    let code = code(&world).await;
    let everything = json!(world.dump().await).to_string().to_lowercase();
    assert!(everything.contains("drill_code") && !everything.contains(&code));
    for line in issued.secret.sheet().lines().chain(forged(&issued.secret).sheet().lines()) {
        let line = line.to_lowercase();
        assert!(!everything.contains(&line) && !everything.contains(&line.replace('-', "")), "a line is kept");
    }
    end(&world, mailed.drill, &code).await.unwrap();
}
