//! A receiver of webhooks on loopback. It keeps what it gets, and answers as it is told to.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::task::AbortOnDropHandle;

/// How it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// This status, and nothing else.
    Status(u16),
    /// These words, letter by letter.
    Words(String),
    /// It takes the call, and says nothing.
    Nothing,
}

/// What it got.
#[derive(Debug, Clone)]
pub struct Got {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Inner {
    got: Mutex<Vec<Got>>,
    says: Mutex<VecDeque<Says>>,
}

/// The receiver.
pub struct Receiver {
    pub url: String,
    inner: Arc<Inner>,
    _task: AbortOnDropHandle<()>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://127.0.0.1:{}/hooks", listener.local_addr().unwrap().port());
        let inner = Arc::new(Inner::default());
        let task = tokio::spawn(serve(listener, inner.clone()));
        Self { url, inner, _task: AbortOnDropHandle::new(task) }
    }

    /// Answers so, one after the other; then 204.
    pub fn will_say(&self, says: impl IntoIterator<Item = Says>) {
        self.inner.says.lock().unwrap().extend(says);
    }

    /// Everything that it got since it was last asked.
    pub fn got(&self) -> Vec<Got> {
        std::mem::take(&mut *self.inner.got.lock().unwrap())
    }

    /// The types of everything that it got since it was last asked.
    pub fn kinds(&self) -> Vec<String> {
        self.got().iter().map(Got::kind).collect()
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(answer(stream, inner.clone()));
    }
}

async fn answer(mut stream: TcpStream, inner: Arc<Inner>) {
    let Some(got) = read(&mut stream).await else { return };
    inner.got.lock().unwrap().push(got);
    let says = inner.says.lock().unwrap().pop_front().unwrap_or(Says::Status(204));
    let words = match says {
        Says::Status(status) => format!("HTTP/1.1 {status} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        Says::Words(words) => words,
        Says::Nothing => {
            // Until the caller goes away.
            let _ = stream.read(&mut [0; 16]).await;
            return;
        }
    };
    let _ = stream.write_all(words.as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Got> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let path = lines.next()?.split(' ').nth(1)?.to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        if body.len() >= headers["content-length"].parse().unwrap() {
            return Some(Got { path, headers, body: body.to_owned() });
        }
    }
}
