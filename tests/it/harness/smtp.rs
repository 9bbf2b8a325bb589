//! A small mail server for tests, on a real socket: it answers as told, and keeps every mail it took, byte by byte.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// What the server does instead of taking a mail.
#[derive(Clone, Debug)]
pub enum Whim {
    /// Answers so to `RCPT TO`.
    AtRecipient(&'static str),
    /// Answers so to `RCPT TO` where it is the first that it hears of the recipient.
    AtFirst(&'static str),
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
    /// Takes the mail, and closes the connection before it says so.
    DropAfter,
}

/// What the server is like to everybody.
#[derive(Clone, Debug, Default)]
pub enum Mood {
    #[default]
    Well,
    /// Closes each connection at once.
    Closed,
    /// Begins each conversation with that, and ends it.
    Greets(&'static str),
    /// Treats every mail so.
    Always(Whim),
    /// Offers no TLS, although it could.
    Stripped,
    /// Shows the certificate of somebody else.
    Impostor,
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
    mood: Mood,
    whims: BTreeMap<String, Whim>,
    known: BTreeSet<String>,
    taken: Vec<Taken>,
    connections: usize,
    bare: Vec<String>,
    certificates: Option<[TlsAcceptor; 2]>,
}

pub struct MailServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl MailServer {
    pub async fn start() -> Self {
        Self::with(State::default()).await
    }

    /// A server that speaks TLS, as `localhost`, with the certificate that is returned.
    pub async fn start_tls() -> (Self, String) {
        let (own, other) = (certificate(), certificate());
        let acceptors = [&own, &other].map(|(certificate, key)| {
            let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
            let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
            let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
            TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
        });
        (Self::with(State { certificates: Some(acceptors), ..State::default() }).await, own.0)
    }

    async fn with(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(meet(stream, Arc::clone(&shared)));
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

    /// What it is like to everybody from now on.
    pub fn feel(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// The lines in which a CR or an LF came alone.
    pub fn bare(&self) -> Vec<String> {
        self.state.lock().unwrap().bare.clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A certificate that is its own authority, for `localhost`, and its key.
fn certificate() -> (String, String) {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write("openssl.cnf", "[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = localhost\n");
    let how = "req -config openssl.cnf -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
               -addext subjectAltName=DNS:localhost -addext basicConstraints=CA:FALSE -out cert.pem -keyout key.pem";
    let made = Command::new("openssl").args(how.split_whitespace()).current_dir(directory.path()).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
    (read("cert.pem"), read("key.pem"))
}

/// Whether certificates can be made.
pub fn can_speak_tls() -> bool {
    Path::new("/usr/bin/openssl").exists()
}

type Conversation<S> = BufReader<S>;

async fn meet(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mood = state.lock().unwrap().mood.clone();
    match mood {
        Mood::Closed => return None,
        Mood::Greets(words) => return say(&mut stream, words).await,
        Mood::Well | Mood::Always(_) | Mood::Stripped | Mood::Impostor => {}
    }
    say(&mut stream, "220 test ESMTP").await?;
    let acceptor = converse(&mut stream, &state, Encryption::NotYet).await?;
    let mut stream = BufReader::new(acceptor.accept(stream.into_inner()).await.ok()?);
    converse(&mut stream, &state, Encryption::Done).await.map(drop)
}

#[derive(Clone, Copy, PartialEq)]
enum Encryption {
    NotYet,
    Done,
}

/// Speaks with a client until it goes, or wants to speak TLS.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut Conversation<S>,
    state: &Mutex<State>,
    encryption: Encryption,
) -> Option<TlsAcceptor> {
    let (mut from, mut to) = (String::new(), String::new());
    let mut owed = None;
    loop {
        let line = String::from_utf8(hear(stream, state).await?).ok()?;
        if let Some(late) = owed.take() {
            say(stream, late).await?;
        }
        let verb: String = line.chars().take(4).collect::<String>().to_uppercase();
        let whim = |address: &str| {
            let state = state.lock().unwrap();
            let always = if let Mood::Always(whim) = &state.mood { Some(whim.clone()) } else { None };
            state.whims.get(address).cloned().or(always)
        };
        match verb.as_str() {
            "EHLO" => {
                let offers = {
                    let state = state.lock().unwrap();
                    let stripped = matches!(state.mood, Mood::Stripped) || encryption == Encryption::Done;
                    state.certificates.is_some() && !stripped
                };
                let more = if offers { "250-STARTTLS\r\n" } else { "" };
                say(stream, &format!("250-test\r\n{more}250-8BITMIME\r\n250 SMTPUTF8")).await?;
            }
            "STAR" => {
                let (acceptors, mood) = {
                    let state = state.lock().unwrap();
                    (state.certificates.clone()?, state.mood.clone())
                };
                say(stream, "220 go on").await?;
                let [own, other] = acceptors;
                return Some(if matches!(mood, Mood::Impostor) { other } else { own });
            }
            "MAIL" => {
                from = between(&line);
                match whim(&from) {
                    Some(Whim::AtSender(answer)) => say(stream, answer).await?,
                    _ => say(stream, "250 2.1.0 sender ok").await?,
                }
            }
            "RCPT" => {
                to = between(&line);
                let is_new = state.lock().unwrap().known.insert(to.clone());
                match whim(&to) {
                    Some(Whim::AtRecipient(answer)) => say(stream, answer).await?,
                    Some(Whim::AtFirst(answer)) if is_new => say(stream, answer).await?,
                    _ => say(stream, "250 2.1.5 recipient ok").await?,
                }
            }
            "DATA" => {
                say(stream, "354 go on").await?;
                owed = take(stream, state, whim(&to), (&from, &to)).await?;
            }
            "NOOP" | "RSET" => say(stream, "250 ok").await?,
            "QUIT" => {
                say(stream, "221 bye").await?;
                return None;
            }
            _ => say(stream, "500 what").await?,
        }
    }
}

/// Takes a mail, or does what it feels like; what it still owes as an answer.
async fn take<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut Conversation<S>,
    state: &Mutex<State>,
    whim: Option<Whim>,
    (from, to): (&str, &str),
) -> Option<Option<&'static str>> {
    if matches!(whim, Some(Whim::Drop)) {
        hear(stream, state).await?;
        return None;
    }
    let (raw, longest_line) = body(stream, state).await?;
    let taken = Taken { from: from.to_owned(), to: to.to_owned(), raw, longest_line };
    match whim {
        Some(Whim::Late) => return Some(Some("250 2.0.0 late")),
        Some(Whim::Silent) => std::future::pending().await,
        Some(Whim::AtEnd(answer)) => {
            let answer = answer.replace("{body}", &taken.raw.replace("=\r\n", "").replace("\r\n", " "));
            say(stream, &answer).await?;
        }
        Some(Whim::DropAfter) => {
            state.lock().unwrap().taken.push(taken);
            return None;
        }
        _ => {
            let number = {
                let mut state = state.lock().unwrap();
                state.taken.push(taken);
                state.taken.len()
            };
            say(stream, &format!("250 2.0.0 queued as {number}")).await?;
        }
    }
    Some(None)
}

async fn body<S: AsyncRead + Unpin>(stream: &mut Conversation<S>, state: &Mutex<State>) -> Option<(String, usize)> {
    let (mut raw, mut longest) = (Vec::new(), 0);
    loop {
        let line = hear(stream, state).await?;
        if line == b"." {
            return Some((String::from_utf8(raw).ok()?, longest));
        }
        longest = longest.max(line.len());
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        raw.extend_from_slice(b"\r\n");
    }
}

/// One line without its end. A bare LF or CR is a defect of the client, and is kept for the test to see.
async fn hear<S: AsyncRead + Unpin>(stream: &mut Conversation<S>, state: &Mutex<State>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    if stream.read_until(b'\n', &mut line).await.ok()? == 0 || !line.ends_with(b"\n") {
        return None;
    }
    let Some(whole) = line.strip_suffix(b"\r\n").filter(|line| !line.contains(&b'\r')) else {
        state.lock().unwrap().bare.push(String::from_utf8_lossy(&line).into_owned());
        return None;
    };
    Some(whole.to_vec())
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut Conversation<S>, answer: &str) -> Option<()> {
    stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    stream.get_mut().flush().await.ok()
}

fn between(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap()
}
