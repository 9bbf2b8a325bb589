//! One address of the network may try to come in so often, and keeps nobody out by it.

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use quorate::web::extract::Peer;
use serde_json::json;

use super::{
    pages::browser::Browser,
    site::{House, Reply, address},
};
use crate::harness::{TestDb, on_both, race::tell};

on_both!(guesses_of_paper_keys_wait, too_many_tries_wait, a_known_browser_has_its_own_count, what_proxies_say_counts);

/// So many tries there are at once.
const AT_ONCE: usize = 60;

/// Asks for a code, from there.
async fn ask(house: &House, peer: &str, headers: &[(&str, &str)]) -> Reply {
    send(house, "/v1/sign-in", peer, headers).await
}

async fn send(house: &House, path: &str, peer: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .extension(Peer(format!("{peer}:50000").parse().unwrap()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.send(request.body(Body::from(json!({"email": "nobody@acme.example"}).to_string())).unwrap()).await
}

/// Asks until it is too often, and says how often it was not.
async fn exhaust(house: &House, peer: &str, headers: &[(&str, &str)]) -> usize {
    let mut passed = 0;
    while passed <= 2 * AT_ONCE && ask(house, peer, headers).await.status == 202 {
        passed += 1;
    }
    passed
}

async fn too_many_tries_wait(test: TestDb) {
    let house = House::furnished(test).await;
    let (stranger, neighbour) = ("203.0.113.7", "203.0.113.8");
    let passed = exhaust(&house, stranger, &[]).await;
    assert!((AT_ONCE..AT_ONCE + 2).contains(&passed), "{passed}");
    let refused = ask(&house, stranger, &[]).await;
    assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("too_many_requests")));
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    let api = ["/v1/sign-in/confirm", "/v1/sign-in/password", "/v1/sign-in/link", "/v1/links/redeem"];
    let pages = ["/sign-in", "/recovery-address/code_x/code", "/drill", "/drill/code", "/v1/paper-keys/drill"];
    for path in api.into_iter().chain(pages) {
        assert_eq!(send(&house, path, stranger, &[]).await.status, 429, "{path}");
    }
    // Nobody else is kept out, nor is a page; and soon the next try counts.
    assert_eq!(ask(&house, neighbour, &[]).await.status, 202);
    let page = Request::get("/sign-in").extension(Peer(format!("{stranger}:50000").parse().unwrap()));
    assert_eq!(house.send(page.body(Body::empty()).unwrap()).await.status, 200);
    let as_page = send(&house, "/sign-in", stranger, &[("accept", "text/html")]).await;
    assert!(as_page.status == 429 && as_page.body.contains("too many tries from your network"), "{}", as_page.body);
    house.site.app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(ask(&house, stranger, &[]).await.status, 202);
    // All of what one household has in IPv6 is one.
    exhaust(&house, "[2001:db8:1:2::1]", &[]).await;
    assert_eq!(ask(&house, "[2001:db8:1:2:ffff::9]", &[]).await.status, 429);
    assert_eq!(ask(&house, "[2001:db8:1:3::1]", &[]).await.status, 202);
    // This machine's own programs have no limit.
    assert!(exhaust(&house, "127.0.0.1", &[]).await > AT_ONCE);
}

/// As fast as a stranger can type keys, and nobody else waits for it.
async fn guesses_of_paper_keys_wait(test: TestDb) {
    let house = House::furnished(test).await;
    let (stranger, holder, tries) = ("203.0.113.7", "203.0.113.8", 6_000);
    let (began, mut passed) = (house.site.app.now(), 0);
    for number in 0..tries {
        passed += usize::from(send(&house, "/v1/recoveries", stranger, &[]).await.status != 429);
        if number % 100 == 0 {
            assert_ne!(send(&house, "/v1/recoveries", holder, &[]).await.status, 429);
        }
        house.site.app.clock.advance(SignedDuration::from_millis(10));
    }
    let seconds = usize::try_from(house.site.app.now().since(began).as_secs()).unwrap();
    assert!((AT_ONCE + 2 * seconds..AT_ONCE + 2 * seconds + 3).contains(&passed), "{passed} in {seconds} s");
    tell(&format!("of {tries} tries in {seconds} s from one address, {passed} came through"));
}

async fn a_known_browser_has_its_own_count(test: TestDb) {
    let house = House::furnished(test).await;
    let office = "203.0.113.7";
    let browser = Browser::new(&house);
    let asked = browser.post("/sign-in", &[("email", &address("Ben Bauer"))]).await;
    let (request, code) = (asked.hidden("request"), house.code("Ben Bauer").await);
    let sent = [("email", address("Ben Bauer")), ("request", request), ("code", code)];
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let signed_in = browser.post("/sign-in/code", &sent).await;
    let kept = signed_in.headers.get_all(header::SET_COOKIE).iter().next_back().unwrap().to_str().unwrap().to_owned();
    let known = kept.split(';').next().unwrap();

    exhaust(&house, office, &[]).await;
    let invented = "quorate-browser=quorate_browser_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(ask(&house, office, &[("cookie", invented)]).await.status, 429);
    assert_eq!(ask(&house, office, &[("cookie", known)]).await.status, 202, "whatever others do there");
    assert!(exhaust(&house, office, &[("cookie", known)]).await >= AT_ONCE - 2);
    assert_eq!(ask(&house, office, &[("cookie", known)]).await.status, 429, "but not for ever");
}

async fn what_proxies_say_counts(test: TestDb) {
    let mut house = House::furnished(test).await;
    house.behind(&["10.0.0.0/8"]);
    let from = |client: &'static str| [("x-forwarded-for", client)];
    exhaust(&house, "10.0.0.1", &from("203.0.113.7")).await;
    assert_eq!(ask(&house, "10.0.0.2", &from("198.51.100.1, 203.0.113.7")).await.status, 429, "whatever it claims");
    assert_eq!(ask(&house, "10.0.0.1", &from("203.0.113.8")).await.status, 202);
    // A stranger is not believed, and whoever forgot to name a proxy locks nobody out.
    exhaust(&house, "203.0.113.9", &from("203.0.113.10")).await;
    assert_eq!(ask(&house, "203.0.113.9", &from("203.0.113.11")).await.status, 429);
    assert!(exhaust(&house, "192.168.0.1", &from("203.0.113.7")).await > AT_ONCE);
}
