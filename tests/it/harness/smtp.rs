//! A small mail server for tests, on a real socket: it answers as told, and keeps every mail it took, byte by byte.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the server does instead of taking a mail.
#[derive(Clone, Debug)]
pub enum Whim {
    /// Answers so to `RCPT TO`.
    AtRecipient(&'static str),
    /// Answers so to `MAIL FROM`, although the recipient is well.
    AtSender(&'static str),
    /// Answers so after the whole mail was sent. `{body}` becomes the mail.
    AtEnd(&'static str),
    /// Takes the mail, and answers only when the client says something else.
    Late,
    /// Takes the mail and never answers.
    Silent,
    /// Closes the connection in the middle of the mail.
    Drop,
}

/// A mail that the server took.
#[derive(Clone, Debug)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// As it came over the wire, dot-stuffing undone.
    pub raw: String,
    /// The longest line, in bytes, without its end.
    pub longest_line: usize,
}

#[derive(Default)]
struct State {
    whims: BTreeMap<String, Whim>,
    taken: Vec<Taken>,
    connections: usize,
}

pub struct MailServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state, task }
    }

    /// How to treat mail to this address from now on.
    pub fn on(&self, recipient: &str, whim: Whim) {
        self.state.lock().unwrap().whims.insert(recipient.to_owned(), whim);
    }

    /// Treats mail to this address well again.
    pub fn forgive(&self, recipient: &str) {
        self.state.lock().unwrap().whims.remove(recipient);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 test ESMTP").await?;
    let (mut from, mut to) = (String::new(), String::new());
    let mut owed = None;
    loop {
        let line = String::from_utf8(hear(&mut stream).await?).ok()?;
        if let Some(late) = owed.take() {
            say(&mut stream, late).await?;
        }
        let verb: String = line.chars().take(4).collect::<String>().to_uppercase();
        let whim = |address: &str| state.lock().unwrap().whims.get(address).cloned();
        match verb.as_str() {
            "EHLO" => say(&mut stream, "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
            "MAIL" => {
                from = between(&line);
                match whim(&from) {
                    Some(Whim::AtSender(answer)) => say(&mut stream, answer).await?,
                    _ => say(&mut stream, "250 2.1.0 sender ok").await?,
                }
            }
            "RCPT" => {
                to = between(&line);
                match whim(&to) {
                    Some(Whim::AtRecipient(answer)) => say(&mut stream, answer).await?,
                    _ => say(&mut stream, "250 2.1.5 recipient ok").await?,
                }
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                if matches!(whim(&to), Some(Whim::Drop)) {
                    hear(&mut stream).await?;
                    return None;
                }
                let (raw, longest_line) = body(&mut stream).await?;
                match whim(&to) {
                    Some(Whim::Late) => owed = Some("250 2.0.0 late"),
                    Some(Whim::Silent) => std::future::pending().await,
                    Some(Whim::AtEnd(answer)) => {
                        let answer = answer.replace("{body}", &raw.replace("=\r\n", "").replace("\r\n", " "));
                        say(&mut stream, &answer).await?;
                    }
                    _ => {
                        let taken = Taken { from: from.clone(), to: to.clone(), raw, longest_line };
                        let number = {
                            let mut state = state.lock().unwrap();
                            state.taken.push(taken);
                            state.taken.len()
                        };
                        say(&mut stream, &format!("250 2.0.0 queued as {number}")).await?;
                    }
                }
            }
            "NOOP" | "RSET" => say(&mut stream, "250 ok").await?,
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return None;
            }
            _ => say(&mut stream, "500 what").await?,
        }
    }
}

async fn body(stream: &mut BufReader<TcpStream>) -> Option<(String, usize)> {
    let (mut raw, mut longest) = (Vec::new(), 0);
    loop {
        let line = hear(stream).await?;
        if line == b"." {
            return Some((String::from_utf8(raw).ok()?, longest));
        }
        longest = longest.max(line.len());
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        raw.extend_from_slice(b"\r\n");
    }
}

/// One line without its end. A bare LF or CR is a defect of the client.
async fn hear(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await.ok()?;
    let line = line.strip_suffix(b"\r\n")?;
    assert!(!line.contains(&b'\r'), "a bare CR on the wire");
    Some(line.to_vec())
}

async fn say(stream: &mut BufReader<TcpStream>, answer: &str) -> Option<()> {
    stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.ok()
}

fn between(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap()
}
