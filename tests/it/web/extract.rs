//! Reading requests: what is refused, with which status, and at which place.

use axum::{
    Router,
    routing::{get, post},
};
use quorate::{
    id::UserId,
    web::extract::{IdempotencyKey, Json, List, Page, Path},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::{Answer, Server, limits};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invitation {
    name: String,
    kind: Kind,
    #[serde(default)]
    people: Vec<Person>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    user: UserId,
    age: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Replace,
    Add,
}

async fn server() -> Server {
    let page = |page: Page| async move { Json(List { items: vec![page.limit], next: page.after }) };
    let routes = Router::new()
        .route("/read", post(|Json(read): Json<Invitation>| async { Json(read) }))
        .route("/list", get(page))
        .route("/key", post(|IdempotencyKey(key): IdempotencyKey| async { Json(key) }))
        .route("/users/{user}", get(|Path(user): Path<UserId>| async move { user.to_string() }));
    Server::start(routes, limits()).await
}

async fn read(body: &str) -> Answer {
    server().await.ask("POST /read HTTP/1.1\r\ncontent-type: application/json; charset=utf-8", body).await
}

#[tokio::test]
async fn wrong_places_in_a_body_are_pointed_at() {
    const USER: &str = "user_01h2xcejqtf2nbrexx3vqjhp41";
    let person = |person: Value| json!({"name": "a", "kind": "add", "people": [{"user": USER, "age": 1}, person]});
    for (body, pointer, code) in [
        (json!({"kind": "add"}), "/name", "missing_field"),
        (json!({"name": "a", "kind": "add", "s/e~cret": 1}), "/s~1e~0cret", "unknown_field"),
        (json!({"name": 98765, "kind": "add"}), "/name", "wrong_type"),
        (json!({"name": "a", "kind": "secret"}), "/kind", "unknown_value"),
        (person(json!({"user": USER, "age": 300})), "/people/1/age", "wrong_type"),
        (person(json!({"user": USER, "age": "secret"})), "/people/1/age", "wrong_type"),
        (person(json!({"user": "secret", "age": 1})), "/people/1/user", "invalid_value"),
        (person(json!({"user": USER})), "/people/1/age", "missing_field"),
        (json!([1, 2, 3, 4]), "/0", "wrong_type"),
        (json!("secret"), "", "wrong_type"),
    ] {
        let answer = read(&body.to_string()).await;
        let problem = answer.json();
        assert_eq!((answer.status(), problem["code"].as_str()), (422, Some("invalid")), "{body}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(!["secret", "98765", "300", "struct", "line"].iter().any(|leak| detail.contains(leak)), "{detail}");
    }
}

#[tokio::test]
async fn fields_sent_twice_are_refused() {
    let answer = read(r#"{"name": "a", "kind": "add", "name": "b"}"#).await;
    assert_eq!(
        answer.json()["errors"][0],
        json!({"pointer": "/name", "code": "duplicate_field", "detail": "this field is here twice: send it once"})
    );
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    for body in ["", "{", r#"{"name": "a", "kind": "add"} x"#, "\"\u{7}\"", "nul"] {
        let answer = read(body).await;
        assert_eq!((answer.status(), answer.json()["code"].as_str()), (400, Some("malformed")), "{body}");
    }
    for head in ["POST /read HTTP/1.1", "POST /read HTTP/1.1\r\ncontent-type: text/plain"] {
        assert_eq!(server().await.ask(head, "{}").await.status(), 415);
    }
    assert_eq!(read(r#"{"name": "a", "kind": "add"}"#).await.status(), 200);
}

#[tokio::test]
async fn lists_have_pages() {
    let server = server().await;
    let get = async |query: &str| server.ask(&format!("GET /list{query} HTTP/1.1"), "").await;
    assert_eq!(get("").await.body(), r#"{"items":[50],"next":null}"#);
    assert_eq!(get("?limit=200&after=abc%3D&kind=x").await.body(), r#"{"items":[200],"next":"abc="}"#);
    let long = format!("?after={}", "x".repeat(513));
    for (query, parameter) in [
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?limit=", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=99999999", "limit"),
        ("?limit=1&limit=2", "limit"),
        ("?after=", "after"),
        ("?after=a%20b", "after"),
        ("?after=%ff", "after"),
        (&long, "after"),
    ] {
        let answer = get(query).await;
        assert_eq!(
            (answer.status(), answer.json()["errors"][0]["parameter"].as_str()),
            (422, Some(parameter)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn an_idempotency_key_is_one_visible_word() {
    let server = server().await;
    let post = async |headers: &str| server.ask(&format!("POST /key HTTP/1.1{headers}"), "").await;
    assert_eq!(post("").await.body(), "null");
    assert_eq!(post("\r\nIdempotency-Key: a-1").await.body(), "\"a-1\"");
    let longest = "x".repeat(255);
    assert_eq!(post(&format!("\r\nidempotency-key: {longest}")).await.status(), 200);
    for bad in ["", "a b", "é", &format!("{longest}x"), "a\r\nidempotency-key: a"] {
        let answer = post(&format!("\r\nidempotency-key: {bad}")).await;
        assert_eq!(
            (answer.status(), answer.json()["errors"][0]["header"].as_str()),
            (400, Some("Idempotency-Key")),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    let server = server().await;
    for path in ["acct_01h2xcejqtf2nbrexx3vqjhp41", "user_1", "%ff"] {
        let answer = server.ask(&format!("GET /users/{path} HTTP/1.1"), "").await;
        assert_eq!((answer.status(), answer.json()["code"].as_str()), (404, Some("not_found")), "{path}");
    }
    assert_eq!(server.ask("GET /users/user_01h2xcejqtf2nbrexx3vqjhp41 HTTP/1.1", "").await.status(), 200);
}
