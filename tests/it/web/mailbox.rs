//! The built-in mailbox: who may look into it, and what they see.

use axum::{body::Body, http::Request};
use data_encoding::BASE64;
use jiff::SignedDuration;
use quorate::{
    jobs::{deliver::deliver, seal::sweep},
    store::checkpoints,
    web::{server::Peer, site::Mailbox},
};
use tokio_util::sync::CancellationToken;

use super::site::{House, Reply, URL, empty};
use crate::{
    harness::{TestDb, on_both, smtp::MailServer},
    jobs::world::smtp,
};

on_both!(a_mail_bears_the_checkpoint_of_when_it_went);

#[tokio::test]
async fn it_lists_mails_and_opens_them_in_a_frame_that_can_do_nothing() {
    let house = House::furnished(TestDb::sqlite().await).await;
    house.open_case().await;
    let list = house.open("/mailbox").await;
    assert_eq!(list.status, 200);
    assert!(
        list.body.contains("<a href=\"/mailbox\">Look for new ones</a>")
            && list.body.contains("Dora Dahl &#60;dora@acme.example&#62;"),
        "{}",
        list.body
    );

    let (id, _) = house.mail("Dora Dahl", "ballot_request").await.unwrap();
    assert!(list.body.contains(&format!("href=\"/mailbox/{id}\"")));
    let around = house.open(&format!("/mailbox/{id}")).await;
    assert!(around.body.contains("sandbox=\"allow-top-navigation-by-user-activation\""), "{}", around.body);
    assert!(around.body.contains(&format!("<a href=\"{URL}/l/")), "{}", around.body);
    assert!(around.headers["content-security-policy"].to_str().unwrap().contains("frame-src 'self'"));
    let inside = house.open(&format!("/mailbox/{id}/html")).await;
    assert!(inside.body.contains("<base target=\"_top\">"));
    let policy = inside.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("sandbox allow-top-navigation-by-user-activation; default-src 'none'"), "{policy}");
}

#[tokio::test]
async fn it_is_there_for_this_machine_alone() {
    let house = House::furnished(TestDb::sqlite().await).await;
    let (id, _) = house.mail("Dora Dahl", "invitation").await.unwrap();
    let paths = ["/mailbox".to_owned(), format!("/mailbox/{id}"), format!("/mailbox/{id}/html")];
    let ask = async |path: &str, peer: &str, name: &str, value: &str| -> Reply {
        let request = Request::get(path).header(name, value).extension(Peer(peer.parse().unwrap()));
        house.send(request.body(Body::empty()).unwrap()).await
    };
    for path in &paths {
        for (peer, name, value, status) in [
            ("127.0.0.1:5", "host", "localhost:8080", 200),
            ("[::1]:5", "host", "[::1]:8080", 200),
            ("[::ffff:127.0.0.1]:5", "host", "127.0.0.1:8080", 200),
            ("10.0.0.7:5", "host", "127.0.0.1:8080", 404),
            ("127.0.0.1:5", "host", "attacker.example:8080", 404),
            ("127.0.0.1:5", "x-forwarded-for", "203.0.113.5", 404),
            ("127.0.0.1:5", "forwarded", "for=203.0.113.5", 404),
        ] {
            assert_eq!(ask(path, peer, name, value).await.status, status, "{path} {peer} {name}: {value}");
        }
    }
    let start = ask("/", "10.0.0.7:5", "host", "127.0.0.1:8080").await;
    assert!(start.status == 200 && !start.body.contains("/mailbox"), "{}", start.body);
    assert!(house.open("/").await.body.contains("href=\"/mailbox\""));
}

#[tokio::test]
async fn it_is_empty_at_first_and_gone_when_closed() {
    let open = empty(TestDb::sqlite().await, Mailbox::Open);
    assert!(open.open("/mailbox").await.body.contains("No mail yet"));
    let closed = empty(TestDb::sqlite().await, Mailbox::Closed);
    assert_eq!(closed.open("/mailbox").await.status, 404);
    assert!(!closed.open("/").await.body.contains("/mailbox"));
}

/// What an alert says of the last checkpoint.
async fn seal(house: &House) -> String {
    let app = &house.site.app;
    sweep(app, &CancellationToken::new()).await.unwrap();
    let last = checkpoints::latest(&mut app.db.read().await.unwrap()).await.unwrap().unwrap();
    format!("is sealed up to its entry {}, with the root {}.", last.size, BASE64.encode(last.root.as_bytes()))
}

/// The newest alert to the owner, in one line.
async fn alert(house: &House) -> String {
    let (_, text) = house.mail("Olga Orlova", "owner_alert").await.unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn a_mail_bears_the_checkpoint_of_when_it_went(test: TestDb) {
    let house = House::furnished(test).await;
    let app = &house.site.app;
    house.open_case().await;
    assert!(!alert(&house).await.contains("is sealed up to"), "nothing is sealed");
    let first = seal(&house).await;
    assert!(alert(&house).await.contains(&first), "{}", alert(&house).await);
    assert!(!house.mail("Dora Dahl", "ballot_request").await.unwrap().1.contains("is sealed up to"));

    // A mail server gets the same.
    let server = MailServer::start().await;
    deliver(app, &smtp(&server), &CancellationToken::new()).await.unwrap();
    let taken = server.taken().into_iter().map(|mail| mail.raw.replace("=\r\n", "").replace("=3D", "="));
    let words = taken.map(|raw| raw.split_whitespace().collect::<Vec<_>>().join(" "));
    assert!(words.filter(|raw| raw.contains(&first)).count() >= 1, "no mail bears it");

    app.clock.advance(SignedDuration::from_hours(1));
    house.invite("Dora Dahl", "Eve Ek").await;
    let second = seal(&house).await;
    assert_ne!(first, second);
    assert!(alert(&house).await.contains(&first), "however late somebody looks");
}
