//! Passkeys over HTTP, from the first to the last call, and the pages without script.

use serde_json::{Value, json};

use super::{
    pages::browser::Browser,
    site::{House, Reply},
};
use crate::harness::{TestDb, authenticator::Device, on_both, proof::PASSWORD};

on_both!(a_passkey_from_its_making_to_its_removal, a_page_takes_what_its_script_sends);

const SITE: &str = "http://localhost:8080";

async fn house(test: TestDb) -> House {
    House::furnished(test).await.at(SITE)
}

async fn ask(house: &House, path: &str, token: &str) -> (Value, Value) {
    let asked = house.call("POST", path, token, None).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let asked = asked.json();
    (asked["ceremony"].clone(), asked["options"].clone())
}

async fn add(house: &House, device: &mut Device, token: &str) -> Reply {
    let (ceremony, options) = ask(house, "/v1/me/devices/options", token).await;
    let body = json!({"ceremony": ceremony, "name": "Telephone", "answer": device.create(&options)});
    house.call("POST", "/v1/me/devices", token, Some(body)).await
}

async fn a_passkey_from_its_making_to_its_removal(test: TestDb) {
    let house = house(test).await;
    let mut device = Device::at(SITE);
    let token = house.sign_in("Ben Bauer").await;
    let unproven = house.call("POST", "/v1/me/devices/options", &token, None).await;
    assert_eq!((unproven.status, unproven.json()["code"].as_str()), (403, Some("needs_fresh_proof")));
    house.prove("Ben Bauer", &token).await;
    let added = add(&house, &mut device, &token).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let passkey = added.json();
    assert_eq!((&passkey["name"], &passkey["mail_alone_until"]), (&json!("Telephone"), &Value::Null), "{passkey}");
    let listed = house.call("GET", "/v1/me/devices", &token, None).await.json();
    assert_eq!(listed["items"], json!([passkey]));

    // Signing in, with nothing but the passkey. The new session has proven it.
    let (ceremony, options) = ask(&house, "/v1/sign-in/passkey/options", "").await;
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]), "it says nothing of anybody");
    let body = json!({"ceremony": ceremony, "answer": device.get(&options)});
    let entered = house.call("POST", "/v1/sign-in/passkey", "", Some(body.clone())).await;
    assert_eq!(entered.status, 200, "{}", entered.body);
    let again = house.call("POST", "/v1/sign-in/passkey", "", Some(body)).await;
    assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("ceremony_over")));
    let entered = entered.json()["token"].as_str().unwrap().to_owned();
    let me = house.call("GET", "/v1/me", &entered, None).await.json();
    assert_eq!(me["name"], "Ben Bauer");

    // Proving it in a session of its own.
    let other = house.sign_in("Ben Bauer").await;
    let (ceremony, options) = ask(&house, "/v1/proof/options", &other).await;
    let answer = json!({"ceremony": ceremony, "answer": device.get(&options)});
    let both = json!({"passkey": answer, "password": PASSWORD});
    assert_eq!(house.call("POST", "/v1/proof", &other, Some(both)).await.status, 422);
    let proven = house.call("POST", "/v1/proof", &other, Some(json!({"passkey": answer}))).await;
    assert_eq!(proven.status, 200, "{}", proven.body);

    let path = format!("/v1/me/devices/{}", passkey["id"].as_str().unwrap());
    let renamed = house.call("PATCH", &path, &other, Some(json!({"name": "Blue key"}))).await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("Blue key")), "{}", renamed.body);
    let cleo = house.proven("Cleo Costa").await;
    for method in ["PATCH", "DELETE"] {
        let body = (method == "PATCH").then(|| json!({"name": "Mine"}));
        assert_eq!(house.call(method, &path, &cleo, body).await.status, 404, "nobody touches another's");
    }
    assert_eq!(house.call("DELETE", &path, &other, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/me", &entered, None).await.status, 401, "other sessions have ended");
    let (ceremony, options) = ask(&house, "/v1/sign-in/passkey/options", "").await;
    let body = json!({"ceremony": ceremony, "answer": device.get(&options)});
    let refused = house.call("POST", "/v1/sign-in/passkey", "", Some(body)).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (422, Some("passkey_refused")));
    // No token has a passkey.
    assert_eq!(house.call("POST", "/v1/me/devices/options", &house.operator, None).await.status, 403);
}

async fn a_page_takes_what_its_script_sends(test: TestDb) {
    let house = house(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let asked = ben.get("/me/devices/add").await;
    assert_eq!(asked.status, 303, "it is asked first who is there");
    let token = ben.cookie.borrow().as_deref().and_then(|cookie| cookie.split_once('=')).unwrap().1.to_owned();
    house.prove("Ben Bauer", &token).await;
    assert_eq!(ben.get("/me/devices/add").await.status, 200);
    let (ceremony, options) = ask(&house, "/v1/me/devices/options", &token).await;
    let answer = Device::at(SITE).create(&options).to_string();
    let ceremony = ceremony.as_str().unwrap();
    for (name, answer, told) in [("", answer.as_str(), "A name has"), ("Telephone", "{}", "begin again")] {
        let fields = [("ceremony", ceremony), ("answer", answer), ("name", name)];
        let page = ben.post("/me/devices/add", &fields).await;
        assert_eq!(page.status, 422, "{}", page.body);
        assert!(page.body.contains(told), "{}", page.body);
    }
    let fields = [("ceremony", ceremony), ("answer", answer.as_str()), ("name", "Telephone")];
    let added = ben.post("/me/devices/add", &fields).await;
    assert_eq!(added.status, 303, "{}", added.body);
    let page = ben.get("/me").await;
    assert!(page.body.contains("Telephone"), "{}", page.body);
}
