//! Signing in, proving who it is, and signing out, by the pages and without script.

use axum::http::header;
use jiff::SignedDuration;
use quorate::ownership::credential::FIRST_DAY;
use serde_json::json;

use super::browser::{Browser, encoded, to};
use crate::{
    harness::{TestDb, on_both},
    web::site::{House, address},
};

on_both!(
    a_person_signs_in_and_out,
    a_wrong_code_says_what_to_do,
    the_link_of_the_mail_signs_in,
    a_browser_is_known_again,
    fresh_proof_comes_back,
);

async fn a_person_signs_in_and_out(test: TestDb) {
    let house = House::furnished(test).await;
    let browser = Browser::new(&house);
    let start = browser.get("/").await;
    assert!(start.status == 200 && start.body.contains("href=\"/sign-in\""), "{}", start.body);

    let account = format!("/accounts/{}", house.account);
    let sent_away = browser.get(&account).await;
    assert_eq!(to(&sent_away), format!("/sign-in?next={account}"));
    let form = browser.follow(&sent_away).await;
    assert_eq!(form.hidden("next"), account);
    let asked = browser.post("/sign-in", &[("email", &address("Olga Orlova")), ("next", &account)]).await;
    assert!(asked.body.contains("autocomplete=\"one-time-code\""), "{}", asked.body);
    let code = house.code("Olga Orlova").await;
    let sent = [
        ("email", address("Olga Orlova")),
        ("request", asked.hidden("request")),
        ("code", format!("{} {}", &code[..4], &code[4..])),
        ("next", asked.hidden("next")),
    ];
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let signed_in = browser.post("/sign-in/code", &sent).await;
    assert_eq!(to(&signed_in), account);
    let page = browser.follow(&signed_in).await;
    assert!(page.status == 200 && page.body.contains("Olga Orlova"), "{}", page.body);
    assert_eq!(to(&browser.get(&format!("/sign-in?next={account}")).await), account, "who is signed in goes on");

    let kept = browser.cookie.borrow().clone();
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(to(&out), "/?done=signed-out");
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(browser.follow(&out).await.body.contains("You are signed out."));
    *browser.cookie.borrow_mut() = kept;
    let ended = browser.get(&account).await;
    assert_eq!(
        to(&ended),
        format!("/sign-in?next={account}&done=session-ended"),
        "the session has ended, not only the cookie"
    );
    assert!(browser.follow(&ended).await.body.contains("Your session has ended."));
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303, "signing out twice is no mistake");
}

async fn a_wrong_code_says_what_to_do(test: TestDb) {
    let house = House::furnished(test).await;
    let browser = Browser::new(&house);
    let typo = browser.post("/sign-in", &[("email", "olga@acme"), ("next", "/me")]).await;
    assert_eq!(typo.status, 422);
    for kept in
        ["value=\"olga@acme\"", "aria-invalid=\"true\"", "id=\"email-wrong\"", "role=\"alert\"", "href=\"#email\""]
    {
        assert!(typo.body.contains(kept), "{kept}: {}", typo.body);
    }
    assert_eq!(typo.hidden("next"), "/me");

    // The same page for somebody whom nobody knows here.
    let mut pages = Vec::new();
    for email in [address("Olga Orlova"), "olgi@acme.example".to_owned()] {
        let asked = browser.post("/sign-in", &[("email", &email)]).await;
        let request = asked.hidden("request");
        let wrong = browser.post("/sign-in/code", &[("email", &email), ("request", &request), ("code", "1")]).await;
        assert_eq!((asked.status, wrong.status), (200, 422));
        assert!(wrong.body.contains("ask for a new one") && wrong.hidden("request") == request, "{}", wrong.body);
        pages.push([asked.body, wrong.body].concat().replace(&email, "").replace(&request, ""));
    }
    assert_eq!(pages[0], pages[1]);
    assert!(browser.cookie.borrow().is_none());

    let asked = browser.post("/sign-in", &[("email", &address("Ben Bauer"))]).await;
    let (request, code) = (asked.hidden("request"), house.code("Ben Bauer").await);
    house.site.app.clock.advance(SignedDuration::from_mins(11));
    let ben = address("Ben Bauer");
    let late = browser.post("/sign-in/code", &[("email", &ben), ("request", &request), ("code", &code)]).await;
    assert!(late.status == 422 && late.body.contains("Mail me another code"), "{}", late.body);
}

async fn the_link_of_the_mail_signs_in(test: TestDb) {
    let house = House::furnished(test).await;
    let browser = Browser::new(&house);
    browser.post("/sign-in", &[("email", &address("Olga Orlova"))]).await;
    let (request, token) = house.sign_in_link("Olga Orlova").await;
    let (page, show) = (format!("/sign-in/link/{request}"), format!("/sign-in/link/{request}/show"));
    // Opening it does nothing, and tells nobody whose it is who has not the whole of it.
    for path in [&page, &show] {
        let opened = browser.get(path).await;
        assert!(opened.status == 200 && !opened.body.contains("olga"), "{}", opened.body);
        assert_eq!(opened.hidden("request"), request, "and takes the code where no script runs");
    }
    for wrong in ["", &request, &format!("{request}.{}", &token[token.len() - 27..].to_uppercase())] {
        let refused = browser.post(&show, &[("token", wrong)]).await;
        assert!(refused.status == 409 && !refused.body.contains("olga"), "{}", refused.body);
        assert_eq!(browser.post(&page, &[("token", wrong)]).await.status, 409);
    }
    let shown = browser.post(&show, &[("token", &token)]).await;
    assert!(shown.status == 200 && shown.body.contains("olga@acme.example"), "{}", shown.body);
    assert!(browser.cookie.borrow().is_none(), "nothing is done yet");
    let signed_in = browser.post(&page, &[("token", &shown.hidden("token"))]).await;
    assert_eq!((signed_in.status, to(&signed_in)), (303, "/"));
    assert!(browser.follow(&signed_in).await.body.contains("Olga Orlova"));

    let again = Browser::new(&house).post(&page, &[("token", &token)]).await;
    assert_eq!(again.status, 409, "once");

    // The same for programs.
    browser.post("/sign-in", &[("email", &address("Ben Bauer"))]).await;
    let (_, token) = house.sign_in_link("Ben Bauer").await;
    let signed_in = house.call("POST", "/v1/sign-in/link", "", Some(json!({"token": token}))).await;
    let me = house.call("GET", "/v1/me", signed_in.json()["token"].as_str().unwrap(), None).await;
    assert_eq!(me.json()["name"], "Ben Bauer");
    let again = house.call("POST", "/v1/sign-in/link", "", Some(json!({"token": token}))).await;
    assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("dead_link")));

    // Without script, by the code of that mail.
    let asked = browser.post("/sign-in", &[("email", &address("Cleo Costa"))]).await;
    let (request, code) = (asked.hidden("request"), house.code("Cleo Costa").await);
    let typo = browser.post("/sign-in/code", &[("email", "cleo"), ("request", &request), ("code", &code)]).await;
    assert!(typo.status == 422 && typo.body.contains("value=\"cleo\""), "{}", typo.body);
    let cleo = address("Cleo Costa");
    let sent = browser.post("/sign-in/code", &[("email", &cleo), ("request", &request), ("code", &code)]).await;
    assert_eq!((sent.status, to(&sent)), (303, "/"));
}

async fn a_browser_is_known_again(test: TestDb) {
    let house = House::furnished(test).await;
    house.site.app.clock.advance(FIRST_DAY);
    // Signs in, in a browser that keeps that cookie, and says what it is to keep.
    let enter = async |name: &str, cookie: Option<&str>| {
        let browser = Browser::new(&house);
        *browser.cookie.borrow_mut() = cookie.map(str::to_owned);
        let asked = browser.post("/sign-in", &[("email", &address(name))]).await;
        let (request, code) = (asked.hidden("request"), house.code(name).await);
        let sent = [("email", address(name)), ("request", request), ("code", code)];
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let signed_in = browser.post("/sign-in/code", &sent).await;
        let kept = signed_in.headers.get_all(header::SET_COOKIE).iter().map(|kept| kept.to_str().unwrap().to_owned());
        kept.collect::<Vec<String>>()
    };
    let [_, first] = enter("Ben Bauer", None).await.try_into().unwrap();
    let (pair, attributes) = first.split_once("; ").unwrap();
    assert!(pair.starts_with("quorate-browser=quorate_browser_"), "{first}");
    assert_eq!(attributes, "Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax");
    let told = house.mails("Ben Bauer", "signed_in").await;
    let (_, text) = house.mail("Ben Bauer", "signed_in").await.unwrap();
    assert!(text.contains("you signed in with a code or link"), "{text}");
    let [_, again] = enter("Ben Bauer", Some(pair)).await.try_into().unwrap();
    assert_eq!(again, first, "for as long again");
    assert_eq!(house.mails("Ben Bauer", "signed_in").await, told);
    let [_, odd] = enter("Ben Bauer", Some("quorate-browser=x")).await.try_into().unwrap();
    assert_ne!(odd, first, "what is none of ours is as good as nothing");
    assert_eq!(house.mails("Ben Bauer", "signed_in").await, told + 1);
}

async fn fresh_proof_comes_back(test: TestDb) {
    let house = House::furnished(test).await;
    let browser = Browser::of(&house, "Olga Orlova").await;
    let before = house.mails("Olga Orlova", "proof_code").await;
    let form = browser.get("/prove?next=/me").await;
    assert_eq!(form.hidden("next"), "/me");
    assert_eq!(house.mails("Olga Orlova", "proof_code").await, before, "opening the page mails nothing");
    let asked = browser.post("/prove/code", &[("next", "/me")]).await;
    assert!(asked.status == 200 && asked.body.contains("olga@acme.example"), "{}", asked.body);
    let wrong = browser.post("/prove", &[("code", "1"), ("next", "/me")]).await;
    assert!(wrong.status == 422 && wrong.hidden("next") == "/me" && wrong.body.contains("id=\"code-wrong\""));
    let code = house.code("Olga Orlova").await;
    let proven = browser.post("/prove", &[("code", &code), ("next", "/me")]).await;
    assert_eq!(to(&proven), "/me?done=proven");
    let me = browser.follow(&proven).await;
    assert!(me.body.contains("role=\"status\"") && me.body.contains("For the next five minutes"), "{}", me.body);
}

#[tokio::test]
async fn nobody_is_led_elsewhere_by_signing_in() {
    let house = House::furnished(TestDb::sqlite().await).await;
    for next in ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)"]
    {
        let browser = Browser::new(&house);
        let email = address("Olga Orlova");
        let asked = browser.post("/sign-in", &[("email", &email), ("next", next)]).await;
        assert_eq!(asked.hidden("next"), "/", "{next}");
        let (request, code) = (asked.hidden("request"), house.code("Olga Orlova").await);
        let sent = [("email", email.as_str()), ("request", &request), ("code", &code), ("next", next)];
        let signed_in = browser.post("/sign-in/code", &sent).await;
        assert_eq!((signed_in.status, to(&signed_in)), (303, "/"), "{next}");
        let encoded = encoded(next);
        assert_eq!(to(&browser.get(&format!("/sign-in?next={encoded}")).await), "/", "{next}");
        assert_eq!(browser.get(&format!("/prove?next={encoded}")).await.hidden("next"), "/", "{next}");
        house.site.app.clock.advance(SignedDuration::from_mins(11));
    }
}
