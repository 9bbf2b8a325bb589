//! Conversations with a mail server on a real socket.

use std::time::Duration;

use quorate::mail::{
    envelope::Letter,
    facts::Person,
    message::Message,
    smtp::{Deferrer, Posted, Postman, Settings, Tls},
};

use super::samples::{at, case, id, rendered};
use crate::harness::smtp::{MailServer, Whim};

fn postman(port: u16, tls: Tls, timeout: Duration) -> Postman {
    let (host, hello) = ("127.0.0.1".to_owned(), "quorate.example".to_owned());
    Postman::new(Settings { host, port, tls, authorities: None, login: None, signer: None, hello, timeout }).unwrap()
}

fn patient(server: &MailServer) -> Postman {
    postman(server.address.port(), Tls::None, Duration::from_secs(20))
}

pub fn letter(to: &str) -> Letter {
    Letter {
        mail: id(9),
        host: "quorate.example".to_owned(),
        to: Person { name: "Administrator Two".to_owned(), address: to.to_owned() },
        from: Person { name: "Quorate".to_owned(), address: "quorate@quorate.example".to_owned() },
        reply_to: Some(Person { name: String::new(), address: "help@quorate.example".to_owned() }),
        return_path: None,
        date: at("2026-11-24T09:30:00Z"),
        rendered: rendered(&Message::BallotRequest {
            case: case(),
            link: Some(id(4)),
            answer: None,
            address_changed: None,
        }),
    }
}

/// With all that is awkward to carry.
pub fn letter_with_everything(to: &str) -> Letter {
    let mut letter = letter(to);
    letter.to.name = "Dörå «Dahl» 東京".to_owned();
    letter.rendered.subject =
        "Ärger: please vote on a new owner, ünd ä löng subject that has to be folded somewhere".to_owned();
    letter.rendered.text = format!(".\n..\n.dot\nFrom here\n{}\nÄ 東京\n", "long ".repeat(500));
    letter
}

fn accepted(number: usize) -> Posted {
    Posted::Accepted { answer: format!("250 2.0.0 queued as {number}") }
}

#[tokio::test]
async fn a_letter_is_accepted_with_its_headers() {
    let server = MailServer::start().await;
    assert_eq!(patient(&server).send(&letter("dora@acme.example")).await, accepted(1));
    let [mail] = &server.taken()[..] else { panic!("one mail") };
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("quorate@quorate.example", "dora@acme.example"));
    let (headers, _) = mail.raw.split_once("\r\n\r\n").unwrap();
    insta::assert_snapshot!("smtp_headers", headers.replace("\r\n", "\n"));
    assert!(mail.longest_line <= 998, "{}", mail.longest_line);
}

#[tokio::test]
async fn the_same_letter_is_the_same_bytes_again() {
    let server = MailServer::start().await;
    let postman = patient(&server);
    for number in 1..=3 {
        assert_eq!(postman.send(&letter("dora@acme.example")).await, accepted(number));
    }
    assert!(server.taken().windows(2).all(|two| two[0].raw == two[1].raw));
    assert_eq!(server.connections(), 1, "the connection is used again");
}

#[tokio::test]
async fn every_body_arrives_as_it_was_written() {
    let server = MailServer::start().await;
    let sent = letter_with_everything("dora@acme.example");
    assert_eq!(patient(&server).send(&sent).await, accepted(1));
    let mail = server.taken().remove(0);
    let (headers, parts) = parse(&mail.raw);
    assert_eq!(parts, [sent.rendered.text.clone(), sent.rendered.html.clone()]);
    assert!(mail.raw.is_ascii() && mail.longest_line <= 998);
    assert!(headers.lines().all(|line| line.len() <= 78), "{headers}");
}

#[tokio::test]
async fn a_name_brings_no_header_of_its_own() {
    let server = MailServer::start().await;
    let mut sent = letter("dora@acme.example");
    sent.to.name = "Eve\r\nBcc: everybody@acme.example\r\n\r\nHello \u{202e}".to_owned();
    sent.from.name = "\"Olga\" <olga@acme.example>".to_owned();
    assert_eq!(patient(&server).send(&sent).await, accepted(1));
    let mail = server.taken().remove(0);
    let (headers, parts) = parse(&mail.raw);
    assert_eq!(parts.len(), 2);
    assert!(!headers.contains("\nBcc:"), "{headers}");
    assert!(!headers.contains("<olga@acme.example>") && headers.matches("\nTo:").count() == 1, "{headers}");
}

#[tokio::test]
async fn a_recipient_who_is_refused_stops_nobody_else() {
    let server = MailServer::start().await;
    server.on("gone@acme.example", Whim::AtRecipient("550-5.1.1 no such\r\n550 5.1.1 user here"));
    server.on("full@acme.example", Whim::AtRecipient("452 4.2.2 mailbox full"));
    server.on("spam@acme.example", Whim::AtEnd("554 5.7.1 not wanted"));
    server.on("busy@acme.example", Whim::AtEnd("451 4.3.0 try again"));
    let postman = patient(&server);
    server.on("lasting@acme.example", Whim::AtRecipient("552 5.2.2 mailbox full"));
    let refused = |answer: &str| Posted::Refused { answer: answer.to_owned() };
    let deferred = |answer: &str, by| Posted::Deferred { answer: answer.to_owned(), by };
    for (to, wanted) in [
        ("gone@acme.example", refused("550 5.1.1 no such user here")),
        ("a@acme.example", accepted(1)),
        ("full@acme.example", deferred("452 4.2.2 mailbox full", Deferrer::Mailbox)),
        ("lasting@acme.example", deferred("552 5.2.2 mailbox full", Deferrer::Mailbox)),
        ("spam@acme.example", refused("554 5.7.1 not wanted")),
        ("busy@acme.example", deferred("451 4.3.0 try again", Deferrer::Domain)),
        ("not an address", refused("`not an address` is not an address that mail can be sent to, correct it")),
        ("b@acme.example", accepted(2)),
    ] {
        assert_eq!(postman.send(&letter(to)).await, wanted, "{to}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_us_is_never_blamed_on_the_recipient() {
    let server = MailServer::start().await;
    server.on("quorate@quorate.example", Whim::AtSender("550 5.7.1 sender not allowed"));
    server.on("a@acme.example", Whim::AtRecipient("530 5.7.0 sign in first"));
    let postman = patient(&server);
    let deferred = |answer: &str| Posted::Deferred { answer: answer.to_owned(), by: Deferrer::Server };
    let told = "550 5.7.1 sender not allowed (the mail server refuses `quorate@quorate.example` as the sender, mend \
                `smtp.from` or `smtp.bounce_address`)";
    assert_eq!(postman.send(&letter("a@acme.example")).await, deferred(told));
    let sender = "quorate@quorate.example".parse().unwrap();
    assert_eq!(postman.try_out(&sender).await, Err(told.to_owned()), "the doctor says so as well");
    server.forgive("quorate@quorate.example");
    assert_eq!(postman.send(&letter("a@acme.example")).await, deferred("530 5.7.0 sign in first"));
    let mut wrong = letter("a@acme.example");
    wrong.from.address = "nobody".to_owned();
    assert!(matches!(postman.send(&wrong).await, Posted::Deferred { .. }));
}

#[tokio::test]
async fn a_dropped_connection_is_deferred_and_the_next_letter_goes() {
    let server = MailServer::start().await;
    server.on("drop@acme.example", Whim::Drop);
    let postman = patient(&server);
    assert_eq!(postman.send(&letter("a@acme.example")).await, accepted(1));
    assert!(matches!(postman.send(&letter("drop@acme.example")).await, Posted::Deferred { .. }));
    assert_eq!(postman.send(&letter("b@acme.example")).await, accepted(2));
}

#[tokio::test]
async fn a_silent_server_is_deferred_and_its_late_words_reach_no_other_letter() {
    let server = MailServer::start().await;
    server.on("slow@acme.example", Whim::Silent);
    server.on("late@acme.example", Whim::Late);
    let postman = postman(server.address.port(), Tls::None, Duration::from_millis(300));
    for to in ["slow@acme.example", "late@acme.example"] {
        let slow = tokio::time::timeout(Duration::from_secs(10), postman.send(&letter(to))).await.unwrap();
        assert_eq!(
            slow,
            Posted::Deferred { answer: "sending the mail took too long".to_owned(), by: Deferrer::Domain }
        );
    }
    assert_eq!(postman.send(&letter("b@acme.example")).await, accepted(1));
    assert_eq!(server.connections(), 3, "a connection left in the middle is not used again");
}

#[tokio::test]
async fn no_server_at_all_is_deferred() {
    let port = MailServer::start().await.address.port();
    let deferred = postman(port, Tls::None, Duration::from_secs(20)).send(&letter("a@acme.example")).await;
    let Posted::Deferred { answer, by: Deferrer::Server } = deferred else { panic!("{deferred:?}") };
    assert!(answer.starts_with("connecting failed: "), "{answer}");
}

#[tokio::test]
async fn without_the_encryption_that_is_required_nothing_is_sent() {
    let server = MailServer::start().await;
    let port = server.address.port();
    for (tls, goes) in [(Tls::Required, false), (Tls::Opportunistic, true), (Tls::None, true)] {
        let posted = postman(port, tls, Duration::from_secs(20)).send(&letter("a@acme.example")).await;
        assert_eq!(matches!(posted, Posted::Accepted { .. }), goes, "{tls:?}: {posted:?}");
    }
    assert_eq!(server.taken().len(), 2);
}

#[tokio::test]
async fn an_answer_that_quotes_the_mail_is_kept_without_its_link() {
    let server = MailServer::start().await;
    server.on(
        "a@acme.example",
        Whim::AtEnd("554 bad link https://quorate.example/link#dGhpcyBpcyBub3QgYSB0b2tlbg in it"),
    );
    let posted = patient(&server).send(&letter("a@acme.example")).await;
    assert_eq!(posted, Posted::Refused { answer: "554 bad link [removed] in it".to_owned() });
}

/// Takes the message apart: its headers, and its two bodies with their encoding undone.
pub fn parse(raw: &str) -> (String, Vec<String>) {
    let (headers, body) = raw.split_once("\r\n\r\n").unwrap();
    let boundary = headers.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let parts =
        body.split(&format!("--{boundary}")).skip(1).filter(|part| !part.starts_with("--")).map(decode).collect();
    (headers.to_owned(), parts)
}

fn decode(part: &str) -> String {
    let (headers, body) = part.split_once("\r\n\r\n").unwrap();
    let body = body.strip_suffix("\r\n").unwrap_or(body);
    let bytes = if headers.contains("base64") {
        data_encoding::BASE64.decode(body.replace("\r\n", "").as_bytes()).unwrap()
    } else if headers.contains("quoted-printable") {
        unquote(&body.replace("=\r\n", ""))
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn unquote(body: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = body.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let pair = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.extend(data_encoding::HEXUPPER.decode(&pair).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    bytes
}
