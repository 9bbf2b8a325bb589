//! The pages and the API of recovery by paper key, for whoever holds one, and for whom they name.

use serde_json::json;

use super::{
    every::{is_guarded, is_well_made},
    paper_keys::{confirmed, issued},
};
use crate::{
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(an_account_is_recovered_on_the_pages, the_api_redeems_keys, who_regrets_it_declines);

const RITA: &str = "rita@example.net";

/// The code in the newest mail to Rita.
pub async fn key_code(house: &House) -> String {
    let text = house.mail_at(RITA, "key_code").await.unwrap().1;
    let found = text.lines().map(str::trim).find(|line| line.len() == 19 && line.split(' ').count() == 4);
    found.unwrap().to_owned()
}

/// The link in the newest mail of a kind to an address: its page, and its token.
pub async fn link_at(house: &House, email: &str, kind: &str) -> (String, String) {
    let text = house.mail_at(email, kind).await.unwrap().1;
    let (_, rest) = text.split_once("/l/").unwrap();
    let (link, proof) = rest.split_whitespace().next().unwrap().split_once('#').unwrap();
    (format!("/l/{link}"), format!("{link}.{proof}"))
}

async fn an_account_is_recovered_on_the_pages(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let rita = confirmed(&house).await;
    let lines = issued(&house, &rita).await;
    let page = house.open("/recover").await;
    is_guarded("/recover", &page);
    is_well_made("/recover", &page);
    assert_eq!((house.open("/recover/code").await.status, house.open("/recover/do").await.status), (303, 303));
    let wrong = house.form("/recover", &[("line1", &lines[0]), ("line2", &lines[1]), ("line3", &lines[2])]).await;
    is_well_made("/recover", &wrong);
    assert!(wrong.status == 422 && wrong.body.contains("id=\"line4-wrong\""), "{}", wrong.body);
    let asked = house.form("/recover", &[("line1", &lines.join("-"))]).await;
    is_well_made("/recover", &asked);
    assert!(!asked.body.contains(RITA) && asked.body.contains("16 digits"), "{}", asked.body);
    assert!(house.mail("Olga Orlova", "paper_key_changed").await.unwrap().1.contains("new owner"));
    let recovery = asked.hidden("recovery");
    let wrong = house.form("/recover/code", &[("recovery", &recovery), ("code", "1")]).await;
    is_well_made("/recover/code", &wrong);
    assert!(wrong.status == 422 && wrong.body.contains("id=\"code-wrong\""), "{}", wrong.body);

    let code = key_code(&house).await;
    let shown = house.form("/recover/code", &[("recovery", &recovery), ("code", &code)]).await;
    is_well_made("/recover/code", &shown);
    assert!(shown.status == 200 && shown.body.contains("Rita Rossi"), "{}", shown.body);
    let send = async |kind: &str, email: &str, statement: &str| {
        let fields =
            [("recovery", &*recovery), ("code", &*code), ("kind", kind), ("name", "Nora <New>"), ("email", email)];
        house.form("/recover/do", &[&fields[..], &[("statement", statement)]].concat()).await
    };
    for (kind, email, statement, field) in [
        ("", "nora@example.com", "She knows the company.", "kind"),
        ("add", "nora", "She knows the company.", "email"),
        ("add", "nora@example.com", "", "statement"),
    ] {
        let wrong = send(kind, email, statement).await;
        is_well_made("/recover/do", &wrong);
        assert!(
            (400..500).contains(&wrong.status) && wrong.body.contains(&format!("id=\"{field}-wrong\"")),
            "{}",
            wrong.body
        );
        assert!(wrong.body.contains("Nora &#60;New&#62;"), "what was typed is there again: {}", wrong.body);
    }
    let done = send("add", "nora@example.com", "She knows the company.").await;
    is_well_made("/recover/do", &done);
    assert!(done.status == 200 && done.body.contains("Your key is used"), "{}", done.body);
    assert_eq!(send("add", "nora@example.com", "Again.").await.status, 422);

    let (link, token) = link_at(&house, "nora@example.com", "nomination").await;
    let shown = house.form(&format!("{link}/show"), &[("token", &token)]).await;
    is_well_made("/l/show", &shown);
    assert!(shown.body.contains("Would you become owner?"), "{}", shown.body);
    let nomination = shown.hidden("nomination");
    let answer = async |fields: &[(&str, &str)]| {
        let all = [&[("token", &*token), ("nomination", &*nomination)], fields].concat();
        house.form(&format!("{link}/do"), &all).await
    };
    assert_eq!(answer(&[]).await.status, 422, "silence is no acceptance");
    let accepted = answer(&[("answer", "accept")]).await;
    is_well_made("/l/do", &accepted);
    assert!(accepted.body.contains("You have accepted"), "{}", accepted.body);
    // Its page, for whoever may read it.
    let olga = house.proven("Olga Orlova").await;
    let cases = house.call("GET", &format!("/v1/accounts/{}/cases", house.account), &olga, None).await.json();
    assert_eq!(
        (&cases["items"][0]["route"], &cases["items"][0]["state"]),
        (&json!("keys"), &json!("waiting")),
        "{cases}"
    );
}

async fn the_api_redeems_keys(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let rita = confirmed(&house).await;
    let lines = issued(&house, &rita).await;
    let call = async |path: &str, body| house.call("POST", path, "", Some(body)).await;
    assert_eq!(call("/v1/recoveries", json!({"paper_key": "1"})).await.status, 422);
    let begun = call("/v1/recoveries", json!({"paper_key": lines.join("\n")})).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    let at = format!("/v1/recoveries/{}", begun.json()["recovery"].as_str().unwrap());
    let code = key_code(&house).await;
    assert_eq!(call(&format!("{at}/show"), json!({"code": "1"})).await.json()["code"], "wrong_code");
    let shown = call(&format!("{at}/show"), json!({"code": code})).await;
    assert_eq!((shown.status, &shown.json()["holder"]), (200, &json!("Rita Rossi")), "{}", shown.body);
    let confirm = format!("{at}/confirm");
    assert_eq!(call(&confirm, json!({"code": code, "kind": "add"})).await.status, 422);
    let nora = json!({"name": "Nora New", "email": "nora@example.com"});
    let whole = json!({"code": code, "kind": "add", "new_owner": nora, "statement": "She knows the company."});
    let opened = call(&confirm, whole.clone()).await;
    assert_eq!((opened.status, &opened.json()["route"]), (201, &json!("keys")), "{}", opened.body);
    assert_eq!(call(&confirm, whole).await.json()["code"], "wrong_code");
    let (_, token) = link_at(&house, "nora@example.com", "nomination").await;
    let shown = call("/v1/links/redeem", json!({"token": token})).await;
    assert_eq!(shown.json()["purpose"], "nomination");
    assert_eq!(call("/v1/links/enrol/options", json!({"token": token})).await.json()["code"], "wrong_link");
    let declined = call("/v1/links/redeem", json!({"token": token, "decline": true})).await;
    assert_eq!((&declined.json()["done"], &declined.json()["case"]["state"]), (&json!("declined"), &json!("rejected")));
}

async fn who_regrets_it_declines(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let rita = confirmed(&house).await;
    let lines = issued(&house, &rita).await;
    let call = async |path: &str, body| house.call("POST", path, "", Some(body)).await.json();
    let begun = call("/v1/recoveries", json!({"paper_key": lines.join("\n")})).await;
    let nora = json!({"name": "Nora New", "email": "nora@example.com"});
    let whole = json!({"code": key_code(&house).await, "kind": "add", "new_owner": nora, "statement": "She knows the company."});
    call(&format!("/v1/recoveries/{}/confirm", begun["recovery"].as_str().unwrap()), whole).await;
    let (_, token) = link_at(&house, "nora@example.com", "nomination").await;
    call("/v1/links/redeem", json!({"token": token, "confirm": true})).await;
    let (link, token) = link_at(&house, "nora@example.com", "key_case_news").await;
    let shown = house.form(&format!("{link}/show"), &[("token", &token)]).await;
    is_well_made("/l/show", &shown);
    assert!(shown.body.contains("after all?") && !shown.body.contains("I accept"), "{}", shown.body);
    let fields =
        [("token", token.clone()), ("nomination", shown.hidden("nomination")), ("answer", shown.hidden("answer"))];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let declined = house.form(&format!("{link}/do"), &fields).await;
    is_well_made("/l/do", &declined);
    assert!(declined.body.contains("You have declined"), "{}", declined.body);
    assert_eq!(house.form(&format!("{link}/show"), &[("token", &token)]).await.status, 409);
}
