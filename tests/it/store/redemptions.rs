//! What the database refuses about drills, codes and redeemed paper keys: each ends once, with the key for which it was begun.

use quorate::recovery::terms::Kind;
use serde_json::json;

use super::constraints::{UNIQUE, bites, hour_before, id, works};
use crate::{
    app::{
        drills::{begin, forged},
        paper_keys::issue,
        passkeys::SITE,
        redemption::{RITA, completed, enrol, enrol_token, held, nora, present, use_key},
    },
    harness::{TestDb, authenticator::Device, on_both, world::World},
};

on_both!(
    a_drill_ends_once_with_its_key,
    a_code_redeems_one_key_once,
    a_key_is_redeemed_for_one_case,
    wrong_tries_are_due_while_there_are_any,
    what_vouches_for_a_passkey_stays,
);

const OTHER_KEY: &str = "paper_key_id = (select k.id from paper_keys k where k.id <> paper_key_id)";

async fn a_drill_ends_once_with_its_key(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    issue(&world, &team, rita.id, None, None).await.unwrap();
    begin(&world, &key).await.unwrap();
    let once = "ends once, with the key";
    for change in ["wrong = -1", "expires_at = created_at", OTHER_KEY] {
        bites(&world, &format!("update drills set {change}"), once).await;
    }
    works(&world, "update drills set wrong = 1").await;
    works(&world, "update drills set used_at = created_at").await;
    for change in ["used_at = null", "wrong = 2"] {
        bites(&world, &format!("update drills set {change}"), once).await;
    }
}

async fn a_code_redeems_one_key_once(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    issue(&world, &team, rita.id, None, None).await.unwrap();
    present(&world, &key).await.unwrap();
    let once = "redeems the key for which it was mailed, and once";
    for change in ["expires_at = created_at", OTHER_KEY] {
        bites(&world, &format!("update recoveries set {change}"), once).await;
    }
    works(&world, "update recoveries set used_at = created_at").await;
    bites(&world, "update recoveries set used_at = null", once).await;
}

async fn a_key_is_redeemed_for_one_case(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    use_key(&world, &key, RITA, nora(Kind::Add)).await.unwrap();
    let again = format!(
        "insert into redemptions (case_id, recovery_user_id, account_id, name, key_id, redeemed_at)
         select case_id, account_id, account_id, name, key_id, redeemed_at from redemptions where account_id = {}",
        id(&world, team.id)
    );
    bites(&world, &again, UNIQUE).await;
    let stays = "was redeemed for one case, and stays so";
    let others = [
        "case_id = account_id".to_owned(),
        "recovery_user_id = account_id".to_owned(),
        "key_id = account_id".to_owned(),
        format!("member_id = {}", id(&world, team.owner)),
        format!("redeemed_at = {}", hour_before(&world, "redeemed_at")),
    ];
    for change in others {
        bites(&world, &format!("update redemptions set {change}"), stays).await;
    }
    bites(&world, "delete from redemptions", stays).await;
    works(&world, "update redemptions set lost_at = redeemed_at").await;
    bites(&world, "update redemptions set lost_at = null", stays).await;
    // They outlive who redeemed them.
    works(&world, &format!("delete from recovery_users where id = {}", id(&world, rita.id))).await;
    assert_eq!(world.dump().await["redemptions"].len(), 1);
}

async fn wrong_tries_are_due_while_there_are_any(test: TestDb) {
    let world = World::new(test);
    let (_, _, key) = held(&world, 0, &json!({})).await;
    begin(&world, &forged(&key)).await.unwrap_err();
    for change in ["untold = 1", "due_at = told_at"] {
        bites(&world, &format!("update key_tries set {change}"), "key_tries_due").await;
    }
    bites(&world, "update key_tries set untold = -1, due_at = told_at", "untold").await;
    works(&world, "update key_tries set untold = 1, due_at = told_at").await;
}

async fn what_vouches_for_a_passkey_stays(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let case = completed(&world, &team, &key, Kind::Add).await;
    let token = enrol_token(&world, &team, case.terms.nominee.id).await;
    enrol(&world, &token, &mut Device::at(SITE)).await.unwrap();
    let other = world.account("recommended", 0).await;
    for account in ["null".to_owned(), id(&world, other.id)] {
        let change = format!("update credentials set vouched_in = {account} where vouched_in is not null");
        bites(&world, &change, "a credential never changes").await;
    }
    // Nothing vouches for what never had mail alone behind it.
    let owners = format!(
        "insert into credentials (id, user_id, kind, name, secret, enrolled_at, vouched_in)
         select user_id, user_id, kind, name, secret, enrolled_at, vouched_in from credentials where vouched_in = {}",
        id(&world, team.id)
    );
    bites(&world, &owners, "credentials_vouched").await;
}
