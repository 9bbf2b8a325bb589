//! Passwords over HTTP: what programs call, that known and unknown addresses answer the same, and that no hash and no
//! password is in an answer.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::site::{House, Reply, address};
use crate::harness::{TestDb, on_both};

on_both!(
    a_person_sets_changes_and_removes_their_password,
    nobody_learns_who_is_known_or_who_has_a_password,
    proof_takes_a_code_or_a_password,
    no_answer_has_a_hash,
);

const ONE: &str = "tractor-violet-armchair";
const TWO: &str = "ledger-monsoon-octagon";

async fn set(house: &House, token: &str, password: &str) -> Reply {
    house.call("PUT", "/v1/me/password", token, Some(json!({"password": password}))).await
}

async fn sign_in(house: &House, email: &str, password: &str) -> Reply {
    house.call("POST", "/v1/sign-in/password", "", Some(json!({"email": email, "password": password}))).await
}

fn refused(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap().to_owned())
}

async fn a_person_sets_changes_and_removes_their_password(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    let ben = house.sign_in("Ben Bauer").await;
    assert_eq!(house.call("GET", "/v1/me/password", &ben, None).await.json(), json!({"items": [], "next": null}));
    assert_eq!(refused(&set(&house, &ben, ONE).await), (403, "needs_fresh_proof".to_owned()));
    house.prove_by_code("Ben Bauer", &ben).await;
    let weak = set(&house, &ben, "Ben Bauer Acme Freight").await;
    assert_eq!((weak.status, &weak.json()["errors"][0]["pointer"]), (422, &json!("/password")), "{}", weak.body);
    let done = set(&house, &ben, ONE).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let view = done.json();
    let now = json!(house.site.app.now());
    assert_eq!((&view["set_at"], &view["last_used_at"], &view["ends_at"]), (&now, &Value::Null, &Value::Null));
    assert_eq!(house.call("GET", "/v1/me/password", &ben, None).await.json()["items"], json!([view]));

    let signed_in = sign_in(&house, &address("Ben Bauer"), ONE).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    let token = signed_in.json()["token"].as_str().unwrap().to_owned();
    let keys: Vec<String> = signed_in.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["expires_at", "known_browser", "token", "user"], "as after a code");
    // Whoever sends what they got is known again, and nothing new to keep is given to them.
    let known_by = signed_in.json()["known_browser"].clone();
    let known = json!({"email": address("Ben Bauer"), "password": ONE, "known_browser": known_by});
    let again = house.call("POST", "/v1/sign-in/password", "", Some(known)).await;
    assert_eq!((again.status, &again.json()["known_browser"]), (200, &Value::Null));
    let odd = json!({"email": address("Ben Bauer"), "password": ONE, "known_browser": "quorate_session_x"});
    let odd = house.call("POST", "/v1/sign-in/password", "", Some(odd)).await;
    assert!(odd.json()["known_browser"].is_string(), "what is none of ours is as good as nothing: {}", odd.body);
    assert_eq!(set(&house, &token, TWO).await.status, 200, "signing in with it is fresh proof");
    let late = sign_in(&house, &address("Ben Bauer"), ONE).await;
    assert_eq!(
        (refused(&late), &late.headers["www-authenticate"]),
        ((401, "wrong_password".to_owned()), &"Bearer".parse().unwrap())
    );

    let code = house.sign_in("Ben Bauer").await;
    house.prove_by_code("Ben Bauer", &code).await;
    let by_code = house.call("DELETE", "/v1/me/password", &code, None).await;
    assert_eq!(refused(&by_code), (403, "needs_credential".to_owned()));
    let token = sign_in(&house, &address("Ben Bauer"), TWO).await.json()["token"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        assert_eq!(house.call("DELETE", "/v1/me/password", &token, None).await.status, 204);
    }
    assert_eq!(sign_in(&house, &address("Ben Bauer"), TWO).await.status, 401);
    for token in [house.operator.as_str(), ""] {
        for (method, body) in [("GET", None), ("PUT", Some(json!({"password": ONE}))), ("DELETE", None)] {
            let reply = house.call(method, "/v1/me/password", token, body).await;
            assert!([401, 403].contains(&reply.status), "{method}: {}", reply.body);
        }
    }
    let more = json!({"password": ONE, "name": "x"});
    assert_eq!(house.call("PUT", "/v1/me/password", &code, Some(more)).await.status, 401, "it has ended");
}

async fn nobody_learns_who_is_known_or_who_has_a_password(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    let ben = house.sign_in("Ben Bauer").await;
    house.prove_by_code("Ben Bauer", &ben).await;
    set(&house, &ben, ONE).await;
    let mut answers = Vec::new();
    for email in [address("Ben Bauer"), address("Dora Dahl"), "nobody@acme.example".to_owned()] {
        let before = house.site.app.passwords.computed();
        let mut reply = sign_in(&house, &email, TWO).await;
        let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
        names.sort();
        let body = reply.json();
        reply.body = body["detail"].as_str().unwrap().to_owned();
        let keys: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
        answers.push((reply.status, reply.body, keys, names, house.site.app.passwords.computed() - before));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!((answers[0].0, answers[0].4), (401, 3));
    // When too many have tried, the right one gets that answer, too.
    for _ in 0..10 {
        sign_in(&house, &address("Ben Bauer"), TWO).await;
    }
    let late = sign_in(&house, &address("Ben Bauer"), ONE).await;
    assert_eq!((late.status, late.json()["detail"].as_str().unwrap()), (401, answers[0].1.as_str()));
    house.site.app.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(sign_in(&house, &address("Ben Bauer"), ONE).await.status, 200);
    for (email, password) in [("ben at home", json!(ONE)), (address("Ben Bauer").as_str(), json!(7))] {
        let body = json!({"email": email, "password": password});
        assert_eq!(house.call("POST", "/v1/sign-in/password", "", Some(body)).await.status, 422);
    }
}

async fn proof_takes_a_code_or_a_password(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    let ben = house.sign_in("Ben Bauer").await;
    house.prove_by_code("Ben Bauer", &ben).await;
    set(&house, &ben, ONE).await;
    let ben = house.sign_in("Ben Bauer").await;
    let prove = async |body: Value| house.call("POST", "/v1/proof", &ben, Some(body)).await;
    assert_eq!(refused(&prove(json!({"password": TWO})).await), (422, "not_your_password".to_owned()));
    let both = prove(json!({"password": ONE, "code": "12345678"})).await;
    assert_eq!((both.status, &both.json()["errors"][0]["pointer"]), (422, &json!("/password")));
    let proven = prove(json!({"password": ONE})).await;
    let until = house.site.app.now().after(SignedDuration::from_mins(5));
    assert_eq!((proven.status, &proven.json()["proven_until"]), (200, &json!(until)));
    assert_eq!(prove(json!({})).await.status, 202);
    for _ in 0..9 {
        assert_eq!(prove(json!({"password": TWO})).await.status, 422);
    }
    let late = prove(json!({"password": ONE})).await;
    assert_eq!(refused(&late), (429, "too_many_guesses".to_owned()));
}

/// Of everything that a person, an operator and an owner can read afterwards.
async fn no_answer_has_a_hash(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    let ben = house.sign_in("Ben Bauer").await;
    house.prove_by_code("Ben Bauer", &ben).await;
    let mut seen = vec![set(&house, &ben, ONE).await.body];
    seen.push(sign_in(&house, &address("Ben Bauer"), TWO).await.body);
    seen.push(sign_in(&house, &address("Ben Bauer"), ONE).await.body);
    for token in [ben.as_str(), house.operator.as_str(), &house.sign_in("Olga Orlova").await] {
        for path in [
            "/v1/me".to_owned(),
            "/v1/me/password".to_owned(),
            "/v1/me/sessions".to_owned(),
            format!("/v1/accounts/{}/activity", house.account),
            format!("/v1/accounts/{}/mail", house.account),
            format!("/v1/accounts/{}/members", house.account),
        ] {
            seen.push(house.call("GET", &path, token, None).await.body);
        }
    }
    let all = seen.join("\n");
    assert!(all.contains("member.password_set") && all.contains("member_password_changed"), "{all}");
    for secret in ["argon2", ONE, TWO] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    let mail = house.mail("Olga Orlova", "member_password_changed").await.unwrap().1;
    assert!(mail.contains("Ben Bauer") && !mail.contains("argon2") && !mail.contains(ONE), "{mail}");
}
