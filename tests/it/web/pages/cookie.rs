//! The cookie of a browser: its flags, and that a cookie alone proves nothing to a request from another site.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::{House, Reply, URL, address},
};

on_both!(another_site_cannot_use_the_cookie, a_bearer_token_wins);

#[tokio::test]
async fn it_carries_every_flag_that_its_address_allows() {
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let signed_in = async |house: &House| {
        let browser = Browser::new(house);
        let asked = browser.post("/sign-in", &[("email", &address("Olga Orlova"))]).await;
        let (request, code) = (asked.hidden("request"), house.code("Olga Orlova").await);
        let email = address("Olga Orlova");
        browser.post("/sign-in/code", &[("email", &email), ("request", &request), ("code", &code)]).await
    };
    let cookie = |reply: &Reply| reply.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    let plain = cookie(&signed_in(&house).await);
    assert!(plain.starts_with("quorate=quorate_session_"), "{plain}");
    assert!(plain.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{plain}");
    house.moved_to("https://quorate.example");
    let secure = cookie(&signed_in(&house).await);
    assert!(secure.starts_with("__Host-quorate=quorate_session_"), "{secure}");
    assert!(secure.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{secure}");
}

/// A request as a browser would send it, with the cookie and these headers.
async fn ask(browser: &Browser<'_>, method: &str, path: &str, told: &[(&str, &str)], body: &str) -> Reply {
    let kind = if path.starts_with("/v1/") { "application/json" } else { "application/x-www-form-urlencoded" };
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
    for (name, value) in told {
        request = request.header(*name, *value);
    }
    browser.send_with(request, body.to_owned()).await
}

async fn another_site_cannot_use_the_cookie(test: TestDb) {
    let house = House::furnished(test).await;
    let browser = Browser::of(&house, "Olga Orlova").await;
    let account = format!("/v1/accounts/{}", house.account);
    let acts = [
        ("POST", "/sign-in".to_owned(), "email=olga@acme.example"),
        ("POST", "/sign-out".to_owned(), ""),
        ("POST", "/prove/code".to_owned(), "next=/"),
        ("POST", format!("/accounts/{}/cases/new", house.account), "step=open"),
        ("POST", "/v1/sign-out".to_owned(), ""),
        ("POST", "/v1/proof".to_owned(), "{}"),
        ("PATCH", account.clone(), "{\"name\": \"Taken\"}"),
    ];
    let before = dump(&house.test).await;
    let foreign: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", URL)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ];
    for (method, path, body) in &acts {
        for told in foreign {
            let refused = ask(&browser, method, path, told, body).await;
            assert!(
                refused.status == 403 && refused.body.contains("another site"),
                "{method} {path} {told:?}: {}",
                refused.body
            );
        }
    }
    assert_eq!(dump(&house.test).await, before);
    // Reading is harmless, and a link from a mail is opened from another site.
    for path in [&account, "/me"] {
        assert_eq!(ask(&browser, "GET", path, &[("sec-fetch-site", "cross-site")], "").await.status, 200, "{path}");
    }
    // And from a page of ours, all of it works, whichever way the browser tells.
    for told in [&[("sec-fetch-site", "same-origin")], &[("origin", URL)]] {
        assert_eq!(ask(&browser, "POST", "/v1/proof", told, "{}").await.status, 202, "{told:?}");
        assert_eq!(ask(&browser, "POST", "/prove/code", told, "next=/").await.status, 200, "{told:?}");
    }
    assert_eq!(ask(&browser, "POST", "/v1/sign-out", &[("origin", URL)], "").await.status, 204);
    assert_eq!(ask(&browser, "GET", "/v1/me", &[], "").await.status, 401);
}

async fn a_bearer_token_wins(test: TestDb) {
    let house = House::furnished(test).await;
    let browser = Browser::of(&house, "Olga Orlova").await;
    let ben = house.sign_in("Ben Bauer").await;
    let who = async |authorization: &str| {
        let request = Request::get("/v1/me").header(header::AUTHORIZATION, authorization);
        let reply = browser.send(request).await;
        (reply.status, reply.body.contains("Ben Bauer"))
    };
    assert_eq!(who(&format!("Bearer {ben}")).await, (200, true));
    assert_eq!(who("Bearer quorate_session_wrong").await, (401, false), "a wrong token is not mended by a cookie");
    assert_eq!(who("Basic dXNlcjpwYXNz").await, (200, false), "a proxy may ask for a password of its own");
    // A bearer token needs no page of ours: no browser adds it by itself.
    let request = Request::post("/v1/proof")
        .header(header::AUTHORIZATION, format!("Bearer {ben}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(house.send(request.body(Body::from(json!({}).to_string())).unwrap()).await.status, 202);
    // An access token does not travel in a cookie.
    *browser.cookie.borrow_mut() = Some(format!("quorate={}", house.operator));
    assert_eq!(browser.get("/v1/accounts").await.status, 401);
    assert_eq!(to(&browser.get("/me").await), "/sign-in?next=/me");
}
