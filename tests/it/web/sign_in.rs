//! Signing in, fresh proof, sessions, tokens and mail status over HTTP.

use axum::{body::Body, http::Request};
use jiff::SignedDuration;
use serde_json::json;

use super::site::{House, address};
use crate::harness::{TestDb, on_both};

on_both!(
    a_person_signs_in_proves_it_and_signs_out,
    nobody_learns_who_is_known,
    a_secret_is_shown_once,
    only_those_close_to_the_account_see_addresses,
);

async fn a_person_signs_in_proves_it_and_signs_out(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = house.sign_in("Olga Orlova").await;
    let me = house.call("GET", "/v1/me", &olga, None).await.json();
    assert_eq!(
        (&me["name"], &me["email"], &me["confirmed"]),
        (&json!("Olga Orlova"), &json!("olga@acme.example"), &json!(true))
    );
    assert_eq!(me["accounts"], json!([{"id": house.account, "name": "Acme Freight"}]));

    let asked = house.call("POST", "/v1/proof", &olga, Some(json!({}))).await;
    assert_eq!(asked.status, 202, "{}", asked.body);
    let wrong = house.call("POST", "/v1/proof", &olga, Some(json!({"code": "1"}))).await;
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (422, Some("wrong_code")));
    let code = house.code("Olga Orlova").await;
    let proven = house.call("POST", "/v1/proof", &olga, Some(json!({"code": code}))).await;
    assert_eq!(proven.status, 200, "{}", proven.body);
    let now = house.site.app.now();
    assert_eq!(proven.json()["proven_until"], json!(now.after(SignedDuration::from_mins(5))));

    let other = house.sign_in("Olga Orlova").await;
    let sessions = house.call("GET", "/v1/me/sessions", &olga, None).await.json();
    let items = sessions["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|session| session["current"] == json!(true)).collect::<Vec<_>>(), [false, true]);
    let path = format!("/v1/me/sessions/{}", items[0]["id"].as_str().unwrap());
    assert_eq!(house.call("DELETE", &path, &house.sign_in("Ben Bauer").await, None).await.status, 404);
    assert_eq!(house.call("DELETE", &path, &olga, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/me", &other, None).await.status, 401);

    assert_eq!(house.call("POST", "/v1/sign-out", &olga, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/me", &olga, None).await.status, 401);
}

async fn nobody_learns_who_is_known(test: TestDb) {
    let house = House::furnished(test).await;
    let keys = |body: serde_json::Value| body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut answers = Vec::new();
    for email in [address("Olga Orlova"), "nobody@acme.example".to_owned()] {
        let asked = house.call("POST", "/v1/sign-in", "", Some(json!({"email": email}))).await;
        let confirm = json!({"email": email, "code": "00000000"});
        let refused = house.call("POST", "/v1/sign-in/confirm", "", Some(confirm)).await;
        let (code, detail) = (refused.json()["code"].clone(), refused.json()["detail"].clone());
        answers.push((
            asked.status,
            keys(asked.json()),
            asked.json()["request"].as_str().unwrap().len(),
            refused.status,
            code,
            detail,
        ));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, 202);
}

async fn a_secret_is_shown_once(test: TestDb) {
    let house = House::furnished(test).await;
    let create = |kind: &str, scopes: &[&str]| {
        let new = json!({"name": "product", "kind": kind, "scopes": scopes});
        let request = Request::post("/v1/tokens")
            .header("authorization", format!("Bearer {}", house.operator))
            .header("content-type", "application/json")
            .header("idempotency-key", "k1");
        house.send(request.body(Body::from(new.to_string())).unwrap())
    };
    let first = create("platform", &["read"]).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let secret = first.json()["secret"].as_str().unwrap().to_owned();
    let again = create("platform", &["read"]).await;
    assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("already_issued")));
    assert!(!again.body.contains(&secret));
    let other = create("operator", &[]).await;
    assert_eq!((other.status, other.json()["code"].as_str()), (422, Some("idempotency_key_reused")));

    assert_eq!(house.call("GET", "/v1/accounts", &secret, None).await.status, 200);
    assert_eq!(house.call("GET", "/v1/tokens", &secret, None).await.status, 403);
    let listed = house.call("GET", "/v1/tokens", &house.operator, None).await;
    assert!(!listed.body.contains(&secret));
    assert_eq!(listed.json()["items"].as_array().unwrap().len(), 2);
    let path = format!("/v1/tokens/{}", first.json()["token"]["id"].as_str().unwrap());
    assert_eq!(house.call("DELETE", &path, &house.operator, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/accounts", &secret, None).await.status, 401);

    let scope = json!({"name": "a", "kind": "platform", "scopes": ["read", "write"]});
    let wrong = house.call("POST", "/v1/tokens", &house.operator, Some(scope)).await;
    assert_eq!((wrong.status, wrong.json()["errors"][0]["pointer"].as_str()), (422, Some("/scopes/1")));
}

async fn only_those_close_to_the_account_see_addresses(test: TestDb) {
    let house = House::furnished(test).await;
    let case = house.open_case().await;
    let ben = house.sign_in("Ben Bauer").await;
    house.invite("Ben Bauer", "Nora North").await;
    let (link, token) = house.link("Nora North", "invitation").await;
    house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let nora = house.sign_in("Nora North").await;
    for path in [format!("/v1/cases/{case}/mail"), format!("/v1/accounts/{}/mail", house.account)] {
        let seen = async |token: &str| {
            let listed = house.call("GET", &path, token, None).await;
            assert_eq!(listed.status, 200, "{}", listed.body);
            let first = &listed.json()["items"][0];
            assert!(first["recipient"]["name"].is_string() && first["status"] == "queued", "{first}");
            (first["address"].is_string(), listed.body.contains("@acme.example"))
        };
        assert_eq!(seen(&house.operator).await, (true, true), "{path}");
        assert_eq!(seen(&ben).await, (true, true), "{path}");
        assert_eq!(seen(&nora).await, (false, false), "{path}");
        let first = house.call("GET", &format!("{path}?limit=1"), &ben, None).await.json();
        let next = first["next"].as_str().unwrap();
        let second = house.call("GET", &format!("{path}?limit=1&after={next}"), &ben, None).await.json();
        assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    }
    assert_eq!(house.call("GET", &format!("/v1/cases/{case}/mail"), "", None).await.status, 401);
}
