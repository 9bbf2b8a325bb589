//! Completion against a veto, and against itself on several replicas.

use std::collections::BTreeSet;

use quorate::{
    app::{
        act::{Act, Asked, tick},
        app::App,
        owners::{self, ChangeOwners},
    },
    id::UserId,
    recovery::{case::Case, terms::Kind},
};
use serde_json::json;

use crate::harness::{
    TestDb, on_both,
    race::{at_once, rounds, stumble, tell},
    world::{Team, World, code, hours, signed_in},
};

on_both!(a_veto_and_the_due_moment_never_both_win, four_replicas_complete_once, a_taken_back_ballot_at_the_due_moment);

/// Two of three approve a case that is due now, and is so for the second time, so that no mail needs delivering.
async fn due_now(world: &World, team: &Team, opener: UserId, nominee: UserId) -> Case {
    let case = world.open_as(team, Kind::Add, signed_in(opener), nominee).await.unwrap();
    let electors: Vec<UserId> = case.electors.keys().copied().filter(|elector| *elector != nominee).collect();
    let after = world.approve(&case, &electors).await;
    assert_eq!(after.state.word(), "waiting");
    world.advance(hours(72));
    tick(&world.app, case.id()).await.unwrap();
    world.advance(hours(72));
    world.case(case.id()).await
}

/// An account in which one case can follow another at once.
async fn quick_team(world: &World) -> Team {
    let quick = json!({"veto_cooldown": "0s", "reopen_after": "0s"});
    world.account_with("recommended", 3, &quick).await
}

async fn undo(world: &World, team: &Team, nominee: UserId) {
    let (account, asked, principal) = (team.id, owners::Asked::Revoke, world.proven(team.owner));
    let revoke = ChangeOwners { app: world.app.clone(), account, user: nominee, asked, principal };
    world.app.db.run(revoke).await.unwrap();
}

/// The veto and the tick start together; in every second round one of them, in turn, stumbles at the start.
async fn a_veto_and_the_due_moment_never_both_win(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = quick_team(&world).await;
    let [opener, nominee, _] = team.admins[..] else { panic!() };
    let (mut vetoed, mut completed) = (0, 0);
    for round in 0..rounds() {
        let case = due_now(&world, &team, opener, nominee).await;
        let (veto_waits, tick_waits) = match round % 4 {
            0 => (4000, 1),
            1 => (1, 400),
            _ => (1, 1),
        };
        let veto =
            Act { app: world.app.clone(), case: case.id(), asked: Asked::Veto, principal: world.proven(team.owner) };
        let objection = async move {
            stumble(&veto.app.chance, veto_waits).await;
            veto.app.db.clone().run(veto).await.map(drop)
        };
        let (app, id) = (other.clone(), case.id());
        let passing = async move {
            stumble(&app.chance, tick_waits).await;
            tick(&app, id).await
        };
        let outcomes = at_once(vec![boxed(objection), boxed(passing)]).await;
        assert!(outcomes[1].is_ok(), "time passes whatever happens: {outcomes:?}");
        let owners = world.owners(&team).await;
        let entries = (world.entries(&case, "case.vetoed").await, world.entries(&case, "case.completed").await);
        match (world.state(&case).await, &outcomes[0]) {
            ("vetoed", Ok(())) => {
                vetoed += 1;
                assert_eq!((owners, entries), (BTreeSet::from([team.owner]), (1, 0)));
            }
            ("completed", Err(error)) => {
                completed += 1;
                assert_eq!(code(error), "case_ended");
                assert_eq!((owners, entries), (BTreeSet::from([team.owner, nominee]), (0, 1)));
                undo(&world, &team, nominee).await;
            }
            both => panic!("{both:?}"),
        }
    }
    world.check(team.id).await;
    let backend = world.app.db.backend();
    tell(&format!(
        "{backend:?}: veto against the due moment: veto won {vetoed}, completion won {completed}, never both"
    ));
    assert!(vetoed > 0 && completed > 0, "a race that one side always wins shows nothing");
}

async fn a_taken_back_ballot_at_the_due_moment(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = quick_team(&world).await;
    let [opener, nominee, _] = team.admins[..] else { panic!() };
    let (mut fell_short, mut completed) = (0, 0);
    for round in 0..rounds() {
        let case = due_now(&world, &team, opener, nominee).await;
        let asked = Asked::TakeBack;
        let act = Act { app: world.app.clone(), case: case.id(), asked, principal: signed_in(opener) };
        let most = if round % 2 == 0 { 4000 } else { 1 };
        let back = async move {
            stumble(&act.app.chance, most).await;
            act.app.db.clone().run(act).await.map(drop)
        };
        let (app, id) = (other.clone(), case.id());
        let outcomes = at_once(vec![boxed(back), boxed(async move { tick(&app, id).await })]).await;
        outcomes[1].as_ref().unwrap();
        let is_owner = world.owners(&team).await.contains(&nominee);
        match (world.state(&case).await, is_owner) {
            ("collecting", false) => {
                fell_short += 1;
                world.veto(&case, team.owner).await.unwrap();
            }
            ("completed", true) => {
                completed += 1;
                assert_eq!(outcomes[0].as_ref().map_err(code), Err("case_ended"));
                undo(&world, &team, nominee).await;
            }
            both => panic!("{both:?}"),
        }
    }
    world.check(team.id).await;
    let backend = world.app.db.backend();
    tell(&format!("{backend:?}: ballot back against the due moment: short {fell_short}, completed {completed}"));
}

async fn four_replicas_complete_once(test: TestDb) {
    let world = World::new(test);
    let mut replicas: Vec<App> = Vec::new();
    for _ in 0..4 {
        replicas.push(world.replica().await);
    }
    let team = quick_team(&world).await;
    let [opener, nominee, _] = team.admins[..] else { panic!() };
    for _ in 0..rounds() {
        let case = due_now(&world, &team, opener, nominee).await;
        let id = case.id();
        let runners = replicas.iter().cloned().map(|app| async move { tick(&app, id).await.unwrap() });
        at_once(runners.collect()).await;
        assert_eq!(world.state(&case).await, "completed");
        assert_eq!(world.entries(&case, "case.completed").await, 1, "exactly once");
        let welcomed = world.outbox(team.id).await;
        let welcomes = welcomed.iter().filter(|mail| mail.case == Some(id) && mail.kind == "new_owner_welcome");
        assert_eq!(welcomes.count(), 1, "told exactly once");
        undo(&world, &team, nominee).await;
    }
    world.check(team.id).await;
    tell(&format!("{:?}: four replicas completed {} cases once each", world.app.db.backend(), rounds()));
}

fn boxed<T>(future: impl Future<Output = T> + Send + 'static) -> std::pin::Pin<Box<dyn Future<Output = T> + Send>> {
    Box::pin(future)
}
