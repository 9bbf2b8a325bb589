//! The second part of that document: devices of owners, recovery users, paper keys, and what they are for.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    account_and_customers::{BEN, CLEO, PAUL, QUINN},
    document::Document,
};
use crate::{
    app::drills::forged,
    harness::{
        authenticator::Device,
        town::{NOBODY, OPERATOR, PRODUCT, SITE, Town},
    },
    web::{
        pages::{
            recover::{key_code, link_at},
            recovery_users::link,
        },
        site::Reply,
    },
};
use quorate::paper_key::read::read;

const OWNERS: [&str; 3] = [PAUL, QUINN, CLEO];
const RITA: &str = "rita@example.net";
const NORA: &str = "nora@example.com";

/// Plays it in a customer with three owners.
pub async fn enterprise_recovery(town: &Town, document: &mut Document, account: &str) {
    devices(town, document).await;
    let key = provision(town, document, account).await;
    recover(town, document, account, &key).await;
    in_the_log(town, document, account).await;
}

async fn devices(town: &Town, document: &mut Document) {
    town.prove(PAUL).await;
    let (mut first, mut second) = (Device::at(SITE), Device::at(SITE));
    let device = add(town, PAUL, &mut first).await;
    let path = format!("/v1/me/devices/{device}");

    document.says("Owners may not have their device modified or replaced.");
    let password = json!({"password": "another-violet-armchair"});
    for by in [QUINN, BEN] {
        town.proven(by, "PATCH", &path, Some(json!({"name": "Theirs"}))).await.refused(404, "not_found");
        town.proven(by, "DELETE", &path, None).await.refused(404, "not_found");
    }
    for by in [PRODUCT, OPERATOR] {
        town.call(by, "DELETE", &path, None).await.refused(403, "people_only");
        town.call(by, "PUT", "/v1/me/password", Some(password.clone())).await.refused(403, "people_only");
    }
    for (method, path, body) in [
        ("DELETE", path.as_str(), None),
        ("POST", "/v1/me/devices/options", Some(json!({}))),
        ("PUT", "/v1/me/password", Some(password)),
    ] {
        let refused = town.on_behalf(PAUL, method, path, body).await;
        assert_eq!(refused.status, 403, "{method} {path}: {}", refused.body);
    }
    let devices = town.get(PAUL, "/v1/me/devices").await.good();
    assert_eq!((&devices["items"][0]["id"], &devices["items"][1]), (&json!(device), &Value::Null));

    document.says("or a backup device to serve as a second owner");
    let lone = town.found("account-and-customers", "Drammen", PAUL, &[]).await;
    assert!(town.wanting(OPERATOR, &lone).await.contains("few_owners"));
    // They have a password and a passkey; without the password, there is one device.
    town.proven(PAUL, "DELETE", "/v1/me/password", None).await.good();
    assert!(town.wanting(OPERATOR, &lone).await.contains("no_backup"));
    let entered = enter(town, &mut first).await;
    let (ceremony, options) = asked(&town.house.call("POST", "/v1/me/devices/options", &entered, None).await);
    let new = json!({"ceremony": ceremony, "name": "Backup", "answer": second.create(&options)});
    town.house.call("POST", "/v1/me/devices", &entered, Some(new)).await.good();
    assert!(!town.wanting(OPERATOR, &lone).await.contains("no_backup"));
    drop(first);
    let entered = enter(town, &mut second).await;
    let gone = town.house.call("DELETE", &path, &entered, None).await;
    assert_eq!(gone.status, 204, "the backup does what an owner does: {}", gone.body);
    let name = json!({"name": "Drammen Drinks"});
    let kept = town.house.call("PATCH", &format!("/v1/accounts/{lone}"), &entered, Some(name)).await.good();
    assert_eq!(kept["name"], "Drammen Drinks");
}

async fn provision(town: &Town, document: &mut Document, account: &str) -> String {
    let users = format!("/v1/accounts/{account}/recovery-users");
    let new = json!({"name": "Rita Rossi", "emails": [RITA]});

    document.says("Owners may provision recovery users along with paper keys");
    town.join(QUINN, account, BEN, "administrator").await;
    town.proven(BEN, "POST", &users, Some(new.clone())).await.refused(403, "owners_only");
    town.post(PRODUCT, &users, new.clone()).await.refused(403, "people_only");
    town.forget(QUINN);
    town.post(QUINN, &users, new.clone()).await.refused(403, "needs_fresh_proof");
    let before = told(town).await;
    let rita = town.proven(QUINN, "POST", &users, Some(new)).await.good()["id"].as_str().unwrap().to_owned();
    let chosen = told(town).await;
    let (_, token) = link(&town.house, RITA).await;
    let keys = format!("{users}/{rita}/paper-keys");
    town.post(QUINN, &keys, json!({})).await.refused(409, "recovery_user_unconfirmed");
    town.post(NOBODY, &format!("{users}/{rita}/confirm"), json!({"token": token, "confirm": true})).await.good();
    town.proven(BEN, "POST", &keys, Some(json!({}))).await.refused(403, "owners_only");
    let issued = town.proven(QUINN, "POST", &keys, Some(json!({}))).await.good();
    let lines: Vec<&str> = issued["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();

    document.says(
        "Owners receive notification emails for newly provisioned or removed recovery users, and any attempts to initiate recovery.",
    );
    for (before, chosen) in before.iter().zip(&chosen) {
        assert_eq!(chosen.0, before.0 + 1, "each owner hears of whom another has chosen");
    }
    let other = json!({"name": "Sven Sander", "emails": ["sven@example.net"]});
    let sven = town.post(QUINN, &users, other).await.good()["id"].as_str().unwrap().to_owned();
    let before = told(town).await;
    town.call(QUINN, "DELETE", &format!("{users}/{sven}"), None).await.good();
    let removed = told(town).await;
    assert!(before.iter().zip(&removed).all(|(before, after)| after.0 == before.0 + 1), "{before:?} {removed:?}");
    // An attempt, with the right number and a wrong key.
    let wrong = forged(&read(&lines.join("\n")).unwrap()).sheet().text();
    town.post(NOBODY, "/v1/recoveries", json!({"paper_key": *wrong})).await.refused(422, "paper_key_refused");
    let refused = told(town).await;
    assert!(removed.iter().zip(&refused).all(|(before, after)| after.1 == before.1 + 1), "{removed:?} {refused:?}");
    lines.join("\n")
}

/// How many mails about recovery users, and about paper keys, each owner got.
async fn told(town: &Town) -> Vec<(usize, usize)> {
    let mut told = Vec::new();
    for name in OWNERS {
        let users = town.house.mails(name, "recovery_user_changed").await;
        told.push((users, town.house.mails(name, "paper_key_changed").await));
    }
    told
}

async fn recover(town: &Town, document: &mut Document, account: &str, key: &str) {
    let before = told(town).await;

    document.says(
        "These keys, along with access to the recovery email allow a user to provision a new Owner and device for that owner",
    );
    let call = async |path: &str, body: Value| town.post(NOBODY, path, body).await;
    let begun = call("/v1/recoveries", json!({"paper_key": key})).await.good();
    let after = told(town).await;
    assert!(before.iter().zip(&after).all(|(before, after)| after.1 == before.1 + 1), "each attempt: {after:?}");
    let confirm = format!("/v1/recoveries/{}/confirm", begun["recovery"].as_str().unwrap());
    let wanted = |code: &str| {
        json!({"code": code, "kind": "add", "new_owner": {"name": "Nora New", "email": NORA},
            "statement": "None of the three has been in the office since May."})
    };
    call(&confirm, wanted("0000 0000 0000 0000")).await.refused(422, "wrong_code");
    call(&confirm, wanted(&key_code(&town.house).await)).await.good();
    let (_, nomination) = link_at(&town.house, NORA, "nomination").await;
    let accepted = call("/v1/links/redeem", json!({"token": nomination, "confirm": true})).await.good();
    assert_eq!(accepted["case"]["state"], "waiting");
    town.pass(SignedDuration::from_hours(24)).await;
    town.owners_are(account, &[PAUL, QUINN, CLEO, "Nora New"]).await;
    let (_, link) = link_at(&town.house, NORA, "new_owner_welcome").await;
    let mut device = Device::at(SITE);
    let (ceremony, options) = asked(&call("/v1/links/enrol/options", json!({"token": link})).await);
    let made = json!({"token": link, "ceremony": ceremony, "name": "Telephone", "answer": device.create(&options)});
    assert_eq!(call("/v1/links/enrol", made.clone()).await.good()["account"], account);
    call("/v1/links/enrol", made).await.refused(409, "dead_link");
    let nora = enter(town, &mut device).await;
    let grant = json!({"user": town.user(BEN)});
    let granted = town.house.call("POST", &format!("/v1/accounts/{account}/owners"), &nora, Some(grant)).await;
    assert_eq!(granted.status, 201, "with that device they act as an owner: {}", granted.body);
}

async fn in_the_log(town: &Town, document: &mut Document, account: &str) {
    document.says("More specific information on these events can also be found in the Activity Logs.");
    for (kind, times) in [
        ("recovery_user.added", 2),
        ("recovery_user.address_confirmed", 1),
        ("recovery_user.removed", 1),
        ("paper_key.issued", 1),
        ("paper_key.refused", 1),
        ("paper_key.presented", 1),
        ("case.key_redeemed", 1),
        ("case.completed", 1),
    ] {
        assert_eq!(town.logged(account, kind).await.len(), times, "{kind}");
    }
}

/// Adds a passkey for somebody who has just shown who they are; its id.
async fn add(town: &Town, who: &str, device: &mut Device) -> String {
    let (ceremony, options) = asked(&town.post(who, "/v1/me/devices/options", json!({})).await);
    let new = json!({"ceremony": ceremony, "name": "Telephone", "answer": device.create(&options)});
    town.post(who, "/v1/me/devices", new).await.good()["id"].as_str().unwrap().to_owned()
}

/// Signs in with nothing but a passkey; the session's token.
async fn enter(town: &Town, device: &mut Device) -> String {
    let (ceremony, options) = asked(&town.post(NOBODY, "/v1/sign-in/passkey/options", json!({})).await);
    let shown = json!({"ceremony": ceremony, "answer": device.get(&options)});
    town.post(NOBODY, "/v1/sign-in/passkey", shown).await.good()["token"].as_str().unwrap().to_owned()
}

fn asked(reply: &Reply) -> (Value, Value) {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let asked = reply.json();
    (asked["ceremony"].clone(), asked["options"].clone())
}
