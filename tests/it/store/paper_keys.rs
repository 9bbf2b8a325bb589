//! What the database refuses about recovery users and paper keys: addresses stay what was confirmed, codes are used once, and keys
//! stay as they were issued.

use super::constraints::{UNIQUE, bites, works};
use crate::{
    app::{
        paper_keys::issue,
        recovery_users::{chosen, confirmed},
    },
    harness::{
        TestDb, on_both,
        world::{World, days},
    },
};

on_both!(an_address_stays_what_was_confirmed, a_code_is_used_once, a_key_stays_as_it_was_issued);

async fn an_address_stays_what_was_confirmed(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    confirmed(&world, &team, &["rita@example.net"]).await;
    chosen(&world, &team, &["mia@example.net"]).await;
    let stays = "stays as it is, and is confirmed once";
    for change in ["email = 'thief@example.net'", "confirmed_at = null", "recovery_user_id = id"] {
        let change = format!("update recovery_addresses set {change} where confirmed_at is not null");
        bites(&world, &change, stays).await;
    }
    let again = "insert into recovery_addresses select * from recovery_addresses";
    bites(&world, again, UNIQUE).await;
    works(
        &world,
        "update recovery_addresses set confirmed_at = (select added_at from recovery_users limit 1)
        where confirmed_at is null",
    )
    .await;
}

async fn a_code_is_used_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    chosen(&world, &team, &["rita@example.net"]).await;
    let once = "used once, for what it was made";
    for change in ["kind = 'code'", "wrong = -1", "expires_at = created_at"] {
        bites(&world, &format!("update recovery_codes set {change}"), once).await;
    }
    works(&world, "update recovery_codes set wrong = 1").await;
    works(&world, "update recovery_codes set used_at = created_at").await;
    bites(&world, "update recovery_codes set used_at = null", once).await;
}

async fn a_key_stays_as_it_was_issued(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = confirmed(&world, &team, &["rita@example.net"]).await;
    confirmed(&world, &team, &["mia@example.net"]).await;
    issue(&world, &team, rita.id, Some(days(1)), None).await.unwrap();
    let stays = "stays as it was issued, and ends once";
    let mia = "(select id from recovery_users where id <> paper_keys.recovery_user_id)";
    for change in ["expires_at = null", "issued_at = expires_at", &format!("recovery_user_id = {mia}")] {
        bites(&world, &format!("update paper_keys set {change}"), stays).await;
    }
    let twice = "insert into paper_keys (id, account_id, recovery_user_id, number, secret_hash, issued_by, issued_at)
        select issued_by, account_id, recovery_user_id, number, secret_hash, issued_by, issued_at from paper_keys";
    bites(&world, twice, UNIQUE).await;
    bites(&world, "update paper_keys set ended = 'revoked'", "paper_keys_end").await;
    works(&world, "update paper_keys set drilled_at = expires_at").await;
    for change in ["drilled_at = null", "drilled_at = issued_at"] {
        bites(&world, &format!("update paper_keys set {change}"), stays).await;
    }
    works(&world, "update paper_keys set ended = 'revoked', ended_at = issued_at").await;
    bites(&world, "update paper_keys set ended = null, ended_at = null", stays).await;
    // They go with whoever held them, and only so.
    works(&world, "delete from recovery_users").await;
    let left = world.dump().await;
    assert!(
        left["paper_keys"].is_empty() && left["recovery_addresses"].is_empty() && left["recovery_codes"].is_empty()
    );
}
