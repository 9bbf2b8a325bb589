//! The built-in mailbox: who may look into it, and what they see.

use axum::{body::Body, http::Request};
use quorate::web::{server::Peer, site::Mailbox};

use super::site::{House, Reply, URL, empty};
use crate::harness::TestDb;

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
