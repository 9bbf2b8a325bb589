//! The accept loop's promises about connections, their number and their time.

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use quorate::{
    config::Limits,
    web::server::{Drained, Peer},
};
use tokio::{net::TcpStream, sync::Semaphore};

use super::client::{Answer, Client, FOREVER, SHORT, Server, limits};

/// A route that says when it was reached, and answers when it is let go.
struct Gate {
    reached: Arc<Semaphore>,
    let_go: Arc<Semaphore>,
}

impl Gate {
    fn new() -> (Self, Router) {
        let gate = Self { reached: Arc::new(Semaphore::new(0)), let_go: Arc::new(Semaphore::new(0)) };
        let (reached, let_go) = (gate.reached.clone(), gate.let_go.clone());
        let handler = move || async move {
            reached.add_permits(1);
            let_go.acquire().await.unwrap().forget();
            "done"
        };
        (gate, Router::new().route("/slow", get(handler)).route("/quick", get(|| async { "quick" })))
    }

    async fn reached(&self) {
        tokio::time::timeout(FOREVER, self.reached.acquire()).await.unwrap().unwrap().forget();
    }
}

async fn half_a_request(sent: &str) -> Answer {
    let (_, routes) = Gate::new();
    let server = Server::start(routes, Limits { header: SHORT, ..limits() }).await;
    let mut client = server.connect().await;
    client.send(sent).await;
    client.answer().await
}

#[tokio::test]
async fn a_half_sent_header_is_closed() {
    assert!(!half_a_request("GET /quick HTTP/1.1\r\nhost: te").await.0.contains("200"));
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    assert_eq!(half_a_request("").await.0, "");
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_answer() {
    let answer = half_a_request("GET /quick HTTP/1.1\r\nhost: test\r\n\r\n").await;
    assert_eq!((answer.status(), answer.body()), (200, "quick"));
}

#[tokio::test]
async fn a_request_under_way_at_shutdown_finishes() {
    let (gate, routes) = Gate::new();
    let server = Server::start(routes, limits()).await;
    let mut client = server.connect().await;
    client.send("GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").await;
    gate.reached().await;
    server.shutdown.cancel();
    // The listener is closed before the waiting begins, so a new client is refused while the old one is still served.
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    gate.let_go.add_permits(1);
    let answer = client.answer().await;
    assert_eq!((answer.status(), answer.body()), (200, "done"));
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(server.ended.await.unwrap(), Drained::Everything);
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_at_shutdown() {
    let (gate, routes) = Gate::new();
    let server = Server::start(routes, Limits { drain: SHORT, ..limits() }).await;
    let mut client = server.connect().await;
    client.send("GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").await;
    gate.reached().await;
    server.shutdown.cancel();
    assert_eq!(server.ended.await.unwrap(), Drained::Cut(1));
    assert_eq!(client.answer().await.0, "");
}

#[tokio::test]
async fn connections_above_the_cap_wait_for_a_place() {
    let (gate, routes) = Gate::new();
    let server = Server::start(routes, Limits { connections: 2, ..limits() }).await;
    let mut clients: Vec<Client> = Vec::new();
    for _ in 0..3 {
        let mut client = server.connect().await;
        client.send("GET /slow HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await;
        clients.push(client);
    }
    gate.reached().await;
    gate.reached().await;
    // Two are inside; the third has been connected and heard by nobody.
    assert!(tokio::time::timeout(SHORT, gate.reached.acquire()).await.is_err(), "the cap let a third one in");
    gate.let_go.add_permits(1);
    gate.reached().await;
    gate.let_go.add_permits(2);
    for client in clients {
        assert_eq!(client.answer().await.status(), 200);
    }
}

#[tokio::test]
async fn a_slow_body_times_out() {
    let routes = Router::new().route("/", post(|body: String| async { body }));
    let server = Server::start(routes, Limits { request: SHORT, ..limits() }).await;
    let mut client = server.connect().await;
    client.send("POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\nhalf").await;
    let answer = client.answer().await;
    assert_eq!((answer.status(), answer.json()["code"].as_str()), (408, Some("body_timeout")));
}

#[tokio::test]
async fn a_slow_handler_times_out() {
    let (gate, routes) = Gate::new();
    let server = Server::start(routes, Limits { request: SHORT, ..limits() }).await;
    let answer = server.ask("GET /slow HTTP/1.1", "").await;
    assert_eq!((answer.status(), answer.json()["code"].as_str()), (503, Some("timeout")));
    assert_eq!(answer.header("retry-after"), Some("1"));
    gate.reached().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_announced_or_not() {
    let routes = Router::new().route("/", post(|body: String| async { body }));
    let server = Server::start(routes, limits()).await;
    let announced = server.ask("POST / HTTP/1.1", &"x".repeat(1025)).await;
    let mut client = server.connect().await;
    client
        .send(&format!(
            "POST / HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n401\r\n{}\r\n0\r\n\r\n",
            "x".repeat(0x401)
        ))
        .await;
    for answer in [announced, client.answer().await] {
        assert_eq!((answer.status(), answer.json()["code"].as_str()), (413, Some("body_too_large")));
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert_eq!(server.ask("POST / HTTP/1.1", &"x".repeat(1024)).await.status(), 200);
}

#[tokio::test]
async fn a_handler_sees_its_peer() {
    let routes = Router::new().route("/", get(|Peer(peer): Peer| async move { peer.to_string() }));
    let server = Server::start(routes, limits()).await;
    let mut client = server.connect().await;
    let own = client.0.local_addr().unwrap().to_string();
    client.send("GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await;
    assert_eq!(client.answer().await.body(), own);
}
