//! A stand-in for the DNS: it publishes the key of the story's company, which no real name server has. Whatever else the service
//! asks, it asks of this machine's own.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use hickory_resolver::proto::{
    op::{Message, OpCode, ResponseCode},
    rr::{RData, Record as Answer, RecordType, rdata::TXT},
};
use tokio::net::UdpSocket;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    dns::{Dns, Found},
    mail::dkim::Record,
};

/// A text stands in pieces of so many bytes.
const PIECE: usize = 255;
/// The longest question that is read.
const LONGEST: usize = 4096;

/// The stand-in. It ends when it is dropped.
pub struct Nameserver {
    /// Where it is asked.
    pub address: SocketAddr,
    _task: AbortOnDropHandle<()>,
}

impl Nameserver {
    /// Starts one that publishes this.
    pub async fn start(published: Record) -> anyhow::Result<Self> {
        let socket = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
        let address = socket.local_addr()?;
        let (published, others) = (Arc::new(published), Dns::of_system());
        let task = tokio::spawn(async move {
            let mut question = [0; LONGEST];
            while let Ok((length, from)) = socket.recv_from(&mut question).await {
                let question = question.get(..length).unwrap_or_default().to_vec();
                let (socket, published, others) = (Arc::clone(&socket), Arc::clone(&published), others.clone());
                tokio::spawn(async move {
                    if let Some(answer) = answer(&question, &published, &others).await {
                        // Whoever does not wait for it any more asks again.
                        drop(socket.send_to(&answer, from).await);
                    }
                });
            }
        });
        Ok(Self { address, _task: AbortOnDropHandle::new(task) })
    }
}

/// What is answered, if the question is one.
async fn answer(question: &[u8], published: &Record, others: &Dns) -> Option<Vec<u8>> {
    let asked = Message::from_vec(question).ok()?;
    let query = asked.queries.first()?.clone();
    let name = query.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
    let (code, texts) = if query.query_type() != RecordType::TXT {
        (ResponseCode::NoError, Vec::new())
    } else if name == published.name {
        (ResponseCode::NoError, vec![published.text.clone()])
    } else {
        match others.texts(&name).await {
            Found::Texts(texts) => (ResponseCode::NoError, texts),
            Found::Nothing => (ResponseCode::NXDomain, Vec::new()),
            Found::Silent => (ResponseCode::ServFail, Vec::new()),
        }
    };
    let mut answer = Message::error_msg(asked.metadata.id, OpCode::Query, code);
    answer.metadata.recursion_available = true;
    for text in texts {
        let pieces = text.as_bytes().chunks(PIECE).collect();
        answer.add_answer(Answer::from_rdata(query.name().clone(), 0, RData::TXT(TXT::from_bytes(pieces))));
    }
    answer.add_query(query);
    answer.to_vec().ok()
}
