//! What is published of the log: read by a stranger who trusts nothing but a key.

use axum::{body::Body, http::Request};
use http_body_util::BodyExt;
use quorate::{
    activity::log::{
        checkpoint::Checkpoint,
        note::{Note, Verifier},
        tiles::{Place, Tiles},
        tree::includes,
    },
    hash::Hash,
    jobs::seal::sweep,
};
use tokio_util::sync::CancellationToken;

use super::site::{House, Reply};
use crate::harness::{TestDb, on_both};

on_both!(a_stranger_verifies_the_log, an_entry_is_proven, nobody_else_is_told);

async fn get(house: &House, path: &str) -> Reply {
    house.call("GET", path, "", None).await
}

async fn get_as_operator(house: &House, path: &str) -> Reply {
    house.call("GET", path, &house.operator, None).await
}

fn kind(reply: &Reply) -> &str {
    reply.headers["content-type"].to_str().unwrap()
}

async fn seal(house: &House) {
    sweep(&house.site.app, &CancellationToken::new()).await.unwrap();
}

async fn a_stranger_verifies_the_log(test: TestDb) {
    let house = House::furnished(test).await;
    assert_eq!(get(&house, "/log/checkpoint").await.status, 404);
    assert_eq!(get(&house, "/v1/log/keys").await.json(), serde_json::json!([]));
    seal(&house).await;
    let answer = get(&house, "/log/checkpoint").await;
    assert_eq!(kind(&answer), "text/plain; charset=utf-8");
    let note: Note = answer.body.parse().unwrap();
    let key: Verifier = get(&house, "/v1/log/keys").await.json()[0]["key"].as_str().unwrap().parse().unwrap();
    assert!(key.vouches_for(&note));
    let said: Checkpoint = note.text().parse().unwrap();
    let width = said.size;
    let request = Request::get(format!("/log/tile/0/000.p/{width}")).body(Body::empty()).unwrap();
    let tile = house.answer(request).await;
    assert_eq!(tile.headers()["content-type"], "application/octet-stream");
    let bytes = tile.into_body().collect().await.unwrap().to_bytes();
    let (hashes, rest) = bytes.as_chunks::<32>();
    assert!(rest.is_empty());
    let mut tiles = Tiles::default();
    tiles.insert(Place { level: 0, index: 0 }, hashes.iter().copied().map(Hash::from_bytes).collect());
    assert_eq!(tiles.root(said.size).unwrap(), said.root);
    assert_eq!(get(&house, &format!("/log/tile/0/000.p/{}", width + 1)).await.status, 404, "it has no more yet");
    assert_eq!(get(&house, "/log/tile/0/000").await.status, 404);
    assert_eq!(get(&house, "/log/tile/nonsense").await.status, 404);
}

async fn an_entry_is_proven(test: TestDb) {
    let house = House::furnished(test).await;
    let account = &house.account;
    let proof = format!("/v1/accounts/{account}/activity/1/proof");
    let place = format!("/v1/accounts/{account}/activity/checkpoint");
    assert!(get_as_operator(&house, &proof).await.json()["seal"].is_null(), "it waits");
    let before = get_as_operator(&house, &place).await.json();
    assert_eq!((&before["checkpoint"], &before["sealed"]), (&serde_json::Value::Null, &0.into()));
    seal(&house).await;
    let after = get_as_operator(&house, &place).await.json();
    assert_eq!(after["sealed"], after["entries"]);
    assert!(after["entries"].as_u64().unwrap() > 0);
    let proven = get_as_operator(&house, &proof).await.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (body, hash): (String, Hash) = (text(&proven["body"]), text(&proven["hash"]).parse().unwrap());
    assert_eq!(Hash::of(&body), hash);
    let seal = &proven["seal"];
    let path: Vec<Hash> = seal["path"].as_array().unwrap().iter().map(|hash| text(hash).parse().unwrap()).collect();
    let note: Note = text(&seal["checkpoint"]["note"]).parse().unwrap();
    let said: Checkpoint = note.text().parse().unwrap();
    assert!(includes(&hash, seal["leaf"].as_u64().unwrap(), said.size, &path, &said.root));
    let missing = format!("/v1/accounts/{account}/activity/9999/proof");
    assert_eq!(get_as_operator(&house, &missing).await.status, 404);
    assert_eq!(get_as_operator(&house, &missing.replace("9999", "0")).await.status, 404);
}

async fn nobody_else_is_told(test: TestDb) {
    let house = House::furnished(test).await;
    seal(&house).await;
    let new =
        serde_json::json!({"name": "Elsewhere", "first_user": {"name": "Zoe Zander", "email": "zoe@acme.example"}});
    assert_eq!(house.call("POST", "/v1/accounts", &house.operator, Some(new)).await.status, 201);
    house.accept("Zoe Zander").await;
    let stranger = house.sign_in("Zoe Zander").await;
    for path in ["activity/1/proof", "activity/checkpoint"] {
        let path = format!("/v1/accounts/{}/{path}", house.account);
        assert_eq!(get(&house, &path).await.status, 401, "{path}");
        assert_eq!(house.call("GET", &path, &stranger, None).await.status, 404, "{path}");
    }
}
