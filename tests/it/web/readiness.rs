//! Readiness over HTTP: the score with its reasons, what if some people left, and the weekly mail.

use std::collections::{BTreeMap, BTreeSet};

use quorate::id::UserId;
use serde_json::{Value, json};

use super::site::{House, Reply};
use crate::harness::{TestDb, on_both};

on_both!(
    the_score_has_its_reasons,
    people_are_thought_away_and_nothing_changes,
    a_mailbox_that_bounces_is_wanting,
    whoever_has_but_a_mailbox_is_named,
    only_owners_turn_the_mail_off,
    strangers_learn_nothing,
);

async fn read(house: &House, token: &str, query: &str) -> Reply {
    house.call("GET", &format!("/v1/accounts/{}/readiness{query}", house.account), token, None).await
}

fn codes(view: &Value) -> Vec<&str> {
    view["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

async fn ids(house: &House, token: &str) -> BTreeMap<String, String> {
    let members = house.call("GET", &format!("/v1/accounts/{}/members", house.account), token, None).await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    members["items"].as_array().unwrap().iter().map(|member| (text(&member["name"]), text(&member["user"]))).collect()
}

async fn the_score_has_its_reasons(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = house.sign_in("Ben Bauer").await;
    let view = read(&house, &ben, "").await;
    assert_eq!(view.status, 200, "{}", view.body);
    let view = view.json();
    let weights: u64 =
        view["reasons"].as_array().unwrap().iter().map(|reason| reason["weight"].as_u64().unwrap()).sum();
    assert_eq!(view["score"].as_u64().unwrap(), 100 - weights, "{view}");
    assert_eq!((&view["recoverable"], &view["low"]), (&json!(true), &json!(false)), "{view}");
    assert_eq!(view["counts"]["effective_owners"], 1);
    assert_eq!(view["counts"]["voters"], 3);
    assert_eq!(view["vote"]["state"], "reachable", "{view}");
    for reason in view["reasons"].as_array().unwrap() {
        for field in ["sentence", "remedy", "mend"] {
            assert!(reason[field].as_str().is_some_and(|text| !text.is_empty()), "{reason}");
        }
    }
    house.invite("Ben Bauer", "Emil Ek").await;
    assert_eq!(read(&house, &ben, "").await.json()["score"], view["score"], "a plain member changes nothing");
    let operator = read(&house, &house.operator, "").await;
    assert_eq!((operator.status, &operator.json()["score"]), (200, &view["score"]), "{}", operator.body);
}

async fn people_are_thought_away_and_nothing_changes(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = house.sign_in("Ben Bauer").await;
    let ids = ids(&house, &ben).await;
    let now = read(&house, &ben, "").await.json();
    let before = crate::app::dump::dump(&house.test).await;
    let without_olga = read(&house, &ben, &format!("?without={}", ids["Olga Orlova"])).await.json();
    assert!(codes(&without_olga).contains(&"no_effective_owner"), "{without_olga}");
    assert_eq!(without_olga["without"], json!([ids["Olga Orlova"]]));
    let all = ["Olga Orlova", "Ben Bauer", "Cleo Costa", "Dora Dahl"].map(|name| ids[name].as_str()).join(",");
    let nobody = read(&house, &ben, &format!("?without={all}")).await.json();
    assert!(codes(&nobody).contains(&"nobody_could_recover"), "{nobody}");
    assert_eq!((&nobody["recoverable"], &nobody["low"]), (&json!(false), &json!(true)));
    assert_eq!(read(&house, &ben, "").await.json(), now);
    assert_eq!(crate::app::dump::dump(&house.test).await, before, "asking changes nothing");
    for (wrong, words) in
        [("?without=ben", "not ids of the form"), ("?without=user_01h455vb4pex5vsknk084sn02q", "is not a member")]
    {
        let reply = read(&house, &ben, wrong).await;
        let error = &reply.json()["errors"][0];
        assert_eq!((reply.status, &error["parameter"]), (422, &json!("without")), "{}", reply.body);
        assert!(error["detail"].as_str().unwrap().contains(words), "{error}");
    }
    let many: Vec<String> = (0..51).map(|_| UserId::to_string(&house.site.app.id())).collect();
    assert_eq!(read(&house, &ben, &format!("?without={}", many.join(","))).await.status, 422);
}

async fn a_mailbox_that_bounces_is_wanting(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = house.sign_in("Ben Bauer").await;
    let before = read(&house, &ben, "").await.json();
    assert!(!codes(&before).contains(&"address_bounces"), "{before}");
    let lost = "update mails set status = 'undeliverable', next_at = null where address = 'cleo@acme.example'";
    house.test.script(lost).await;
    let after = read(&house, &ben, "").await.json();
    let reason = after["reasons"].as_array().unwrap().iter().find(|reason| reason["code"] == "address_bounces");
    let reason = reason.unwrap_or_else(|| panic!("{after}"));
    assert_eq!(reason["people"][0]["name"], "Cleo Costa");
    assert_eq!(
        after["score"].as_u64().unwrap() + reason["weight"].as_u64().unwrap(),
        before["score"].as_u64().unwrap()
    );
}

async fn whoever_has_but_a_mailbox_is_named(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let ben = house.sign_in("Ben Bauer").await;
    let lacking = async || {
        let view = read(&house, &ben, "").await.json();
        let reason = view["reasons"].as_array().unwrap().iter().find(|reason| reason["code"] == "no_credential");
        let people = reason.map(|reason| reason["people"].as_array().unwrap().clone()).unwrap_or_default();
        people.iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(lacking().await, BTreeSet::new());
    let ended = "update credentials set ends_at = enrolled_at
                 where user_id in (select id from users where name in ('Olga Orlova', 'Cleo Costa'))";
    house.test.script(ended).await;
    assert_eq!(lacking().await, ["Olga Orlova", "Cleo Costa"].map(str::to_owned).into());
}

async fn only_owners_turn_the_mail_off(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/v1/accounts/{}/readiness/digest", house.account);
    let put = async |token: &str, state: &str| house.call("PUT", &path, token, Some(json!({"state": state}))).await;
    let code = |reply: &Reply| (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned());
    let (olga, ben) = (house.sign_in("Olga Orlova").await, house.sign_in("Ben Bauer").await);
    house.prove("Ben Bauer", &ben).await;
    assert_eq!(code(&put(&ben, "off").await), (403, "owners_only".to_owned()));
    assert_eq!(code(&put(&olga, "off").await), (403, "needs_fresh_proof".to_owned()));
    assert_eq!(put(&house.operator, "off").await.status, 403);
    house.prove("Olga Orlova", &olga).await;
    let off = put(&olga, "off").await;
    assert_eq!((off.status, &off.json()["digest"]), (200, &json!({"state": "off", "next_at": null})), "{}", off.body);
    assert_eq!(put(&olga, "off").await.status, 200, "it is off already");
    let on = put(&olga, "on").await;
    assert!(on.json()["digest"]["next_at"].is_string(), "{}", on.body);
    let log = house.call("GET", &format!("/v1/accounts/{}/activity", house.account), &ben, None).await.json();
    let kinds = log["items"].as_array().unwrap().iter().filter_map(|line| line["entry"]["kind"].as_str());
    let kinds: Vec<&str> = kinds.filter(|kind| kind.starts_with("digest")).collect();
    assert_eq!(
        kinds,
        ["digest.turned_off", "digest.turned_on"],
        "each change once, and what changed nothing not at all"
    );
    assert_eq!(put(&olga, "maybe").await.status, 422);
}

async fn strangers_learn_nothing(test: TestDb) {
    let house = House::furnished(test).await;
    let other = json!({"name": "Other", "preset": "single-owner",
        "first_user": {"name": "Zoe Zander", "email": super::site::address("Zoe Zander")}});
    assert_eq!(house.call("POST", "/v1/accounts", &house.operator, Some(other)).await.status, 201);
    house.accept("Zoe Zander").await;
    let zoe = house.sign_in("Zoe Zander").await;
    house.prove("Zoe Zander", &zoe).await;
    let path = format!("/v1/accounts/{}/readiness/digest", house.account);
    assert_eq!(read(&house, &zoe, "").await.status, 404);
    assert_eq!(house.call("PUT", &path, &zoe, Some(json!({"state": "off"}))).await.status, 404);
    assert_eq!(read(&house, "", "").await.status, 401);
}
