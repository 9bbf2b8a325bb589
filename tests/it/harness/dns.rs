//! A DNS server on loopback, with the texts that a test gives it: a real conversation over UDP.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use quorate::{dns::Dns, id::AccountId, ownership::settings::Domain};
use tokio::net::UdpSocket;
use tokio_util::task::AbortOnDropHandle;

/// What it tells.
#[derive(Debug, Clone)]
enum Told {
    /// The texts at names, in lower case, without a dot at the end. At other names there is nothing.
    Texts(BTreeMap<String, Vec<String>>),
    /// That it cannot tell.
    Failure,
}

/// The server. It stops when it is dropped.
pub struct Records {
    address: SocketAddr,
    told: Arc<Mutex<Told>>,
    _task: AbortOnDropHandle<()>,
}

impl Records {
    pub async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let told = Arc::new(Mutex::new(Told::Texts(BTreeMap::new())));
        let task = tokio::spawn(serve(socket, told.clone()));
        Self { address, told, _task: AbortOnDropHandle::new(task) }
    }

    /// Where it is asked.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A resolver that asks it.
    pub fn dns(&self) -> Dns {
        Dns::of_servers(&[self.address])
    }

    /// Publishes the record that proves a domain to an account.
    pub fn publish(&self, account: AccountId, domain: &str) {
        let record = domain.parse::<Domain>().unwrap().record(account);
        self.put(&record.name, &["v=spf1 -all", &record.value]);
    }

    /// Puts these texts at a name.
    pub fn put(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        match &mut *self.told.lock().unwrap() {
            Told::Texts(all) => drop(all.insert(name.to_owned(), texts)),
            Told::Failure => panic!("it fails"),
        }
    }

    /// There is nothing anywhere any more.
    pub fn clear(&self) {
        *self.told.lock().unwrap() = Told::Texts(BTreeMap::new());
    }

    /// It cannot tell any more.
    pub fn fail(&self) {
        *self.told.lock().unwrap() = Told::Failure;
    }
}

async fn serve(socket: UdpSocket, told: Arc<Mutex<Told>>) {
    let mut buffer = [0; 1500];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { return };
        let answer = answer(&buffer[..length], &told.lock().unwrap().clone());
        let _ = socket.send_to(&answer, from).await;
    }
}

/// The question is sent back as it came; the answers point at its name.
fn answer(query: &[u8], told: &Told) -> Vec<u8> {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] != 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
        at = end;
    }
    let question = &query[12..at + 5];
    let is_text = query[at + 1..at + 3] == [0, 16];
    let (code, texts) = match told {
        Told::Texts(all) => match all.get(&labels.join(".")) {
            Some(texts) if is_text => (0, texts.clone()),
            Some(_) => (0, Vec::new()),
            None => (3, Vec::new()),
        },
        Told::Failure => (2, Vec::new()),
    };
    let mut answer = query[..2].to_vec();
    answer.extend([0x85, 0x80 | code, 0, 1, 0, u8::try_from(texts.len()).unwrap(), 0, 0, 0, 0]);
    answer.extend(question);
    for text in texts {
        // In two pieces, as long texts are.
        let (first, second) = text.as_bytes().split_at(text.len() / 2);
        answer.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0]);
        answer.extend(u16::try_from(text.len() + 2).unwrap().to_be_bytes());
        for piece in [first, second] {
            answer.push(u8::try_from(piece.len()).unwrap());
            answer.extend(piece);
        }
    }
    answer
}
