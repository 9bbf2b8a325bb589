//! The load: clients that keep their connection, send requests that were written before, and read no more of an answer
//! than they must, because the client shares the processors with what it measures.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::stopwatch::{Stopwatch, Times};

/// One connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: vec![0; 256 * 1024] }
    }

    /// Asks for a path, and says which status came back.
    pub async fn get(&mut self, path: &str, token: Option<&str>) -> u16 {
        self.send(&get(path, token)).await.0
    }

    /// Sends a request; the status and the body of the answer.
    pub async fn send(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.stream.write_all(request).await.unwrap();
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let count = self.stream.read(&mut self.buffer[filled..]).await.unwrap();
            assert!(count > 0, "the server closed the connection");
            filled += count;
            if let Some((status, begin, end)) = whole(&self.buffer[..filled]) {
                return (status, &self.buffer[begin..end]);
            }
        }
    }
}

/// Status, begin and end of the body, once all of it is there.
fn whole(answer: &[u8]) -> Option<(u16, usize, usize)> {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&answer[..head]).unwrap();
    let status = text.get(9..12)?.parse().unwrap();
    let mut lengths = text.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    let end = head + 4 + lengths.next().unwrap_or(0);
    (answer.len() >= end).then_some((status, head + 4, end))
}

/// A request that reads.
pub fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    let bearer = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{bearer}\r\n").into_bytes()
}

/// A request with a JSON body.
pub fn put(path: &str, token: &str, body: &str) -> Vec<u8> {
    with_body("PUT", path, token, body)
}

/// A question with a JSON body.
pub fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    with_body("POST", path, token, body)
}

fn with_body(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    let head = "host: localhost\r\ncontent-type: application/json\r\n";
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\n{head}authorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// How fast to go.
#[derive(Clone, Copy)]
pub enum Pace {
    /// The next request follows the answer.
    Flat,
    /// So many requests a second together, whether answers come or not; waiting for a connection counts.
    Rate(f64),
}

/// What a client sends: the n-th request of the client with that number.
pub trait Script: Send + 'static {
    fn next(&mut self) -> &[u8];
}

/// The same requests, over and over.
pub struct Reads {
    requests: Vec<Vec<u8>>,
    at: usize,
}

impl Reads {
    pub fn new(requests: Vec<Vec<u8>>) -> Self {
        Self { requests, at: 0 }
    }
}

impl Script for Reads {
    fn next(&mut self) -> &[u8] {
        self.at = (self.at + 1) % self.requests.len();
        &self.requests[self.at]
    }
}

/// What came of it.
#[derive(Clone)]
pub struct Outcome {
    pub times: Times,
    pub refused: usize,
    pub seconds: f64,
}

impl Outcome {
    /// Good answers a second.
    pub fn rate(&self) -> f64 {
        self.times.count() as f64 / self.seconds
    }
}

/// When to stop.
#[derive(Clone)]
pub enum Until {
    /// After so long.
    After(Duration),
    /// When told.
    Told(Arc<AtomicBool>),
}

impl Until {
    fn is_over(&self, watch: Stopwatch) -> bool {
        match self {
            Self::After(length) => watch.passed() >= *length,
            Self::Told(told) => told.load(Ordering::Relaxed),
        }
    }
}

/// Runs one client for each script, for so long.
pub async fn run<S: Script>(address: SocketAddr, scripts: Vec<S>, pace: Pace, length: Duration) -> Outcome {
    run_until(address, scripts, pace, Until::After(length)).await
}

/// Runs one client for each script.
pub async fn run_until<S: Script>(address: SocketAddr, scripts: Vec<S>, pace: Pace, until: Until) -> Outcome {
    let mut clients = Vec::new();
    for script in scripts {
        clients.push((Client::connect(address).await, script));
    }
    let count = clients.len();
    let watch = Stopwatch::start();
    let tasks: Vec<_> = clients
        .into_iter()
        .enumerate()
        .map(|(number, client)| tokio::spawn(one(client, Turn { number, count, pace, until: until.clone(), watch })))
        .collect();
    let mut all = Outcome { times: Times::default(), refused: 0, seconds: 0.0 };
    for task in tasks {
        let (times, refused) = task.await.unwrap();
        all.times.extend(times);
        all.refused += refused;
    }
    all.seconds = watch.passed().as_secs_f64();
    all
}

struct Turn {
    number: usize,
    count: usize,
    pace: Pace,
    until: Until,
    watch: Stopwatch,
}

async fn one<S: Script>((mut client, mut script): (Client, S), turn: Turn) -> (Times, usize) {
    let (mut times, mut refused, mut sent) = (Times::default(), 0, 0);
    while !turn.until.is_over(turn.watch) {
        let mut late = Duration::ZERO;
        if let Pace::Rate(rate) = turn.pace {
            let due = Duration::from_secs_f64((sent * turn.count + turn.number) as f64 / rate);
            match due.checked_sub(turn.watch.passed()) {
                Some(early) => tokio::time::sleep(early).await,
                None => late = turn.watch.passed().saturating_sub(due),
            }
        }
        sent += 1;
        let watch = Stopwatch::start();
        let (status, body) = client.send(script.next()).await;
        if status == 200 {
            times.add(watch.passed() + late);
        } else {
            refused += 1;
            assert!(refused < 100, "too many refusals: {status} {}", String::from_utf8_lossy(body));
        }
    }
    (times, refused)
}
