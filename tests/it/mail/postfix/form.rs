//! A mail as it lies in the mailbox.

use mail_parser::{HeaderName, MessageParser, MimeHeaders};
use quorate::mail::{
    facts::Person,
    smtp::{Posted, Postman},
};

use crate::{
    harness::postfix::Postfix,
    mail::smtp::{letter, letter_with_everything},
};

#[tokio::test]
async fn a_mail_lies_in_its_mailbox_as_it_was_written() {
    let Some(server) = Postfix::start() else { return };
    let postman = Postman::new(server.settings(server.ports.starttls)).unwrap();
    let mut sent = letter_with_everything("dora@example.org");
    sent.from = Person { name: "Qüorate «東京»".to_owned(), address: "quorate@example.com".to_owned() };
    for _ in 1..=2 {
        let posted = postman.send(&sent).await;
        let Posted::Accepted { answer } = posted else { panic!("{posted:?}\n{}", server.log()) };
        assert!(answer.starts_with("250 2.0.0 Ok: queued as "), "{answer}");
    }
    server.newest(|_| server.delivered().len() == 2).await;
    let found = server.delivered();
    assert_eq!(found[0].message_id, found[1].message_id, "the same letter is the same mail");
    let mail = &found[0];
    assert_eq!((mail.to.as_str(), &mail.subject), ("dora@example.org", &sent.rendered.subject));
    assert_eq!((&mail.text, &mail.html), (&sent.rendered.text, &sent.rendered.html));
    assert!(mail.raw.is_ascii() && mail.raw.lines().all(|line| line.len() <= 998), "{}", mail.raw);

    let parsed = MessageParser::default().parse(mail.raw.as_bytes()).unwrap();
    let who = |address: Option<&mail_parser::Address<'_>>| {
        let first = address.unwrap().first().unwrap();
        (first.name().unwrap().to_owned(), first.address().unwrap().to_owned())
    };
    assert_eq!(who(parsed.from()), ("Qüorate «東京»".to_owned(), "quorate@example.com".to_owned()));
    assert_eq!(who(parsed.to()), ("Dörå «Dahl» 東京".to_owned(), "dora@example.org".to_owned()));
    let header = |name: &'static str| parsed.header_raw(HeaderName::from(name)).map(str::trim);
    assert_eq!(header("Return-Path"), Some("<quorate@example.com>"));
    assert_eq!(header("Auto-Submitted"), Some("auto-generated"));
    assert_eq!(header("Message-ID"), Some(sent.message_id().as_str()));
    // The server adds a date or a Message-ID where there is none: that it did not is seen by who wrote them.
    assert_eq!(parsed.date().unwrap().to_rfc3339(), "2026-11-24T09:30:00Z");
    assert_eq!(parsed.headers().iter().filter(|header| header.name.as_str() == "Date").count(), 1);
    let kinds: Vec<_> = parsed.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
    assert_eq!(kinds, ["alternative", "plain", "html"]);
    assert!(server.log().contains("with cipher"), "it came through TLS: {}", server.log());
}

#[tokio::test]
async fn tls_from_the_first_byte_goes_too() {
    let Some(server) = Postfix::start() else { return };
    let postman = Postman::new(server.settings(server.ports.wrapped)).unwrap();
    let posted = postman.send(&letter("dora@example.org")).await;
    assert!(matches!(posted, Posted::Accepted { .. }), "{posted:?}\n{}", server.log());
    server.newest(|mail| mail.to == "dora@example.org").await;
}
