//! One administrator against four: nobody packs or thins the electorate of the preset `recommended`.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use quorate::{
    app::{
        change_member::Asked,
        redeem::{Answer, Done},
        roster::{Say, SayOnRoster},
        view,
    },
    id::{ChangeId, UserId},
    ownership::member::Status,
    recovery::ballot::Choice,
};

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, Team, World, days, refused, signed_in},
};

on_both!(
    one_who_suspends_the_others_and_waits_is_refused,
    one_who_suspends_the_others_is_refused_for_ever_once_they_contest,
    those_removed_keep_their_ballots,
    a_puppet_has_no_standing_until_confirmed,
    a_removal_is_contested_until_its_last_moment,
);

const SECOND: SignedDuration = SignedDuration::from_secs(1);

async fn suspend_all(world: &World, team: &Team, by: UserId) {
    for victim in team.admins.iter().filter(|admin| **admin != by) {
        world.change(team, signed_in(by), *victim, Asked::Status(Status::Suspended)).await.unwrap();
        // So that it is clear which mail is the newest.
        world.advance(SECOND);
    }
}

async fn change_of(world: &World, team: &Team, user: UserId) -> ChangeId {
    let roster = view::roster::roster(&world.app, &world.proven(team.owner), team.id).await.unwrap();
    roster.people.iter().find(|place| place.user == user).unwrap().change.unwrap()
}

async fn one_who_suspends_the_others_and_waits_is_refused(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let lone = team.admins[0];
    let friend = world.join(&team, signed_in(lone), "member").await;
    suspend_all(&world, &team, lone).await;
    // Access is gone at once, standing is not: all five are electors, and one approval is no majority.
    let case = world.open(&team, lone, friend).await.unwrap();
    assert_eq!((case.electors.len(), case.terms.required), (5, 3));
    assert_eq!(world.approve(&case, &[lone]).await.state.word(), "collecting");
    world.advance(days(14));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "expired");
    // Even if nobody contests, one approval never suffices.
    for _ in 0..3 {
        world.advance(days(7));
        let why = refused(world.open(&team, lone, friend).await, "out_of_reach");
        assert_eq!(
            why,
            "this case could never succeed: it needs 2 approvals, and only 1 could count; \
             more administrators with standing are needed"
        );
    }
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    world.check(team.id).await;
}

async fn one_who_suspends_the_others_is_refused_for_ever_once_they_contest(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let lone = team.admins[0];
    let friend = world.join(&team, signed_in(lone), "administrator").await;
    suspend_all(&world, &team, lone).await;
    world.advance(days(6));
    for victim in &team.admins[1..] {
        let link = world.link(team.id, *victim, "roster_changed").await;
        assert_eq!(world.redeem(link, Answer::Confirm).await.unwrap(), Done::Contested);
        refused(world.redeem(link, Answer::Confirm).await, "dead_link");
    }
    world.advance(days(60));
    let case = world.open(&team, lone, friend).await.unwrap();
    assert_eq!((case.electors.len(), case.terms.required), (5, 3));
    assert_eq!(world.approve(&case, &[lone]).await.state.word(), "collecting");
    refused(world.vote(&case, friend, Choice::Approve).await, "not_an_elector");
    world.advance(days(14));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "expired");
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    world.check(team.id).await;
}

async fn those_removed_keep_their_ballots(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let lone = team.admins[0];
    let case = world.open(&team, team.admins[1], team.admins[2]).await.unwrap();
    suspend_all(&world, &team, lone).await;
    for victim in [team.admins[1], team.admins[3]] {
        world.change(&team, signed_in(lone), victim, Asked::Remove).await.unwrap();
    }
    // The nominee must be active again before they become owner; their approval does not count here.
    let after = world.approve(&case, &[team.admins[1], team.admins[3], team.admins[4]]).await;
    assert_eq!(after.state.word(), "waiting");
    world.change(&team, world.proven(team.owner), team.admins[4], Asked::Remove).await.unwrap();
    let after = world.case(case.id()).await;
    assert_eq!((after.state.word(), after.count().approvals), ("collecting", 2), "an owner's removal ends the ballot");
    refused(world.vote(&case, team.admins[4], Choice::Approve).await, "ballot_lost");
    world.check(team.id).await;
}

async fn a_puppet_has_no_standing_until_confirmed(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let [lone, b, c, ..] = team.admins[..] else { panic!() };
    let puppet = world.join(&team, signed_in(lone), "administrator").await;
    world.advance(days(30));
    let why = refused(world.open(&team, puppet, lone).await, "no_standing");
    assert!(why.contains("an owner or more than half of the administrators must confirm you first"), "{why}");
    let case = world.open(&team, b, c).await.unwrap();
    assert_eq!((case.electors.len(), case.terms.required), (5, 3), "puppets neither vote nor raise the bar");

    let change = change_of(&world, &team, puppet).await;
    let confirm = async |by| {
        let say = SayOnRoster { app: world.app.clone(), account: team.id, change, say: Say::Confirm, principal: by };
        world.app.db.run(say).await
    };
    refused(confirm(signed_in(puppet)).await, "no_say_in_roster");
    refused(confirm(signed_in(team.owner)).await, "needs_fresh_proof");
    refused(confirm(world.platform(Some(team.owner)).await).await, "people_only");
    confirm(signed_in(lone)).await.unwrap();
    confirm(signed_in(b)).await.unwrap();
    world.advance(days(7));
    refused(world.open(&team, puppet, lone).await, "no_standing");
    confirm(signed_in(c)).await.unwrap();
    let from = world.app.now().after(days(7));
    let why = refused(world.open(&team, puppet, lone).await, "no_standing");
    assert!(why.contains(&from.to_string()), "standing comes S after the majority: {why}");
    world.advance(days(7) - MICROSECOND);
    refused(world.open(&team, puppet, lone).await, "no_standing");
    world.advance(MICROSECOND);
    let case = world.open(&team, puppet, lone).await.unwrap();
    assert_eq!((case.electors.len(), case.terms.required), (6, 4));
    world.check(team.id).await;
}

async fn a_removal_is_contested_until_its_last_moment(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let [lone, b, c, ..] = team.admins[..] else { panic!() };
    world.change(&team, signed_in(lone), b, Asked::Remove).await.unwrap();
    world.advance(SECOND);
    world.change(&team, signed_in(lone), c, Asked::Remove).await.unwrap();
    let (of_b, of_c) = (world.link(team.id, b, "roster_changed").await, world.link(team.id, c, "roster_changed").await);
    world.advance(days(7) - SECOND - MICROSECOND);
    assert_eq!(world.redeem(of_b, Answer::Confirm).await.unwrap(), Done::Contested);
    world.advance(SECOND + MICROSECOND);
    let why = refused(world.redeem(of_c, Answer::Confirm).await, "too_late_to_contest");
    assert!(why.contains(&world.app.now().to_string()), "{why}");
    let case = world.open(&team, team.admins[3], lone).await.unwrap();
    assert!(case.electors.contains_key(&b) && !case.electors.contains_key(&c));
    // Removing somebody again shakes off no contest: they are gone, and nobody can.
    refused(world.change(&team, signed_in(lone), b, Asked::Remove).await, "not_found");
    world.check(team.id).await;
}
