//! What a client is told when a request fails, and what surrounds every answer.

use axum::{Router, response::Html, routing::get};
use quorate::web::problem::Problem;

use super::client::{Server, limits};

async fn server() -> Server {
    let routes = Router::new()
        .route("/v1/things/{id}", get(|| async { "a thing" }).put(|| async { "changed" }))
        .route("/page", get(|| async { Html("<p>a page</p>") }))
        .route("/panic", get(panics))
        .route("/internal", get(|| async { Problem::internal("the secret of the database") }))
        .route("/own", get(|| async { ([("cache-control", "max-age=60")], "a stylesheet") }));
    Server::start(routes, limits()).await
}

async fn panics() {
    panic!("the secret of the panic")
}

#[tokio::test]
async fn an_unknown_route_is_a_problem() {
    let answer = server().await.ask("GET /nowhere/secret?token=secret HTTP/1.1", "").await;
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    insta::assert_snapshot!(answer.body(), @r#"{"type":"/docs/problems#not_found","title":"not found","status":404,"detail":"nothing is here, or you may not know of it: check the address","code":"not_found","request_id":"00000000-0000-7118-b0d3-641a68f94a69"}"#);
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_lists_the_right_ones() {
    let answer = server().await.ask("DELETE /v1/things/1 HTTP/1.1", "").await;
    assert_eq!((answer.status(), answer.json()["code"].as_str()), (405, Some("method_not_allowed")));
    assert_eq!(answer.header("allow"), Some("GET,HEAD,PUT"));
}

#[tokio::test]
async fn a_panic_and_an_internal_error_tell_nothing() {
    let server = server().await;
    for path in ["/panic", "/internal"] {
        let answer = server.ask(&format!("GET {path} HTTP/1.1"), "").await;
        assert_eq!((answer.status(), answer.json()["code"].as_str()), (500, Some("internal")));
        assert!(!answer.0.contains("secret"), "{}", answer.0);
        assert_eq!(answer.json()["request_id"].as_str(), answer.header("x-request-id"));
    }
    assert_eq!(server.ask("GET /page HTTP/1.1", "").await.status(), 200);
}

#[tokio::test]
async fn a_client_does_not_choose_the_request_id() {
    let answer = server().await.ask("GET /v1/things/1 HTTP/1.1\r\nx-request-id: mine", "").await;
    assert_eq!(answer.header("x-request-id"), Some("00000000-0000-7118-b0d3-641a68f94a69"));
}

#[tokio::test]
async fn browsers_are_told_what_not_to_do() {
    let server = server().await;
    for (path, policy, cache) in [
        ("/v1/things/1", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", "no-store"),
        ("/nowhere", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", "no-store"),
        ("/panic", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", "no-store"),
        (
            "/page",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "no-store",
        ),
        ("/own", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", "max-age=60"),
    ] {
        let answer = server.ask(&format!("GET {path} HTTP/1.1"), "").await;
        assert_eq!(answer.header("content-security-policy"), Some(policy), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cache-control"), Some(cache), "{path}");
    }
}
