//! Owners are reminded of paper keys: once each, and of none that has ended or opens nothing.

use quorate::{
    app::drill::EndDrill,
    jobs::{each::Swept, key_reminders::sweep},
};
use tokio_util::sync::CancellationToken;

use super::{
    drills::{begin, code},
    paper_keys::{issue, revoke, told},
    recovery_users::confirmed,
};
use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, World, days},
};

on_both!(owners_are_reminded_once, what_has_ended_or_opens_nothing_is_left);

const RITA: &str = "rita@example.net";

async fn swept(world: &World) -> Swept {
    sweep(&world.app, &CancellationToken::new()).await.unwrap()
}

async fn owners_are_reminded_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let issued = issue(&world, &team, rita.id, Some(days(365)), None).await.unwrap();
    world.advance(days(180) - MICROSECOND);
    assert_eq!(swept(&world).await, Swept::default());
    world.advance(MICROSECOND);
    assert_eq!(swept(&world).await, Swept { looked_at: 1, failed: 0 });
    assert_eq!(swept(&world).await, Swept::default());
    let mails = told(&world, &team).await;
    assert!(mails.len() == 2 && mails.last().unwrap().contains("Nobody has tried the paper key"), "{mails:?}");
    assert!(world.letters(team.id, team.admins[0], "paper_key_changed").await.is_empty());
    // A drill puts off the next one.
    world.advance(days(100));
    let drill = begin(&world, &issued.secret).await.unwrap().drill;
    let end = EndDrill { app: world.app.clone(), drill, code: code(&world).await };
    world.app.db.run(end).await.unwrap().works().unwrap();
    world.advance(days(55));
    assert_eq!(swept(&world).await.looked_at, 1);
    let mails = told(&world, &team).await;
    assert!(mails.len() == 4 && mails.last().unwrap().contains("works no more from"), "{mails:?}");
    // Expired, it is left alone.
    world.advance(days(200));
    assert_eq!((swept(&world).await.looked_at, swept(&world).await.looked_at), (1, 0));
    assert_eq!(told(&world, &team).await.len(), 4);
    world.check(team.id).await;
}

async fn what_has_ended_or_opens_nothing_is_left(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let rita = confirmed(&world, &team, &[RITA]).await;
    let revoked = issue(&world, &team, rita.id, None, None).await.unwrap();
    let kept = issue(&world, &team, rita.id, None, None).await.unwrap();
    revoke(&world, world.proven(team.owner), revoked.key.id).await.unwrap();
    let before = told(&world, &team).await.len();
    let switch = |from: &str, to: &str| {
        let route = |state: &str| format!("'\"paper_key_route\":\"{state}\"'");
        format!("update accounts set policy = replace(policy, {}, {})", route(from), route(to))
    };
    world.script(&switch("on", "off")).await;
    world.advance(days(180));
    assert_eq!(swept(&world).await, Swept { looked_at: 1, failed: 0 }, "{:?}", kept.key);
    world.script(&switch("off", "on")).await;
    assert_eq!(told(&world, &team).await.len(), before);
    world.advance(days(180));
    assert_eq!(swept(&world).await.looked_at, 1);
    assert_eq!(told(&world, &team).await.len(), before + 1);
}
