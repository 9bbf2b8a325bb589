//! Changing one's own name and address over HTTP.

use axum::{body::Body, http::Request};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::site::{House, Reply, address};
use crate::harness::{TestDb, on_both};

on_both!(
    a_person_renames_themselves,
    a_person_reads_mails_in_their_zone,
    a_person_changes_their_address,
    nobody_learns_whose_an_address_is,
    refusals_name_the_way_out,
);

const NEW: &str = "ben.bauer@new.example";

async fn ask(house: &House, token: &str, email: &str) -> Reply {
    house.call("POST", "/v1/me/email", token, Some(json!({"email": email}))).await
}

async fn confirm(house: &House, token: &str, code: &str) -> Reply {
    house.call("POST", "/v1/me/email/confirm", token, Some(json!({"code": code}))).await
}

fn refused(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap().to_owned())
}

async fn a_person_renames_themselves(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = house.sign_in("Ben Bauer").await;
    let me = house.call("GET", "/v1/me", &ben, None).await;
    assert_eq!((&me.headers["etag"], &me.json()["version"]), (&"\"1\"".parse().unwrap(), &json!(1)));
    let change = |tag: &'static str, body: Value| {
        let request = Request::patch("/v1/me")
            .header("authorization", format!("Bearer {ben}"))
            .header("content-type", "application/json")
            .header("if-match", tag);
        house.send(request.body(Body::from(body.to_string())).unwrap())
    };
    let renamed = change("\"1\"", json!({"name": " Ben B. Bauer "})).await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("Ben B. Bauer")), "{}", renamed.body);
    assert_eq!(renamed.headers["etag"], "\"2\"");
    assert_eq!(refused(&change("\"1\"", json!({"name": "Ben"})).await), (412, "changed".to_owned()));
    let empty = change("\"2\"", json!({"name": " "})).await;
    assert_eq!((empty.status, &empty.json()["errors"][0]["pointer"]), (422, &json!("/name")), "{}", empty.body);
    let more = change("\"2\"", json!({"name": "Ben", "email": NEW})).await;
    assert_eq!(refused(&more), (422, "invalid".to_owned()), "an address takes more than that: {}", more.body);
    let members = house.call("GET", &format!("/v1/accounts/{}/members", house.account), &ben, None).await.json();
    let names: Vec<&Value> = members["items"].as_array().unwrap().iter().map(|member| &member["name"]).collect();
    assert!(names.contains(&&json!("Ben B. Bauer")), "{names:?}");
    assert_eq!(house.call("PATCH", "/v1/me", &house.operator, Some(json!({"name": "x"}))).await.status, 403);
    assert_eq!(house.call("PATCH", "/v1/me", "", Some(json!({"name": "x"}))).await.status, 401);
}

async fn a_person_reads_mails_in_their_zone(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = house.sign_in("Ben Bauer").await;
    let choose = |zone: &str| {
        let change = json!({"time_zone": zone});
        let (house, ben) = (&house, &ben);
        async move { house.call("PUT", "/v1/me/time-zone", ben, Some(change)).await }
    };
    assert_eq!(house.call("GET", "/v1/me", &ben, None).await.json()["time_zone"], json!(null));
    for wrong in ["", "CEST", "Europe/Bielefeld"] {
        let reply = choose(wrong).await;
        assert_eq!(reply.json()["errors"][0]["pointer"], json!("/time_zone"), "{}", reply.body);
    }
    let chosen = choose("asia/kolkata").await;
    assert_eq!((chosen.status, &chosen.json()["time_zone"]), (200, &json!("Asia/Kolkata")), "{}", chosen.body);
    assert_eq!(chosen.json()["version"], json!(1), "no edit of who they are");
    // A mail that was queued keeps the zone that it had, so that each attempt is the same letter.
    let other = house.sign_in("Cleo Costa").await;
    ask(&house, &other, &address("Ben Bauer")).await;
    let first = house.mail("Ben Bauer", "email_taken").await.unwrap().1;
    assert!(first.contains("UTC+5:30"), "{first}");
    choose("UTC").await;
    assert_eq!(house.mail("Ben Bauer", "email_taken").await.unwrap().1, first);
}

async fn a_person_changes_their_address(test: TestDb) {
    let house = House::furnished(test).await;
    let (ben, other) = (house.sign_in("Ben Bauer").await, house.sign_in("Ben Bauer").await);
    let asked = ask(&house, &ben, " Ben.Bauer@NEW.example ").await;
    assert_eq!(asked.status, 202, "{}", asked.body);
    let until = house.site.app.now().after(SignedDuration::from_mins(10));
    assert_eq!(asked.json(), json!({"expires_at": until}), "it tells nothing else");
    let code = house.code_at(NEW).await;
    assert_eq!(refused(&confirm(&house, &ben, &code).await), (403, "needs_credential".to_owned()));
    house.prove("Ben Bauer", &ben).await;
    assert_eq!(refused(&confirm(&house, &ben, "12345678").await), (422, "wrong_code".to_owned()));
    let changed = confirm(&house, &ben, &format!("{} {}", &code[..4], &code[4..])).await;
    assert_eq!((changed.status, &changed.json()["email"]), (200, &json!(NEW)), "{}", changed.body);
    assert_eq!(changed.headers["etag"], "\"2\"");
    assert_eq!(house.call("GET", "/v1/me", &ben, None).await.json()["email"], NEW);
    assert_eq!(house.call("GET", "/v1/me", &other, None).await.status, 401);
    assert!(house.mail("Ben Bauer", "email_changed").await.is_some());
    assert!(house.mail_at(NEW, "email_confirmed").await.is_some());
    assert!(house.mail("Olga Orlova", "administrator_email_changed").await.is_some());
    let path = format!("/v1/accounts/{}/activity?kind=member.address_changed", house.account);
    let log = house.call("GET", &path, &ben, None).await.json();
    assert_eq!(log["items"][0]["values"], json!({"email": NEW, "email_before": address("Ben Bauer")}), "{log}");
}

async fn nobody_learns_whose_an_address_is(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = house.sign_in("Ben Bauer").await;
    house.prove("Ben Bauer", &ben).await;
    let mut answers = Vec::new();
    for email in ["nobody@new.example".to_owned(), address("Dora Dahl")] {
        let before = house.site.app.now();
        let asked = ask(&house, &ben, &email).await;
        let expires: quorate::moment::Moment = asked.json()["expires_at"].as_str().unwrap().parse().unwrap();
        let keys: Vec<String> = asked.json().as_object().unwrap().keys().cloned().collect();
        let wrong = confirm(&house, &ben, "00000000").await;
        let detail = wrong.json()["detail"].clone();
        answers.push((asked.status, keys, expires.since(before), refused(&wrong), detail));
    }
    assert_eq!(answers[0], answers[1]);
    assert!(
        house.mail("Dora Dahl", "email_taken").await.is_some() && house.mail("Dora Dahl", "email_code").await.is_none()
    );
    for _ in 0..3 {
        assert_eq!(ask(&house, &ben, "nobody@new.example").await.status, 202);
    }
    let late = ask(&house, &ben, &address("Dora Dahl")).await;
    assert_eq!(refused(&late), (429, "too_many_codes".to_owned()));
    assert_eq!(late.headers["retry-after"], "60");
}

async fn refusals_name_the_way_out(test: TestDb) {
    let house = House::furnished(test).await;
    let (olga, ben) = (house.sign_in("Olga Orlova").await, house.sign_in("Ben Bauer").await);
    let owner = ask(&house, &olga, NEW).await;
    assert_eq!(refused(&owner), (409, "owner_protected".to_owned()));
    assert!(owner.json()["detail"].as_str().unwrap().contains("then have it granted back"), "{}", owner.body);
    let own = ask(&house, &ben, &address("Ben Bauer")).await;
    assert_eq!((own.status, &own.json()["errors"][0]["pointer"]), (422, &json!("/email")), "{}", own.body);
    assert_eq!(ask(&house, &ben, "ben at home").await.status, 422);
    let case = house.open_case().await;
    let frozen = ask(&house, &ben, NEW).await;
    assert_eq!(refused(&frozen), (409, "address_frozen".to_owned()));
    let closes = house.call("GET", &format!("/v1/cases/{case}"), &ben, None).await.json()["closes_at"].clone();
    let detail = frozen.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains(&case) && detail.contains(closes.as_str().unwrap()), "{detail}");
    for token in [house.operator.as_str(), ""] {
        assert!([401, 403].contains(&ask(&house, token, NEW).await.status));
        assert!([401, 403].contains(&confirm(&house, token, "1").await.status));
    }
}
