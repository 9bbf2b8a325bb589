//! The first page, the page of an account, and the page about oneself.

use super::browser::{Browser, to};
use crate::{
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(people_find_what_waits_for_them, an_account_shows_its_people, sessions_are_ended_from_their_page);

async fn people_find_what_waits_for_them(test: TestDb) {
    let house = House::furnished(test).await;
    let dora = Browser::of(&house, "Dora Dahl").await;
    let quiet = dora.get("/").await;
    assert!(quiet.body.contains("Acme Freight") && !quiet.body.contains("waits for your vote"), "{}", quiet.body);
    let case = house.open_case().await;
    let waiting = dora.get("/").await;
    assert!(waiting.body.contains(&format!("href=\"/cases/{case}\"")), "{}", waiting.body);
    assert!(waiting.body.contains("waits for your vote") && waiting.body.contains("1 open case"), "{}", waiting.body);
    let olga = Browser::of(&house, "Olga Orlova").await;
    let warned = olga.get("/").await;
    assert!(warned.body.contains("you can object") && warned.body.contains(">owner<"), "{}", warned.body);

    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    let shown = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    let ballot = [("token", token.as_str()), ("terms_hash", &shown.hidden("terms_hash")), ("choice", "approve")];
    assert_eq!(house.form(&format!("/l/{link}/do"), &ballot).await.status, 200);
    assert!(dora.get("/").await.body.contains("you have voted"));
}

async fn an_account_shows_its_people(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}", house.account);
    let page = ben.get(&path).await;
    for words in [
        "<h1>Acme Freight</h1>",
        "olga@acme.example",
        "No case is open",
        "Open a recovery case",
        "More than half of the administrators with standing must approve, with at least 1 approval.",
        "Dora Dahl accepted the invitation.",
        "<time datetime=\"2026-",
        "aria-current=\"page\">Acme Freight<",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let case = house.open_case().await;
    let busy = ben.get(&path).await;
    assert!(busy.body.contains(&format!("href=\"/cases/{case}\"")), "{}", busy.body);
    assert!(busy.body.contains("<strong>0</strong> of 2 approvals"), "{}", busy.body);
    assert!(busy.body.contains("Ben Bauer opened a recovery case that would make Cleo Costa owner."), "{}", busy.body);
    let olga = Browser::of(&house, "Olga Orlova").await;
    assert!(!olga.get(&path).await.body.contains("cases/new"), "an owner acts, and opens no case");
}

async fn sessions_are_ended_from_their_page(test: TestDb) {
    let house = House::furnished(test).await;
    let here = Browser::of(&house, "Olga Orlova").await;
    let there = Browser::of(&house, "Olga Orlova").await;
    let page = here.get("/me").await;
    assert!(page.body.contains("olga@acme.example") && page.body.contains("this browser"), "{}", page.body);
    let (_, rest) = page.body.split_once("action=\"/me/sessions/").unwrap();
    let session = rest.split('/').next().unwrap();
    let path = format!("/me/sessions/{session}/end");
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert_eq!(ben.post(&path, &[]).await.status, 404);
    assert_eq!(there.get("/me").await.status, 200);
    let ended = here.post(&path, &[]).await;
    assert_eq!(to(&ended), "/me?done=session-closed");
    assert!(here.follow(&ended).await.body.contains("The session is ended."));
    assert_eq!(to(&there.get("/me").await), "/sign-in?next=/me&done=session-ended");
}
