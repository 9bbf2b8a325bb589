//! Paper keys: issued once, kept as a hash, ended by owners, by the next one, and by a recovery.

use jiff::SignedDuration;
use quorate::{
    app::{
        error::Error,
        idempotent::{key, once_with_secret},
        issue_paper_key::{IssuePaperKey, Issued, RevokePaperKey},
        principal::Principal,
        view::paper_keys::paper_keys,
    },
    id::{PaperKeyId, RecoveryUserId},
    ownership::paper_key::{LONGEST, MOST},
    store::recovery_users,
};
use serde_json::json;

use super::recovery_users::{chosen, confirmed};
use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, OPERATOR, Team, World, days, refused, signed_in},
};

on_both!(
    a_key_is_issued_replaced_and_revoked,
    only_owners_with_proof_issue_and_revoke,
    the_account_says_when_a_key_can_be_issued,
    a_repeat_issues_no_second_key,
    a_recovery_ends_every_key,
    whoever_is_removed_holds_no_key,
    of_a_key_only_its_hash_is_kept,
);

/// What the owner asks for, and gets.
pub async fn issue(
    world: &World,
    team: &Team,
    user: RecoveryUserId,
    expires_in: Option<SignedDuration>,
    replaces: Option<PaperKeyId>,
) -> Result<Issued, Error> {
    issue_as(world, team, world.proven(team.owner), user, expires_in, replaces).await
}

async fn issue_as(
    world: &World,
    team: &Team,
    by: Principal,
    user: RecoveryUserId,
    expires_in: Option<SignedDuration>,
    replaces: Option<PaperKeyId>,
) -> Result<Issued, Error> {
    let expires_at = expires_in.map(|time| world.app.now().after(time));
    let unit = IssuePaperKey { app: world.app.clone(), account: team.id, user, expires_at, replaces, principal: by };
    world.app.db.run(unit).await
}

pub async fn revoke(world: &World, by: Principal, key: PaperKeyId) -> Result<(), Error> {
    world.app.db.run(RevokePaperKey { app: world.app.clone(), key, principal: by }).await
}

/// The states of somebody's keys, the first issued first.
async fn states(world: &World, team: &Team, user: RecoveryUserId) -> Vec<&'static str> {
    let keys = paper_keys(&world.app, &signed_in(team.owner), team.id, user).await.unwrap();
    keys.iter().map(|key| key.state).collect()
}

/// How many keys of theirs readiness counts.
async fn counted(world: &World, team: &Team, user: RecoveryUserId) -> usize {
    let mut tx = world.app.db.read().await.unwrap();
    recovery_users::prepared(&mut tx, team.id, world.app.now()).await.unwrap()[&user].keys.len()
}

pub async fn told(world: &World, team: &Team) -> Vec<String> {
    let letters = world.letters(team.id, team.owner, "paper_key_changed").await;
    letters.into_iter().map(|letter| letter.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

async fn a_key_is_issued_replaced_and_revoked(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    let first = issue(&world, &team, rita.id, Some(days(365)), None).await.unwrap();
    assert_eq!(first.secret.number(), first.key.number);
    world.advance(MICROSECOND);
    let second = issue(&world, &team, rita.id, None, Some(first.key.id)).await.unwrap();
    assert_eq!(states(&world, &team, rita.id).await, ["superseded", "in_force"]);
    world.advance(MICROSECOND);
    let third = issue(&world, &team, rita.id, Some(days(1)), None).await.unwrap();
    world.advance(days(1) - MICROSECOND);
    assert_eq!(states(&world, &team, rita.id).await, ["superseded", "in_force", "in_force"]);
    world.advance(MICROSECOND);
    assert_eq!(states(&world, &team, rita.id).await, ["superseded", "in_force", "expired"]);
    assert_eq!(counted(&world, &team, rita.id).await, 1, "those that work count for readiness");
    for _ in 0..2 {
        revoke(&world, world.proven(team.owner), second.key.id).await.unwrap();
    }
    assert_eq!(states(&world, &team, rita.id).await, ["superseded", "revoked", "expired"]);
    assert_eq!(counted(&world, &team, rita.id).await, 0);
    for gone in [first.key.id, second.key.id, third.key.id] {
        refused(issue(&world, &team, rita.id, None, Some(gone)).await, "paper_key_ended");
    }
    let texts = told(&world, &team).await;
    assert_eq!(texts.len(), 4, "revoking again is no news");
    let replaced =
        format!("issued the paper key {} for Rita Rossi, in place of {}.", second.key.number, first.key.number);
    assert!(texts.iter().any(|text| text.contains(&replaced)), "{texts:?}");
    assert!(world.letters(team.id, team.admins[0], "paper_key_changed").await.is_empty());
    for line in world.activity(team.id).await {
        assert!(!line.body.contains(&second.key.number.to_string()) && !line.body.contains("Rita"), "{}", line.body);
    }
    world.check(team.id).await;
}

async fn only_owners_with_proof_issue_and_revoke(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    let key = issue(&world, &team, rita.id, None, None).await.unwrap().key.id;
    let elsewhere = world.account("recommended", 0).await;
    for (by, why) in [
        (signed_in(team.owner), "needs_fresh_proof"),
        (world.proven_by_code(team.owner), "needs_credential"),
        (world.proven(team.admins[0]), "owners_only"),
        (world.proven(elsewhere.owner), "not_found"),
        (OPERATOR, "people_only"),
    ] {
        refused(issue_as(&world, &team, by.clone(), rita.id, None, None).await, why);
        refused(revoke(&world, by, key).await, why);
    }
    refused(issue(&world, &elsewhere, rita.id, None, None).await, "not_found");
    for (by, why) in [(team.admins[0], "owners_only"), (elsewhere.owner, "not_found")] {
        refused(paper_keys(&world.app, &signed_in(by), team.id, rita.id).await, why);
    }
    refused(paper_keys(&world.app, &signed_in(elsewhere.owner), elsewhere.id, rita.id).await, "not_found");
}

async fn the_account_says_when_a_key_can_be_issued(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let mia = chosen(&world, &team, &["mia@example.net"]).await;
    refused(issue(&world, &team, mia.id, None, None).await, "recovery_user_unconfirmed");
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    refused(issue(&world, &team, rita.id, Some(LONGEST + MICROSECOND), None).await, "paper_key_expiry");
    refused(issue(&world, &team, rita.id, Some(SignedDuration::ZERO), None).await, "paper_key_expiry");
    let first = issue(&world, &team, rita.id, Some(LONGEST), None).await.unwrap();
    for _ in 1..MOST {
        issue(&world, &team, rita.id, None, None).await.unwrap();
    }
    refused(issue(&world, &team, rita.id, None, None).await, "too_many_paper_keys");
    issue(&world, &team, rita.id, None, Some(first.key.id)).await.unwrap();
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    refused(issue(&world, &team, rita.id, None, None).await, "recovery_users_held");
    world.veto(&case, team.owner).await.unwrap();
    refused(issue(&world, &team, rita.id, None, None).await, "too_many_paper_keys");
}

async fn a_repeat_issues_no_second_key(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    let again = || async {
        let (app, principal) = (world.app.clone(), world.proven(team.owner));
        let once = key(&principal, "the-key", &[b"the request"]).unwrap();
        let unit = IssuePaperKey { app, account: team.id, user: rita.id, expires_at: None, replaces: None, principal };
        once_with_secret(&world.app, Some(once), unit).await
    };
    again().await.unwrap();
    refused(again().await, "already_issued");
    assert_eq!(states(&world, &team, rita.id).await, ["in_force"]);
}

async fn a_recovery_ends_every_key(test: TestDb) {
    let world = World::new(test);
    let team = world.account_with("recommended", 3, &json!({})).await;
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    for _ in 0..2 {
        issue(&world, &team, rita.id, None, None).await.unwrap();
    }
    let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
    world.approve(&case, &team.admins[1..]).await;
    world.deliver().await;
    world.advance(days(4));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    let keys = paper_keys(&world.app, &signed_in(team.admins[0]), team.id, rita.id).await.unwrap();
    assert!(keys.len() == 2 && keys.iter().all(|key| key.state == "recovered"), "{keys:?}");
    let letters = world.letters(team.id, team.admins[0], "paper_key_changed").await;
    let text = letters[0].text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(letters.len() == 1 && text.contains("which ended 2 paper keys of it."), "{text}");
    let ended = world.activity(team.id).await.into_iter().filter(|line| line.kind == "paper_key.all_ended");
    assert_eq!(ended.count(), 1);
    world.check(team.id).await;
}

async fn whoever_is_removed_holds_no_key(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    let key = issue(&world, &team, rita.id, None, None).await.unwrap().key.id;
    super::recovery_users::remove(&world, &team, world.proven(team.owner), rita.id).await.unwrap();
    refused(revoke(&world, world.proven(team.owner), key).await, "not_found");
    assert_eq!(world.dump().await["paper_keys"], [""; 0]);
}

async fn of_a_key_only_its_hash_is_kept(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    let issued = issue(&world, &team, rita.id, None, None).await.unwrap();
    let everything = format!("{:?}", world.dump().await).to_lowercase();
    let hash = data_encoding::HEXLOWER.encode(issued.secret.secret().hash().as_bytes());
    assert!(everything.contains(&hash), "the dump shows what the tables hold");
    for line in issued.secret.sheet().lines() {
        let line = line.to_lowercase();
        assert!(!everything.contains(&line) && !everything.contains(&line.replace('-', "")), "a line is kept");
    }
    assert!(!format!("{issued:?}").contains(issued.secret.sheet().lines().nth(1).unwrap()));
}
