//! The log line of a request, and what must never be in it.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Once,
};

use axum::{
    Router,
    routing::{get, post},
};
use quorate::web::problem::Problem;

use super::client::{Server, limits};

thread_local! {
    /// What was logged on this thread; a test and its server share one.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Logs for the whole process, from before the first line: a subscriber of one thread only would be missed by lines that
/// another thread, without one, came by first.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .json()
            .without_time()
            .flatten_event(true)
            .with_span_list(false)
            .with_writer(|| Lines)
            .init();
    });
}

/// What was logged on this thread since the last time.
pub(crate) fn taken() -> String {
    String::from_utf8(LINES.take()).unwrap()
}

#[tokio::test]
async fn a_request_leaves_one_line_without_its_values() {
    let routes = Router::new()
        .route("/things/{id}", post(|body: String| async { body }))
        .route("/broken", get(|| async { Problem::internal("the disk is full") }));
    let server = Server::start(routes, limits()).await;
    server.ask("POST /things/secret?token=secret HTTP/1.1\r\nauthorization: Bearer secret", "secret").await;
    server.ask("GET /secret HTTP/1.1", "").await;
    server.ask("SECRET /things/secret HTTP/1.1", "").await;
    server.ask("GET /broken HTTP/1.1", "").await;
    let text = taken();
    assert!(!text.to_lowercase().contains("secret"), "{text}");
    insta::assert_snapshot!(text, @r#"
    {"level":"INFO","message":"answered","method":"POST","route":"/things/{id}","status":200,"micros":0,"target":"quorate::web::layers","span":{"request_id":"00000000-0000-7118-b0d3-641a68f94a69","name":"request"}}
    {"level":"INFO","message":"answered","method":"GET","route":"none","status":404,"micros":0,"target":"quorate::web::layers","span":{"request_id":"00000000-0000-75d1-b4b0-dac948325ac1","name":"request"}}
    {"level":"INFO","message":"answered","method":"other","route":"/things/{id}","status":405,"micros":0,"target":"quorate::web::layers","span":{"request_id":"00000000-0000-7325-a437-1735f32c5474","name":"request"}}
    {"level":"ERROR","message":"a request failed","cause":"the disk is full","target":"quorate::web::layers","span":{"request_id":"00000000-0000-724d-aa41-3b159584c122","name":"request"}}
    {"level":"INFO","message":"answered","method":"GET","route":"/broken","status":500,"micros":0,"target":"quorate::web::layers","span":{"request_id":"00000000-0000-724d-aa41-3b159584c122","name":"request"}}
    "#);
}
