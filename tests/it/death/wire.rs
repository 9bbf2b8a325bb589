//! A proxy in front of PostgreSQL that understands just enough of the protocol to cut it where a test wants it cut.
//!
//! A call is what the client sends until it waits for an answer: everything up to a `Query` or a `Sync`.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::{JoinHandle, JoinSet},
};

use super::faults::{Faults, How};

/// A socket that leads to the server. It closes with this value.
pub struct Proxy {
    directory: tempfile::TempDir,
    task: JoinHandle<()>,
}

const SOCKET: &str = ".s.PGSQL.5432";
/// The request for TLS.
const TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
/// What the pool sends by itself when a connection comes back to it.
const TIDYING: &[u8] = b"begin; rollback\0";

impl Proxy {
    /// In front of the server whose socket is in that directory.
    pub fn start(server: &Path, faults: &Faults) -> Self {
        let directory = tempfile::Builder::new().prefix("quorate-wire-").tempdir_in("/tmp").unwrap();
        let listener = UnixListener::bind(directory.path().join(SOCKET)).unwrap();
        let (server, faults) = (server.join(SOCKET), faults.clone());
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(carry(client, server.clone(), faults.clone()));
            }
        });
        Self { directory, task }
    }

    /// Where its socket is.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// When the answers are held back: from the answer of that number on.
type Hold = Arc<AtomicU64>;

/// Carries one connection until either side ends it, or a fault does.
async fn carry(mut client: UnixStream, server: PathBuf, faults: Faults) {
    let server = UnixStream::connect(server).await.unwrap();
    // The first question is for TLS, and the answer is no.
    let mut question = [0; 8];
    if client.read_exact(&mut question).await.is_err() || client.write_all(b"N").await.is_err() {
        return;
    }
    assert_eq!(question, TLS);
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let hold = Hold::new(AtomicU64::new(u64::MAX));
    // Whichever ends first takes the other with it: both sockets are closed.
    tokio::select! {
        _ = calls(from_client, to_server, &faults, &hold) => {}
        _ = answers(from_server, to_client, &hold) => {}
    }
}

async fn calls(mut client: OwnedReadHalf, mut server: OwnedWriteHalf, faults: &Faults, hold: &Hold) -> Option<()> {
    let startup = startup(&mut client).await?;
    server.write_all(&startup).await.ok()?;
    // The server says that it is ready once after the start, and once after each call.
    let mut made = 1;
    let mut call = Vec::new();
    loop {
        let kind = frame(&mut client, &mut call).await?;
        let fault = match kind {
            b'Q' if call.ends_with(TIDYING) => None,
            b'Q' | b'S' => faults.next(),
            b'X' => None,
            _ => continue,
        };
        match fault {
            None => {}
            Some(How::LostBefore) => return None,
            Some(How::LostAfter) => hold.store(made, Ordering::SeqCst),
            Some(How::Refused) => call = failure("XX000"),
            Some(How::Clashed) => call = failure("40001"),
        }
        server.write_all(&call).await.ok()?;
        call.clear();
        made += 1;
    }
}

/// The first message, which has no kind.
async fn startup(client: &mut OwnedReadHalf) -> Option<Vec<u8>> {
    let length = client.read_u32().await.ok()?;
    let mut message = length.to_be_bytes().to_vec();
    message.resize(usize::try_from(length).ok()?, 0);
    client.read_exact(&mut message[4..]).await.ok()?;
    Some(message)
}

async fn answers(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, hold: &Hold) -> Option<()> {
    let mut ready = 0;
    let mut answer = Vec::new();
    loop {
        let kind = frame(&mut server, &mut answer).await?;
        let held = ready >= hold.load(Ordering::SeqCst);
        if !held {
            client.write_all(&answer).await.ok()?;
        }
        answer.clear();
        if kind == b'Z' {
            ready += 1;
            if held {
                return None;
            }
        }
    }
}

/// Appends one message, and gives its kind.
async fn frame(from: &mut OwnedReadHalf, to: &mut Vec<u8>) -> Option<u8> {
    let kind = from.read_u8().await.ok()?;
    let length = from.read_u32().await.ok()?;
    to.push(kind);
    to.extend_from_slice(&length.to_be_bytes());
    let start = to.len();
    to.resize(start + usize::try_from(length).ok()? - 4, 0);
    from.read_exact(&mut to[start..]).await.ok()?;
    Some(kind)
}

/// A call that the server answers with that error.
fn failure(code: &str) -> Vec<u8> {
    let text = format!("do $$ begin raise exception 'the test lets this call fail' using errcode = '{code}'; end $$\0");
    let mut message = vec![b'Q'];
    message.extend_from_slice(&u32::try_from(text.len() + 4).unwrap().to_be_bytes());
    message.extend_from_slice(text.as_bytes());
    message
}
