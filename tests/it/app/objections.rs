//! What owners do against a case, and what is owed to them before it completes.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use quorate::{
    app::{
        act::Asked,
        change_member,
        owners::Asked as Ownership,
        redeem::{Answer, Done},
    },
    ownership::member::Status,
    recovery::case::Case,
};
use serde_json::json;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, Team, World, days, hours, refused, signed_in},
};

on_both!(
    a_veto_takes_fresh_proof_and_is_final,
    after_a_veto_there_is_a_pause_for_opener_and_nominee,
    an_owner_pauses_twice,
    only_owners_object,
    a_missing_notice_prolongs_the_wait_once,
    a_late_notice_prolongs_the_wait_once,
    a_notice_in_time_does_not,
    a_nominee_who_is_gone_does_not_become_owner,
    owners_stay_as_they_are_during_a_case,
);

/// A case of the preset `single-owner` with its quorum; its mails are not delivered yet.
async fn waiting(world: &World) -> (Team, Case) {
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let case = world.approve(&case, &team.admins[..3]).await;
    assert_eq!(case.state.word(), "waiting");
    (team, case)
}

async fn a_veto_takes_fresh_proof_and_is_final(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    let session = world.sign_in(team.owner).await;
    let why = refused(world.act(case.id(), world.who(&session).await.unwrap(), Asked::Veto).await, "needs_fresh_proof");
    assert!(why.contains("5 minutes"), "{why}");
    let by_code = world.prove(&session).await;
    refused(world.act(case.id(), by_code, Asked::Veto).await, "needs_credential");
    let proven = world.prove_by_password(&session).await;
    world.advance(SignedDuration::from_mins(5) + MICROSECOND);
    refused(world.act(case.id(), proven, Asked::Veto).await, "needs_fresh_proof");
    let proven = world.prove_by_password(&session).await;
    assert_eq!(world.act(case.id(), proven.clone(), Asked::Veto).await.unwrap().state.word(), "vetoed");
    refused(world.act(case.id(), proven, Asked::Veto).await, "case_ended");
    world.advance(days(30));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "vetoed");
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    world.check(team.id).await;
}

async fn after_a_veto_there_is_a_pause_for_opener_and_nominee(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let [opener, nominee, other, third, _] = team.admins[..] else { panic!() };
    let case = world.open(&team, opener, nominee).await.unwrap();
    world.veto(&case, team.owner).await.unwrap();
    let until = world.app.now().after(days(7));
    let why = refused(world.open(&team, opener, other).await, "reopen_after");
    assert!(why.contains(&until.to_string()), "{why}");
    let why = refused(world.open(&team, other, nominee).await, "nominee_vetoed");
    assert!(why.contains(&until.to_string()), "{why}");
    world.open(&team, other, third).await.unwrap();
    world.advance(days(7) - MICROSECOND);
    refused(world.open(&team, opener, third).await, "reopen_after");
    refused(world.open(&team, third, nominee).await, "nominee_vetoed");
    world.advance(MICROSECOND);
    world.open(&team, opener, nominee).await.unwrap();
    world.check(team.id).await;
}

async fn an_owner_pauses_twice(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    let due_at = case.state.due_at().unwrap();
    world.sweep().await;
    world.advance(hours(10));
    let link = world.link(team.id, team.owner, "owner_alert").await;
    assert_eq!(world.redeem(link, Answer::Confirm).await.unwrap(), Done::Paused);
    let paused = world.case(case.id()).await;
    assert_eq!((paused.state.word(), paused.state.due_at()), ("paused", Some(due_at.after(hours(72)))));
    refused(world.redeem(link, Answer::Confirm).await, "dead_link");
    refused(world.act(case.id(), signed_in(team.owner), Asked::Pause).await, "already_paused");
    world.advance(hours(72) - MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "paused");
    world.advance(MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "waiting", "it goes on by itself");
    let link = world.link(team.id, team.owner, "owner_alert").await;
    assert_eq!(world.redeem(link, Answer::Confirm).await.unwrap(), Done::Paused);
    world.advance(hours(72));
    world.sweep().await;
    let why = refused(world.act(case.id(), signed_in(team.owner), Asked::Pause).await, "no_pause_left");
    assert!(why.contains("2 times"), "{why}");
    let due_at = due_at.after(hours(144));
    assert_eq!(world.case(case.id()).await.state.due_at(), Some(due_at));
    world.advance(due_at.before(MICROSECOND).since(world.app.now()));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "waiting");
    world.advance(MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    world.check(team.id).await;
}

async fn only_owners_object(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    refused(world.act(case.id(), signed_in(team.admins[4]), Asked::Pause).await, "not_an_owner");
    refused(world.veto(&case, team.admins[4]).await, "not_an_owner");
    let collecting = world.account("single-owner", 5).await;
    let case = world.open(&collecting, collecting.admins[0], collecting.admins[1]).await.unwrap();
    refused(world.act(case.id(), signed_in(collecting.owner), Asked::Pause).await, "nothing_to_pause");
    world.check(collecting.id).await;
}

async fn a_missing_notice_prolongs_the_wait_once(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    // Nothing is delivered from here on.
    world.advance(hours(72));
    world.tick().await;
    let prolonged = world.case(case.id()).await;
    assert_eq!((prolonged.state.word(), prolonged.state.due_at()), ("waiting", Some(world.app.now().after(hours(72)))));
    assert_eq!(world.entries(&case, "case.extended").await, 1);
    world.advance(hours(72) - MICROSECOND);
    world.tick().await;
    assert_eq!(world.state(&case).await, "waiting");
    world.advance(MICROSECOND);
    world.tick().await;
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.admins[1]]));
    let completed = world.lines(&case, "case.completed").await;
    assert_eq!(completed[0].entry().unwrap().data["notice"], json!("missing"), "it says so");
    world.check(team.id).await;
}

async fn a_late_notice_prolongs_the_wait_once(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    world.advance(hours(48) + MICROSECOND);
    world.deliver().await;
    world.advance(hours(24) - MICROSECOND);
    world.sweep().await;
    assert_eq!(world.entries(&case, "case.extended").await, 1, "less than 24 h before");
    world.advance(hours(72));
    world.sweep().await;
    let completed = world.lines(&case, "case.completed").await;
    assert_eq!(completed[0].entry().unwrap().data["notice"], json!("in_time"));
    world.check(team.id).await;
}

async fn a_notice_in_time_does_not(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    world.advance(hours(48));
    world.deliver().await;
    world.advance(hours(24));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    assert_eq!(world.entries(&case, "case.extended").await, 0);
    world.check(team.id).await;
}

async fn a_nominee_who_is_gone_does_not_become_owner(test: TestDb) {
    let world = World::new(test);
    let suspend = || change_member::Asked::Status(Status::Suspended);
    let (team, case) = waiting(&world).await;
    let nominee = case.terms.nominee.id;
    world.sweep().await;
    // One administrator does not void what a majority has approved.
    let why = refused(world.change(&team, signed_in(team.admins[4]), nominee, suspend()).await, "nominee_protected");
    assert!(why.contains(&case.id().to_string()), "{why}");
    refused(world.change(&team, signed_in(team.owner), nominee, suspend()).await, "needs_fresh_proof");
    // The owner may, with the proof that a veto takes. The nominee's own approval is gone with it.
    world.change(&team, world.proven(team.owner), nominee, suspend()).await.unwrap();
    assert_eq!(world.state(&case).await, "collecting");
    world.approve(&case, &team.admins[3..4]).await;
    world.sweep().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "rejected");
    let rejected = world.lines(&case, "case.rejected").await;
    assert_eq!(rejected[0].entry().unwrap().data["reason"], json!("nominee_unfit"));
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    world.check(team.id).await;

    // Or they leave by themselves.
    let (team, case) = waiting(&world).await;
    let nominee = case.terms.nominee.id;
    world.change(&team, signed_in(nominee), nominee, change_member::Asked::Leave).await.unwrap();
    world.approve(&case, &team.admins[3..4]).await;
    world.sweep().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "rejected");
    world.check(team.id).await;
}

async fn owners_stay_as_they_are_during_a_case(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let [opener, nominee, second, ..] = team.admins[..] else { panic!() };
    world.change_owners(&team, world.proven(team.owner), second, Ownership::Grant).await.unwrap();
    let case = world.open(&team, opener, nominee).await.unwrap();
    let owner = || world.proven(team.owner);
    let why = refused(world.change_owners(&team, owner(), nominee, Ownership::Grant).await, "case_open");
    assert!(why.contains(&case.id().to_string()), "{why}");
    refused(world.change_owners(&team, owner(), second, Ownership::Revoke).await, "case_open");
    refused(world.change_owners(&team, owner(), team.owner, Ownership::Revoke).await, "case_open");
    world.veto(&case, second).await.unwrap();
    world.change_owners(&team, owner(), second, Ownership::Revoke).await.unwrap();
    world.check(team.id).await;
}
