//! Offers of ownership through the API: made once for each key, listed page by page, and answered.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use super::site::{House, Reply};
use crate::harness::{TestDb, on_both};

on_both!(an_offer_from_its_making_to_its_end, a_link_answers_for_programs, the_primary_owner_is_shown_and_passed_on);

async fn offer(house: &House, token: &str, to: &str, key: &str) -> Reply {
    let request = Request::post(format!("/v1/accounts/{}/transfers", house.account))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key);
    house.send(request.body(Body::from(json!({"to": to}).to_string())).unwrap()).await
}

async fn answer(house: &House, offer: &Value, word: &str, token: &str) -> Reply {
    house.call("POST", &format!("/v1/transfers/{}/{word}", offer["id"].as_str().unwrap()), token, None).await
}

async fn an_offer_from_its_making_to_its_end(test: TestDb) {
    let house = House::furnished(test).await;
    let (olga, cleo) = (house.sign_in("Olga Orlova").await, house.sign_in("Cleo Costa").await);
    let (ben, to) = (house.sign_in("Ben Bauer").await, house.user("Cleo Costa").await);
    assert_eq!(offer(&house, &olga, &to, "one").await.json()["code"], "needs_fresh_proof");
    let olga = house.proven("Olga Orlova").await;
    let made = offer(&house, &olga, &to, "one").await;
    assert_eq!(made.status, 201, "{}", made.body);
    let first = made.json();
    assert_eq!(
        (&first["state"], &first["from"]["name"], &first["to"]["name"]),
        (&json!("pending"), &json!("Olga Orlova"), &json!("Cleo Costa"))
    );
    // The same key: the same answer, and no second mail.
    assert_eq!(offer(&house, &olga, &to, "one").await.json(), first);
    assert_eq!(house.mails("Cleo Costa", "transfer_request").await, 1);
    assert_eq!(offer(&house, &olga, &to, "two").await.json()["code"], "transfer_pending");
    let unknown = house
        .call("POST", &format!("/v1/accounts/{}/transfers", house.account), &olga, Some(json!({"to": to, "now": true})))
        .await;
    assert!((400..500).contains(&unknown.status), "{}", unknown.body);

    for (word, token, code) in [
        ("accept", &ben, "transfer_not_yours"),
        ("accept", &olga, "transfer_not_yours"),
        ("decline", &ben, "transfer_not_yours"),
        ("cancel", &ben, "owners_only"),
        ("cancel", &cleo, "owners_only"),
        ("accept", &house.operator, "people_only"),
    ] {
        let refused = answer(&house, &first, word, token).await;
        assert_eq!((refused.status, &refused.json()["code"]), (403, &json!(code)), "{word}: {}", refused.body);
    }
    let back = answer(&house, &first, "cancel", &olga).await.json();
    assert_eq!(
        (&back["state"], &back["why"], &back["ended_by"]["name"]),
        (&json!("cancelled"), &json!("taken_back"), &json!("Olga Orlova"))
    );
    assert_eq!(answer(&house, &first, "accept", &cleo).await.json()["code"], "transfer_ended");

    let second = offer(&house, &olga, &to, "three").await.json();
    assert_eq!(answer(&house, &second, "accept", &cleo).await.json()["code"], "needs_fresh_proof");
    house.prove("Cleo Costa", &cleo).await;
    let accepted = answer(&house, &second, "accept", &cleo).await;
    assert_eq!((accepted.status, &accepted.json()["state"]), (200, &json!("accepted")), "{}", accepted.body);
    assert_eq!(answer(&house, &second, "accept", &cleo).await.status, 200, "again: it is so");
    assert_eq!(house.owners().await, ["Cleo Costa"]);

    let path = format!("/v1/accounts/{}/transfers", house.account);
    let page = house.call("GET", &format!("{path}?limit=1"), &ben, None).await.json();
    assert_eq!((&page["items"][0]["id"], page["items"].as_array().unwrap().len()), (&first["id"], 1));
    let rest =
        house.call("GET", &format!("{path}?limit=1&after={}", page["next"].as_str().unwrap()), &ben, None).await.json();
    assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&second["id"], &Value::Null));
    let stranger = house.call("GET", &format!("/v1/transfers/{}", second["id"].as_str().unwrap()), "", None).await;
    assert_eq!(stranger.status, 401, "{}", stranger.body);
    let nowhere = second["id"].as_str().unwrap().replace("_0", "_1");
    assert_eq!(house.call("GET", &format!("/v1/transfers/{nowhere}"), &ben, None).await.status, 404);
}

async fn a_link_answers_for_programs(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = house.proven("Olga Orlova").await;
    let to = house.user("Cleo Costa").await;
    offer(&house, &olga, &to, "one").await;
    let redeem = async |body: Value| house.call("POST", "/v1/links/redeem", "", Some(body)).await;
    let (_, token) = house.link("Cleo Costa", "transfer_request").await;
    let shown = redeem(json!({"token": token})).await.json();
    assert_eq!(
        (&shown["purpose"], &shown["transfer"]["state"], &shown["done"]),
        (&json!("transfer"), &json!("pending"), &Value::Null)
    );
    let both = redeem(json!({"token": token, "confirm": true, "decline": true})).await;
    assert_eq!((both.status, &both.json()["errors"][0]["pointer"]), (422, &json!("/decline")), "{}", both.body);
    let declined = redeem(json!({"token": token, "decline": true})).await.json();
    assert_eq!((&declined["done"], &declined["transfer"]["state"]), (&json!("declined"), &json!("declined")));
    offer(&house, &olga, &to, "two").await;
    let (_, token) = house.link("Cleo Costa", "transfer_request").await;
    let refused = redeem(json!({"token": token, "confirm": true})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("needs_credential")), "{}", refused.body);
    assert_eq!(house.owners().await, ["Olga Orlova"]);
}

async fn the_primary_owner_is_shown_and_passed_on(test: TestDb) {
    let house = House::furnished_as("multi-owner", test).await;
    let (olga, ben) = (house.user("Olga Orlova").await, house.user("Ben Bauer").await);
    let owners = format!("/v1/accounts/{}/owners", house.account);
    let token = house.proven("Olga Orlova").await;
    let shown = house.call("GET", &owners, &token, None).await.json();
    assert_eq!(shown["primary_owner"], olga.as_str());
    let granted = house.call("POST", &owners, &token, Some(json!({"user": ben}))).await;
    assert!((200..300).contains(&granted.status), "{}", granted.body);
    let passed = house.call("POST", &format!("{owners}/{ben}/primary"), &token, None).await;
    assert_eq!((passed.status, &passed.json()["primary_owner"]), (200, &json!(ben)), "{}", passed.body);
    let account = house.call("GET", &format!("/v1/accounts/{}", house.account), &token, None).await.json();
    assert_eq!(account["account"]["primary_owner"], ben.as_str(), "{account}");
    let again = house.call("POST", &format!("{owners}/{ben}/primary"), &token, None).await;
    assert_eq!((again.status, &again.json()["code"]), (403, &json!("primary_owner_only")), "{}", again.body);
    // Where there is no such place, the answer says so.
    let plain = House::furnished(TestDb::sqlite().await).await;
    let shown =
        plain.call("GET", &format!("/v1/accounts/{}/owners", plain.account), &plain.operator, None).await.json();
    assert_eq!(shown["primary_owner"], Value::Null);
}
