//! Owners who act on each other at the same moment: the account is never without one.

use quorate::{
    app::{
        app::App,
        owners::{Asked, ChangeOwners},
    },
    id::UserId,
};

use crate::harness::{
    TestDb, on_both,
    race::{at_once, rounds, tell},
    world::{Team, World, code},
};

on_both!(two_owners_revoke_each_other, the_last_two_owners_step_down, one_owner_revokes_themselves_twice);

/// Two requests on two replicas; the codes of the refusals, or `done`.
async fn both(world: &World, other: &App, team: &Team, asked: [(UserId, UserId); 2]) -> [&'static str; 2] {
    let units = asked.map(|(by, user)| ChangeOwners {
        app: world.app.clone(),
        account: team.id,
        user,
        asked: Asked::Revoke,
        principal: world.proven(by),
    });
    let [first, second] = units;
    let (here, there) = (world.app.db.clone(), other.db.clone());
    let run = |db: quorate::store::db::Db, unit| async move { db.run(unit).await };
    let outcomes = at_once(vec![run(here, first), run(there, second)]).await;
    let words: Vec<&str> = outcomes.iter().map(|outcome| outcome.as_ref().map_or_else(code, |_| "done")).collect();
    [words[0], words[1]]
}

async fn two_owners_revoke_each_other(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("recommended", 1).await;
    let (a, b) = (team.owner, team.admins[0]);
    world.change_owners(&team, world.proven(a), b, Asked::Grant).await.unwrap();
    let (mut a_won, mut b_won) = (0, 0);
    for _ in 0..rounds() {
        let words = both(&world, &other, &team, [(a, b), (b, a)]).await;
        let (left, gone) = match words {
            ["done", "owners_only"] => (a, b),
            ["owners_only", "done"] => (b, a),
            neither => panic!("{neither:?}"),
        };
        if left == a {
            a_won += 1;
        } else {
            b_won += 1;
        }
        assert_eq!(world.owners(&team).await, [left].into());
        world.change_owners(&team, world.proven(left), gone, Asked::Grant).await.unwrap();
    }
    world.check(team.id).await;
    tell(&format!("{:?}: owners revoke each other: {a_won} to {b_won}, never none left", world.app.db.backend()));
}

async fn the_last_two_owners_step_down(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("recommended", 1).await;
    let (a, b) = (team.owner, team.admins[0]);
    world.change_owners(&team, world.proven(a), b, Asked::Grant).await.unwrap();
    for _ in 0..rounds() {
        let words = both(&world, &other, &team, [(a, a), (b, b)]).await;
        let (left, gone) = match words {
            ["done", "last_owner"] => (b, a),
            ["last_owner", "done"] => (a, b),
            neither => panic!("{neither:?}"),
        };
        assert_eq!(world.owners(&team).await, [left].into());
        world.change_owners(&team, world.proven(left), gone, Asked::Grant).await.unwrap();
    }
    world.check(team.id).await;
}

async fn one_owner_revokes_themselves_twice(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let team = world.account("recommended", 1).await;
    for _ in 0..rounds() {
        let words = both(&world, &other, &team, [(team.owner, team.owner), (team.owner, team.owner)]).await;
        assert_eq!(words, ["last_owner", "last_owner"]);
    }
    assert_eq!(world.owners(&team).await, [team.owner].into());
    world.check(team.id).await;
}
