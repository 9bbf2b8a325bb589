//! The pages and the API of paper keys.

use serde_json::json;

use super::{
    browser::{Browser, to},
    every::{is_guarded, is_well_made},
    recovery_users::{chosen, link},
};
use crate::{
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(a_sheet_is_shown_once, the_api_has_paper_keys);

const RITA: &str = "rita@example.net";

/// Has Olga choose Rita, who confirms; Rita's id.
pub async fn confirmed(house: &House) -> String {
    let rita = chosen(house, &[RITA]).await;
    let (page, token) = link(house, RITA).await;
    assert_eq!(house.form(&format!("{page}/do"), &[("token", &token)]).await.status, 200);
    rita
}

/// Has Olga issue a key for her; its lines.
pub async fn issued(house: &House, rita: &str) -> Vec<String> {
    let (olga, path) =
        (house.proven("Olga Orlova").await, format!("/v1/accounts/{}/recovery-users/{rita}", house.account));
    let issued = house.call("POST", &format!("{path}/paper-keys"), &olga, Some(json!({}))).await.json();
    issued["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

async fn a_sheet_is_shown_once(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let rita = confirmed(&house).await;
    let path = format!("/accounts/{}/recovery-users/{rita}/paper-keys", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert_eq!(ben.get(&path).await.status, 403);
    let olga = Browser::of(&house, "Olga Orlova").await;
    let home = olga.get(&format!("/accounts/{}/recovery-users", house.account)).await;
    assert!(home.body.contains(&format!("href=\"{path}\"")), "{}", home.body);
    let page = olga.get(&path).await;
    is_guarded(&path, &page);
    is_well_made(&path, &page);
    let once = page.hidden("once");
    let fields = [("years", "2"), ("once", once.as_str())];
    let asked = olga.post(&path, &fields).await;
    let page = olga.prove("Olga Orlova", &asked).await;
    let once = page.hidden("once");
    let fields = [("years", "2"), ("once", once.as_str())];
    let sheet = olga.post(&path, &fields).await;
    assert_eq!(sheet.status, 200, "{}", sheet.body);
    is_guarded(&path, &sheet);
    is_well_made(&path, &sheet);
    for words in ["Acme Freight", "Rita Rossi", RITA, "<svg class=\"qr\"", "Print this page now."] {
        assert!(sheet.body.contains(words), "{words}: {}", sheet.body);
    }
    let lines: Vec<&str> = sheet.body.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert!(lines.len() == 4 && lines.iter().all(|line| line.len() == 14), "{lines:?}");
    // Loaded again it is not there, nor on any other page.
    let again = olga.post(&path, &fields).await;
    assert!(again.status == 409 && again.body.contains("already_issued"), "{}", again.body);
    let home = olga.get(&format!("/accounts/{}/recovery-users", house.account)).await;
    assert!(!home.body.contains("no paper key"), "{}", home.body);
    let page = olga.get(&path).await;
    assert!(page.body.contains("in force") && !page.body.contains(lines[1]), "{}", page.body);
    for wrong in [("years", "11"), ("replaces", "pkey_x")] {
        let refused = olga.post(&path, &[wrong, ("once", "another")]).await;
        assert_eq!(refused.status, 422, "{wrong:?}: {}", refused.body);
    }

    let removal = page.body.split("href=\"").find(|rest| rest.starts_with("/paper-keys/")).unwrap();
    let removal = removal.split('"').next().unwrap();
    assert_eq!(ben.get(removal).await.status, 403);
    assert_eq!(ben.post(removal, &[]).await.status, 403);
    let question = olga.get(removal).await;
    is_well_made(removal, &question);
    let gone = olga.post(removal, &[]).await;
    assert_eq!(to(&gone), format!("{path}?done=paper-key-revoked"));
    assert!(olga.follow(&gone).await.body.contains("revoked"));
    for (reader, whom) in [(&olga, "Rita Rossi"), (&ben, "somebody whose name only owners see")] {
        let log = reader.get(&format!("/accounts/{}", house.account)).await;
        assert!(log.body.contains(&format!("Olga Orlova issued a paper key for {whom}.")), "{}", log.body);
        assert!(log.body.contains(&format!("Olga Orlova revoked a paper key of {whom}.")), "{}", log.body);
    }
}

async fn the_api_has_paper_keys(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let rita = confirmed(&house).await;
    let path = format!("/v1/accounts/{}/recovery-users/{rita}/paper-keys", house.account);
    let olga = house.proven("Olga Orlova").await;
    let issued = house.call("POST", &path, &olga, Some(json!({}))).await;
    assert_eq!(issued.status, 201, "{}", issued.body);
    let issued = issued.json();
    let lines: Vec<&str> = issued["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(issued["qr"], lines.join("-"));
    assert!(lines[0].starts_with(issued["key"]["number"].as_str().unwrap()), "{issued}");
    assert_eq!((&issued["key"]["state"], &issued["key"]["expires_at"]), (&json!("in_force"), &json!(null)));
    let first = issued["key"]["id"].as_str().unwrap();
    let replaced = house.call("POST", &path, &olga, Some(json!({"replaces": first}))).await;
    assert_eq!(replaced.status, 201, "{}", replaced.body);
    let listed = house.call("GET", &path, &olga, None).await;
    let states: Vec<String> = listed.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["superseded", "in_force"]);
    assert!(!listed.body.contains(lines[1]));
    let readiness = house.call("GET", &format!("/v1/accounts/{}/readiness", house.account), &olga, None).await.json();
    assert_eq!(readiness["keys"]["state"], "reachable", "{readiness}");
    let ben = house.proven("Ben Bauer").await;
    let key = format!("/v1/paper-keys/{}", replaced.json()["key"]["id"].as_str().unwrap());
    assert_eq!(house.call("DELETE", &key, &ben, None).await.status, 403);
    for _ in 0..2 {
        assert_eq!(house.call("DELETE", &key, &olga, None).await.status, 204);
    }
    let past = json!({"expires_at": "2020-01-01T00:00:00Z"});
    assert_eq!(house.call("POST", &path, &olga, Some(past)).await.json()["code"], "paper_key_expiry");
}
