//! The pages of a link: opening does nothing, the page says what it does, the button does it, and no secret gets about.

use axum::{body::Body, http::Request};
use jiff::SignedDuration;

use super::{
    log::{listen, taken},
    site::{House, Reply, URL},
};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
};

on_both!(looking_changes_nothing, a_ballot_is_cast_by_link, a_code_stands_in_for_the_token, codes_are_limited);

async fn looking_changes_nothing(test: TestDb) {
    let house = House::furnished(test).await;
    let offer = house.offer("Cleo Costa").await;
    let case = house.open_case().await;
    let ben = house.proven("Ben Bauer").await;
    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    let (mail, _) = house.mail("Dora Dahl", "ballot_request").await.unwrap();
    let account = &house.account;
    let before = dump(&house.test).await;
    let paths = [
        "/".to_owned(),
        format!("/l/{link}"),
        format!("/l/{link}/show"),
        format!("/l/{link}/do"),
        format!("/l/{link}/code"),
        "/mailbox".to_owned(),
        format!("/mailbox/{mail}"),
        format!("/mailbox/{mail}/html"),
        format!("/accounts/{account}/members"),
        format!("/accounts/{account}/owners"),
        format!("/transfers/{offer}"),
        format!("/accounts/{account}/cases"),
        format!("/cases/{case}"),
        format!("/cases/{case}/vote"),
        format!("/cases/{case}/withdraw"),
        "/docs/problems".to_owned(),
        "/assets/quorate.css".to_owned(),
        "/assets/quorate.js".to_owned(),
        "/openapi.json".to_owned(),
        "/healthz".to_owned(),
        "/readyz".to_owned(),
        "/v1/me".to_owned(),
        "/v1/me/sessions".to_owned(),
        format!("/v1/accounts/{account}"),
        format!("/v1/accounts/{account}/members"),
        format!("/v1/accounts/{account}/owners"),
        format!("/v1/accounts/{account}/transfers"),
        format!("/v1/transfers/{offer}"),
        format!("/v1/accounts/{account}/roster"),
        format!("/v1/accounts/{account}/cases"),
        format!("/v1/accounts/{account}/activity"),
        format!("/v1/accounts/{account}/mail"),
        format!("/v1/cases/{case}"),
        format!("/v1/cases/{case}/mail"),
    ];
    for path in &paths {
        for method in ["GET", "HEAD"] {
            assert_eq!(house.call(method, path, &ben, None).await.status, 200, "{method} {path}");
        }
        house.call("OPTIONS", path, &ben, None).await;
    }
    // What the script of an opened link does by itself, a mail scanner's browser included.
    assert_eq!(house.form(&format!("/l/{link}/show"), &[("token", &token)]).await.status, 200);
    assert_eq!(dump(&house.test).await, before);
}

async fn a_ballot_is_cast_by_link(test: TestDb) {
    let house = House::furnished(test).await;
    house.open_case().await;
    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    let shown = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    for words in ["Olga Orlova &#60;olga@acme.example&#62;", "Cleo Costa &#60;cleo@acme.example&#62;", "Acme Freight"] {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    assert!(shown.body.contains("&#60;b&#62;Her phone&#60;/b&#62;") && !shown.body.contains("<b>"), "{}", shown.body);
    assert_eq!(shown.body.matches("<button").count(), 1, "{}", shown.body);
    assert_eq!(shown.hidden("token"), token);

    let terms = shown.hidden("terms_hash");
    let act = format!("/l/{link}/do");
    let without = house.form(&act, &[("token", &token), ("terms_hash", &terms)]).await;
    assert!(without.status == 422 && without.body.contains("choose one of the two answers"), "{}", without.body);
    let other = "0".repeat(64);
    let stale = house.form(&act, &[("token", &token), ("terms_hash", &other), ("choice", "approve")]).await;
    assert!(stale.status == 409 && stale.body.contains("terms_differ"), "{}", stale.body);
    let done = house.form(&act, &[("token", &token), ("terms_hash", &terms), ("choice", "approve")]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(done.body.contains("you approve") && done.body.contains("1 approval of the 2 needed"), "{}", done.body);

    let again = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    assert!(again.body.contains("<dt>Your ballot</dt><dd>you approve</dd>"), "{}", again.body);
    let changed = house.form(&act, &[("token", &token), ("terms_hash", &terms), ("choice", "reject")]).await;
    assert!(changed.body.contains("you reject"), "{}", changed.body);

    let (receipt, mine) = house.link("Dora Dahl", "ballot_receipt").await;
    let disowned = house.form(&format!("/l/{receipt}/do"), &[("token", &mine)]).await;
    assert!(disowned.body.contains("The ballot is taken back"), "{}", disowned.body);
    let dead = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    assert!(dead.status == 409 && dead.body.contains("Look for a newer mail"), "{}", dead.body);
}

async fn a_code_stands_in_for_the_token(test: TestDb) {
    let house = House::furnished(test).await;
    house.open_case().await;
    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    let waiting = house.open(&format!("/l/{link}")).await;
    assert!(waiting.body.contains(&format!("action=\"/l/{link}/code\"")), "{}", waiting.body);
    let asked = house.form(&format!("/l/{link}/code"), &[]).await;
    assert_eq!((asked.status, house.mails("Dora Dahl", "link_code").await), (200, 1));
    let code = house.code("Dora Dahl").await;

    let wrong = house.form(&format!("/l/{link}/show"), &[("code", "1")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("aria-invalid"), "{}", wrong.body);
    let typed = format!("{}+{}", &code[..4], &code[4..]);
    let shown = house.form(&format!("/l/{link}/show"), &[("code", &typed)]).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    let (carried, terms) = (shown.hidden("code").replace(' ', "+"), shown.hidden("terms_hash"));
    let act = format!("/l/{link}/do");
    // A refused act leaves the code good.
    let other = "0".repeat(64);
    let refused = house.form(&act, &[("code", &carried), ("terms_hash", &other), ("choice", "approve")]).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    let fields = [("code", carried.as_str()), ("terms_hash", &terms), ("choice", "approve")];
    assert_eq!(house.form(&act, &fields).await.status, 200);
    // And a done one uses it up.
    assert_eq!(house.form(&act, &fields).await.status, 422);
    assert_eq!(house.form(&format!("/l/{link}/show"), &[("token", &token)]).await.status, 200);

    // A code opens its own link and no other.
    let (other, _) = house.link("Ben Bauer", "ballot_request").await;
    house.form(&format!("/l/{link}/code"), &[]).await;
    let code = house.code("Dora Dahl").await;
    assert_eq!(house.form(&format!("/l/{other}/show"), &[("code", &code)]).await.status, 422);
    assert_eq!(house.form(&format!("/l/{link}/show"), &[("code", &code)]).await.status, 200);
    house.site.app.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(house.form(&format!("/l/{link}/show"), &[("code", &code)]).await.status, 422);
}

async fn codes_are_limited(test: TestDb) {
    let house = House::furnished(test).await;
    house.open_case().await;
    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    let mut pages = Vec::new();
    for _ in 0..7 {
        pages.push(house.form(&format!("/l/{link}/code"), &[]).await.body);
    }
    assert_eq!(house.mails("Dora Dahl", "link_code").await, 5);
    let unknown = "link_01h2xcejqtf2nbrexx3vqjhp41";
    pages.push(house.form(&format!("/l/{unknown}/code"), &[]).await.body.replace(unknown, &link));
    assert!(pages.iter().all(|page| *page == pages[0]));

    let code = house.code("Dora Dahl").await;
    for _ in 0..5 {
        assert_eq!(house.form(&format!("/l/{link}/show"), &[("code", "00000000")]).await.status, 422);
    }
    assert_eq!(house.form(&format!("/l/{link}/show"), &[("code", &code)]).await.status, 422);
    let token = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    assert_eq!(token.status, 200, "guesses never close the link itself");
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let house = House::furnished(TestDb::sqlite().await).await;
    house.open_case().await;
    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    for path in ["show", "do", "code"] {
        let path = format!("/l/{link}/{path}");
        for site in ["cross-site", "same-site"] {
            let refused = house.form_from(site, &path, &[("token", &token)]).await;
            assert!(refused.status == 403 && refused.body.contains("cross_site"), "{path}: {}", refused.body);
        }
    }
    assert_eq!(house.form_from("none", &format!("/l/{link}/show"), &[("token", &token)]).await.status, 200);
    let opened = Request::get(format!("/l/{link}")).header("sec-fetch-site", "cross-site").body(Body::empty());
    assert_eq!(house.send(opened.unwrap()).await.status, 200, "links in webmail come from another site");
    assert_eq!(house.mails("Dora Dahl", "link_code").await, 0);
}

#[tokio::test]
async fn a_token_belongs_to_one_link() {
    let house = House::furnished(TestDb::sqlite().await).await;
    house.open_case().await;
    let (ours, token) = house.link("Dora Dahl", "ballot_request").await;
    let (theirs, _) = house.link("Ben Bauer", "ballot_request").await;
    for (link, token) in [(&theirs, token.as_str()), (&ours, "x"), (&ours, &token.to_uppercase()), (&ours, "")] {
        for path in ["show", "do"] {
            let reply = house.form(&format!("/l/{link}/{path}"), &[("token", token)]).await;
            assert!(reply.status == 409 && reply.body.contains("dead_link"), "{}", reply.body);
        }
    }
    assert_eq!(house.form(&format!("/l/{ours}/show"), &[]).await.status, 409);
    assert_eq!(house.open("/l/nonsense").await.status, 404);
}

#[tokio::test]
async fn a_token_gets_into_no_address_and_no_log() {
    listen();
    let house = House::furnished(TestDb::sqlite().await).await;
    house.open_case().await;
    taken();
    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    house.form(&format!("/l/{link}/code"), &[]).await;
    let code = house.code("Dora Dahl").await;
    let proof = token.split_once('.').unwrap().1;
    let check = |reply: &Reply| {
        for value in reply.headers.values() {
            let value = value.to_str().unwrap();
            assert!(!value.contains(proof) && !value.contains(&code), "{value}");
        }
        for attribute in ["href=\"", "action=\"", "src=\""] {
            for address in reply.body.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                assert!(!address.contains(proof) && !address.contains(&code), "{address}");
            }
        }
    };
    check(&house.open(&format!("/l/{link}")).await);
    for (name, value) in [("token", token.as_str()), ("code", &code)] {
        let shown = house.form(&format!("/l/{link}/show"), &[(name, value)]).await;
        check(&shown);
        let terms = shown.hidden("terms_hash");
        let fields = [(name, value), ("terms_hash", &terms), ("choice", "approve")];
        check(&house.form(&format!("/l/{link}/do"), &fields).await);
    }
    check(&house.form(&format!("/l/{link}/show?x={}", "1"), &[("token", "wrong")]).await);
    let log = taken();
    assert!(log.contains("\"route\":\"/l/{link}/do\""), "{log}");
    assert!(!log.contains(proof) && !log.contains(&code) && !log.contains(&link), "{log}");
}

#[tokio::test]
async fn the_pages_say_what_they_should() {
    let house = House::furnished(TestDb::sqlite().await).await;
    house.open_case().await;
    let mut pages = Vec::new();
    let mut follow = async |house: &House, name: &str, kind: &str, extra: &[(&str, &str)]| {
        let (link, token) = house.link(name, kind).await;
        let shown = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
        pages.push((format!("{kind}-show"), content(&shown, &link, &token)));
        let mut fields = vec![("token", token.as_str())];
        let terms = if extra.is_empty() { String::new() } else { shown.hidden("terms_hash") };
        if !extra.is_empty() {
            fields.push(("terms_hash", &terms));
        }
        fields.extend(extra);
        let done = house.form(&format!("/l/{link}/do"), &fields).await;
        pages.push((format!("{kind}-done"), content(&done, &link, &token)));
        link
    };
    follow(&house, "Ben Bauer", "ballot_request", &[("choice", "approve")]).await;
    follow(&house, "Dora Dahl", "ballot_request", &[("choice", "approve")]).await;
    follow(&house, "Olga Orlova", "owner_alert", &[]).await;
    let last = follow(&house, "Dora Dahl", "ballot_receipt", &[]).await;
    pages.push(("dead".to_owned(), content(&house.form(&format!("/l/{last}/show"), &[]).await, &last, "")));
    pages.push(("waiting".to_owned(), content(&house.open(&format!("/l/{last}")).await, &last, "")));
    pages.push(("code".to_owned(), content(&house.form(&format!("/l/{last}/code"), &[]).await, &last, "")));
    house.suspend("Ben Bauer", "Dora Dahl").await;
    let (link, token) = house.link("Dora Dahl", "roster_changed").await;
    let shown = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    pages.push(("contest-show".to_owned(), content(&shown, &link, &token)));
    let done = house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    pages.push(("contest-done".to_owned(), content(&done, &link, &token)));
    house.invite("Ben Bauer", "Nora North").await;
    let (link, token) = house.link("Nora North", "invitation").await;
    let shown = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    pages.push(("invitation-show".to_owned(), content(&shown, &link, &token)));
    let done = house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    pages.push(("invitation-done".to_owned(), content(&done, &link, &token)));
    pages.push(("start".to_owned(), content(&house.open("/").await, &last, "")));
    let text: Vec<String> = pages.iter().map(|(name, page)| format!("=== {name}\n{page}")).collect();
    insta::assert_snapshot!("links", text.join("\n\n"));
}

/// The part of the page that differs from page to page, with names in place of ids.
fn content(page: &Reply, link: &str, token: &str) -> String {
    let (_, rest) = page.body.split_once("<main").unwrap();
    let (main, _) = rest.split_once("</main>").unwrap();
    let mut text = main.replace(URL, "URL").replace(link, "LINK");
    if !token.is_empty() {
        text = text.replace(&token.replace(link, "LINK"), "TOKEN");
    }
    let id = page.headers["x-request-id"].to_str().unwrap();
    text.replace(id, "REQUEST").lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
