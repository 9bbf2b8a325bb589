//! What the database itself says about webhook endpoints.

use quorate::store::tx::Backend;

use super::constraints::{bites, id, works};
use crate::{
    app::webhooks::{URL, added},
    harness::{TestDb, on_both, world::World},
};

on_both!(an_endpoint_stays_where_it_is_and_goes_forward, an_ended_secret_signs_nothing_new, ten_at_most);

async fn an_endpoint_stays_where_it_is_and_goes_forward(test: TestDb) {
    let world = World::new(test);
    let (team, other) = (world.account("recommended", 0).await, world.account("recommended", 0).await);
    added(&world, &team, URL).await;
    let refused = "goes forward only";
    bites(&world, "update webhooks set url = 'https://evil.example/'", refused).await;
    bites(&world, &format!("update webhooks set account_id = {}", id(&world, other.id)), refused).await;
    bites(&world, "update webhooks set cursor_seq = cursor_seq - 1", refused).await;
    bites(&world, "update webhooks set claims = claims - 1", refused).await;
    works(&world, "update webhooks set cursor_seq = cursor_seq + 1, claims = claims + 1").await;
    for (shape, name) in [
        ("status = 'disabled'", "webhooks_shape"),
        ("status = 'ending'", "webhooks_shape"),
        ("why = 'owner'", "webhooks_shape"),
        ("attempts = 1", "webhooks_failing"),
        ("retry_at = created_at", "webhooks_failing"),
        ("previous_until = created_at", "webhooks_previous"),
    ] {
        bites(&world, &format!("update webhooks set {shape}"), name).await;
    }
    let off = "status = 'disabled', why = 'owner', disabled_at = created_at";
    bites(&world, &format!("update webhooks set {off}, next_at = created_at"), "webhooks_rests").await;
    works(&world, &format!("update webhooks set {off}")).await;
}

async fn an_ended_secret_signs_nothing_new(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    added(&world, &team, URL).await;
    let refused = "signs with no ended secret";
    let active = "status = 'active', why = null, disabled_at = null, last_seq = null";
    works(&world, "update webhooks set status = 'ending', last_seq = 9").await;
    bites(&world, &format!("update webhooks set {active}"), refused).await;
    bites(&world, "update webhooks set last_seq = 10", refused).await;
    let ended = "status = 'disabled', why = 'recovered', disabled_at = created_at, last_seq = null";
    works(&world, &format!("update webhooks set {ended}")).await;
    bites(&world, &format!("update webhooks set {active}"), refused).await;
    bites(&world, "update webhooks set why = 'owner'", refused).await;
    // Another secret begins anew, and the old one does not sign beside it.
    let other = match world.app.db.backend() {
        Backend::Sqlite => "randomblob(100)",
        Backend::Postgres => "decode(repeat('ef', 100), 'hex')",
    };
    let beside = "previous_secret = secret, previous_until = created_at";
    bites(&world, &format!("update webhooks set secret = {other}, {beside}, {active}"), refused).await;
    works(&world, &format!("update webhooks set secret = {other}, {active}")).await;
}

async fn ten_at_most(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    added(&world, &team, URL).await;
    let other = world.account("recommended", 0).await;
    for number in 1..10 {
        added(&world, &team, &format!("https://hooks.example.org/{number}")).await;
    }
    added(&world, &other, URL).await;
    let from = format!("from webhooks where account_id = {}", id(&world, other.id));
    let copy = format!(
        "insert into webhooks (id, account_id, url, secret, set_by, set_at, created_by, created_at, status, cursor_seq, attempts, claims)
         select account_id, {}, 'https://hooks.example.org/more', secret, set_by, set_at, created_by, created_at, status, cursor_seq, 0, 0 {from}",
        id(&world, team.id)
    );
    bites(&world, &copy, "ten webhook endpoints at most").await;
}
