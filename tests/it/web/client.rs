//! A server with a small application, and a client that sends exactly the bytes it is given.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use quorate::{
    clock::Clock,
    config::Limits,
    meter::numbers::Meter,
    moment::Moment,
    secret::Chance,
    web::{
        layers::{Observer, layers},
        server::{Drained, serve},
    },
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// Long enough never to be reached unless something hangs.
pub(crate) const FOREVER: Duration = Duration::from_secs(30);
/// Short enough to wait for.
pub(crate) const SHORT: Duration = Duration::from_millis(150);

pub(crate) fn limits() -> Limits {
    Limits { connections: 16, header: FOREVER, body: 1024, request: FOREVER, leave: Duration::ZERO, drain: FOREVER }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: CancellationToken,
    pub(crate) ended: JoinHandle<Drained>,
}

impl Server {
    pub(crate) async fn start(routes: Router, limits: Limits) -> Self {
        super::log::listen();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let clock = Clock::set_to(Moment::default());
        let observer =
            Observer { clock, chance: Chance::seeded(1), meter: Meter::default(), service: "Quorate".into() };
        let ended = tokio::spawn(serve(listener, layers(routes, observer, limits), limits, shutdown.clone()));
        Self { address, shutdown, ended }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Sends one request on a connection of its own and reads the answer.
    pub(crate) async fn ask(&self, head: &str, body: &str) -> Answer {
        let mut client = self.connect().await;
        client
            .send(&format!("{head}\r\nhost: test\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
            .await;
        client.answer().await
    }
}

pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// Everything until the server closes the connection.
    pub(crate) async fn answer(mut self) -> Answer {
        let mut bytes = Vec::new();
        // A reset counts as closing: it is what a client sees whose remaining bytes nobody read.
        let _ = tokio::time::timeout(FOREVER, self.0.read_to_end(&mut bytes))
            .await
            .expect("the server kept the connection open");
        Answer(String::from_utf8(bytes).unwrap())
    }
}

pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).unwrap_or_else(|| panic!("no status in {:?}", self.0)).parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (head, _) = self.0.split_once("\r\n\r\n").unwrap();
        head.lines().find_map(|line| line.split_once(": ").filter(|(found, _)| *found == name).map(|(_, value)| value))
    }

    pub(crate) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").unwrap().1
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap_or_else(|_| panic!("not JSON: {:?}", self.0))
    }
}
