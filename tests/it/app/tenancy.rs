//! What tokens never do, and what a person of one account learns of another: nothing.

use std::fmt::Debug;

use quorate::{
    app::{
        act::Asked,
        change_member,
        error::Error,
        invite::Accept,
        owners,
        principal::Principal,
        roster::{Say, SayOnRoster},
        view,
    },
    id::ChangeId,
    ownership::member::Status,
    recovery::{ballot::Choice, case::Case, terms::Kind},
};

use crate::harness::{
    TestDb, on_both,
    world::{OPERATOR, Team, World, ballot, code, signed_in},
};

on_both!(tokens_never_act_as_people, an_account_does_not_exist_for_others);

/// An account with an open case and a removal under way.
struct Scene {
    team: Team,
    case: Case,
    change: ChangeId,
}

async fn scene(world: &World) -> Scene {
    let team = world.account("recommended", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let asked = change_member::Asked::Status(Status::Suspended);
    world.change(&team, signed_in(team.admins[0]), team.admins[4], asked).await.unwrap();
    let roster = view::roster::roster(&world.app, &signed_in(team.owner), team.id).await.unwrap();
    let change = roster.people.iter().find_map(|place| place.change).unwrap();
    Scene { team, case, change }
}

/// What a call came to: the code of its refusal, or `done`.
fn word<T: Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.map_or_else(|error| code(&error), |_| "done")
}

/// Every act that is a person's own.
async fn personal_acts(world: &World, scene: &Scene, by: &Principal) -> Vec<(&'static str, &'static str)> {
    let Scene { team, case, change } = scene;
    let say =
        |say| SayOnRoster { app: world.app.clone(), account: team.id, change: *change, say, principal: by.clone() };
    let act = async |asked| word(world.act(case.id(), by.clone(), asked).await);
    let change_owners = async |asked| word(world.change_owners(team, by.clone(), team.admins[2], asked).await);
    let accept = Accept { app: world.app.clone(), account: team.id, principal: by.clone() };
    vec![
        ("open", word(world.open_as(team, Kind::Replace, by.clone(), team.admins[2]).await)),
        ("vote", act(ballot(case, Choice::Approve)).await),
        ("take back", act(Asked::TakeBack).await),
        ("pause", act(Asked::Pause).await),
        ("veto", act(Asked::Veto).await),
        ("withdraw", act(Asked::Withdraw).await),
        ("grant", change_owners(owners::Asked::Grant).await),
        ("revoke", change_owners(owners::Asked::Revoke).await),
        ("contest", word(world.app.db.run(say(Say::Contest)).await)),
        ("confirm", word(world.app.db.run(say(Say::Confirm)).await)),
        ("accept", word(world.app.db.run(accept).await)),
    ]
}

/// Every other use case about an account.
async fn other_calls(world: &World, scene: &Scene, by: &Principal) -> Vec<(&'static str, &'static str)> {
    let Scene { team, case, .. } = scene;
    let (app, account, someone) = (&world.app, team.id, team.admins[2]);
    let change = async |asked| word(world.change(team, by.clone(), someone, asked).await);
    let everything = view::activity::EntryFilter::default();
    vec![
        ("invite", word(world.invite(team, by.clone(), "member").await)),
        ("role", change(change_member::Asked::Role("member".to_owned())).await),
        ("suspend", change(change_member::Asked::Status(Status::Suspended)).await),
        ("resume", change(change_member::Asked::Status(Status::Active)).await),
        ("remove", change(change_member::Asked::Remove).await),
        ("leave", change(change_member::Asked::Leave).await),
        ("see account", word(view::account::account(app, by, account).await)),
        ("see members", word(view::member::members(app, by, account, None, 10).await)),
        ("see member", word(view::member::member(app, by, account, someone).await)),
        ("see owners", word(view::member::owners(app, by, account).await)),
        ("see roster", word(view::roster::roster(app, by, account).await)),
        ("see case", word(view::case::case(app, by, case.id()).await)),
        ("see cases", word(view::case::cases(app, by, account, None, 10).await)),
        ("see activity", word(view::activity::activity(app, by, account, everything, 10).await)),
    ]
}

async fn tokens_never_act_as_people(test: TestDb) {
    let world = World::new(test);
    let scene = scene(&world).await;
    let before = (world.case(scene.case.id()).await, world.activity(scene.team.id).await);
    let on_behalf = [scene.team.owner, scene.team.admins[0], scene.team.admins[3]];
    let mut tokens = vec![OPERATOR, world.platform(None).await];
    for user in on_behalf {
        tokens.push(world.platform(Some(user)).await);
    }
    for token in tokens {
        for (act, outcome) in personal_acts(&world, &scene, &token).await {
            assert_eq!(outcome, "people_only", "{act} by {token:?}");
        }
    }
    assert_eq!((world.case(scene.case.id()).await, world.activity(scene.team.id).await), before);
}

async fn an_account_does_not_exist_for_others(test: TestDb) {
    let world = World::new(test);
    let theirs = scene(&world).await;
    let ours = world.account("recommended", 2).await;
    let before = (world.case(theirs.case.id()).await, world.activity(theirs.team.id).await);
    for outsider in [ours.owner, ours.admins[0]] {
        let person = world.proven(outsider);
        let mut calls = personal_acts(&world, &theirs, &person).await;
        calls.extend(other_calls(&world, &theirs, &person).await);
        calls.extend(other_calls(&world, &theirs, &world.platform(Some(outsider)).await).await);
        for (call, outcome) in calls {
            assert_eq!(outcome, "not_found", "{call}");
        }
    }
    assert_eq!((world.case(theirs.case.id()).await, world.activity(theirs.team.id).await), before);
    // An account that is nowhere looks the same as one that is somebody else's.
    let nowhere = Team { id: world.app.id(), owner: theirs.team.owner, admins: theirs.team.admins.clone() };
    let nothing = Scene { team: nowhere, case: theirs.case.clone(), change: theirs.change };
    let person = world.proven(ours.owner);
    for (call, outcome) in other_calls(&world, &nothing, &person).await {
        assert_eq!(outcome, "not_found", "{call}");
    }
}
