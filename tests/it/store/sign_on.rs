//! What the database refuses about single sign-on: sessions stay as far as they go, and subjects whose they are.

use super::constraints::{bites, works};
use crate::{
    death::trials::sign_on::signed_on,
    harness::{TestDb, on_both, world::World},
};

on_both!(a_session_stays_as_far_as_it_goes, a_subject_stays_whose_it_is);

async fn world(test: TestDb) -> World {
    let world = World::new(test);
    let (_, begin) = signed_on(&world).await;
    begin(world.app.clone()).await.unwrap();
    world
}

async fn a_session_stays_as_far_as_it_goes(test: TestDb) {
    let world = world(test).await;
    let within = "where account_id is not null";
    bites(&world, &format!("update sessions set proven_at = created_at {within}"), "sessions_within").await;
    bites(&world, &format!("update sessions set account_id = null {within}"), "stays as far as it goes").await;
    let another =
        "insert into sessions (id, user_id, token_hash, created_at, expires_at, until_at, proven_at, account_id)
        select o.user_id, o.user_id, s.token_hash, s.created_at, s.expires_at, s.until_at, s.created_at, s.account_id
        from sessions s join members o on o.account_id = s.account_id where s.account_id is not null limit 1";
    bites(&world, another, "sessions_within").await;
    works(&world, &format!("update sessions set ended_at = created_at {within}")).await;
}

async fn a_subject_stays_whose_it_is(test: TestDb) {
    let world = world(test).await;
    bites(&world, "update sign_on_subjects set subject = 'two'", "stays whose it is").await;
    bites(&world, "update sign_ons set issuer = 'https://evil.example'", "knows nobody yet").await;
    bites(&world, "update sign_ons set client_id = 'evil'", "knows nobody yet").await;
    let another = "insert into sign_on_subjects (account_id, user_id, subject, pinned_at)
        select s.account_id, m.user_id, s.subject, s.pinned_at from sign_on_subjects s
        join members m on m.account_id = s.account_id and m.user_id <> s.user_id limit 1";
    bites(&world, another, "unique").await;
    works(&world, "update sign_ons set set_at = set_at").await;
    works(&world, "delete from sign_on_subjects").await;
    works(&world, "update sign_ons set issuer = 'https://another.example'").await;
}
