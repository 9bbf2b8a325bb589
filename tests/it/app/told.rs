//! From when everybody who could object to a credential knows of it, as far as their mail servers say.

use quorate::{
    app::{principal::Principal, set_password::set_password},
    moment::Moment,
    password::typed::Password,
    store::told,
};

use crate::harness::{
    TestDb, on_both,
    world::{Team, World, days},
};

on_both!(told_is_who_was_reached, where_nobody_watches_nobody_was_told);

/// Sets a password by a mailed code, and says which it is.
async fn set(world: &World, team: &Team) -> String {
    world.advance(days(30));
    let token = world.sign_in(team.admins[0]).await;
    let by: Principal = world.prove(&token).await;
    let set = set_password(&world.app, by, Password::typed("tractor-violet-armchair")).await.unwrap();
    set.id.to_string()
}

async fn told(world: &World, team: &Team, mark: &str) -> Option<Moment> {
    told::all(&mut world.app.db.read().await.unwrap(), team.id, mark).await.unwrap()
}

/// What became of the mails of that kind: a status, and when their servers took them.
async fn became(world: &World, kind: &str, status: &str, at: &str) {
    let update =
        format!("update mails set status = '{status}', next_at = null, accepted_at = {at} where kind = '{kind}'");
    world.script(&update).await;
}

const AT_ONCE: &str = "created_at";
const LATER: &str = "(select max(expires_at) from sessions)";
const NEVER: &str = "null";

async fn told_is_who_was_reached(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let elsewhere = world.account("recommended", 2).await;
    let mark = set(&world, &team).await;
    assert_eq!(told(&world, &team, &mark).await, None, "nobody has it yet");
    became(&world, "member_password_changed", "accepted", LATER).await;
    assert_eq!(told(&world, &team, &mark).await, None, "whose it is has not been told");
    became(&world, "password_changed", "undeliverable", NEVER).await;
    assert_eq!(told(&world, &team, &mark).await, None, "whose it is cannot be told");
    became(&world, "password_changed", "accepted", AT_ONCE).await;
    assert!(told(&world, &team, &mark).await > Some(world.app.now()), "the last one counts");
    became(&world, "member_password_changed", "undeliverable", NEVER).await;
    assert_eq!(told(&world, &team, &mark).await, None, "the owner cannot be told");
    assert_eq!(told(&world, &elsewhere, &mark).await, None, "there it is nobody's");
    assert_eq!(told(&world, &team, "another").await, None);
}

async fn where_nobody_watches_nobody_was_told(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let mark = set(&world, &team).await;
    world.script("delete from mails where kind = 'member_password_changed'").await;
    became(&world, "password_changed", "accepted", AT_ONCE).await;
    assert_eq!(told(&world, &team, &mark).await, None, "whoever reads the mailbox is not somebody who objects");
}
