//! Changing one's own name and address by the pages, without script.

use jiff::SignedDuration;

use super::browser::{Browser, to};
use crate::{
    harness::{TestDb, on_both, proof::PASSWORD},
    web::site::{House, address},
};

on_both!(
    a_name_is_changed_from_its_form,
    a_zone_is_chosen_from_a_list,
    an_address_is_changed_in_three_steps,
    what_was_typed_stays,
    who_is_held_is_told_why,
    a_taken_address_looks_the_same,
    a_late_code_leads_back_to_the_form,
);

const NEW: &str = "ben.bauer@new.example";

/// Shows who is there, and gives what comes next.
async fn prove(browser: &Browser<'_>, house: &House, next: &str) -> String {
    house.equip("Ben Bauer").await;
    to(&browser.post("/prove/password", &[("password", PASSWORD), ("next", next)]).await).to_owned()
}

async fn a_name_is_changed_from_its_form(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let page = ben.get("/me").await;
    assert!(page.body.contains("name=\"name\" value=\"Ben Bauer\""), "{}", page.body);
    let changed = ben.post("/me/name", &[("name", "Ben \"B\" <b@b.example>")]).await;
    assert_eq!(to(&changed), "/me?done=name-changed");
    let page = ben.follow(&changed).await;
    assert!(page.body.contains("Your name is changed."), "{}", page.body);
    // Shown so that it can do no harm, and in the form as it was typed.
    assert!(page.body.contains("Ben &#34;B&#34; ‹b at b.\u{2060}example›</dd>"), "{}", page.body);
    assert!(page.body.contains("value=\"Ben &#34;B&#34; &#60;b@b.example&#62;\""), "{}", page.body);
    let empty = ben.post("/me/name", &[("name", " ")]).await;
    assert!(empty.status == 422 && empty.body.contains("id=\"name-wrong\""), "{}", empty.body);
    assert_eq!(to(&ben.get("/me/name").await), "/me");
}

async fn a_zone_is_chosen_from_a_list(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let page = ben.get("/me/time-zone").await;
    assert!(page.body.contains("<option selected>UTC</option>"), "{}", page.body);
    let changed = ben.post("/me/time-zone", &[("time_zone", "Pacific/Auckland")]).await;
    assert_eq!(to(&changed), "/me?done=time-zone-changed");
    let page = ben.follow(&changed).await;
    assert!(page.body.contains("Pacific/Auckland <a href=\"/me/time-zone\">"), "{}", page.body);
    assert!(ben.get("/me/time-zone").await.body.contains("<option selected>Pacific/Auckland</option>"));
    let wrong = ben.post("/me/time-zone", &[("time_zone", "Mars/Olympus")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"time_zone-wrong\""), "{}", wrong.body);
}

async fn an_address_is_changed_in_three_steps(test: TestDb) {
    let house = House::furnished(test).await;
    let elsewhere = Browser::of(&house, "Ben Bauer").await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let asked = ben.post("/me/email", &[("email", NEW)]).await;
    assert_eq!(to(&asked), "/me/email/code");
    let first = ben.follow(&asked).await;
    assert_eq!(to(&first), "/prove?next=/me/email/code", "first they show who is there");
    assert_eq!(prove(&ben, &house, "/me/email/code").await, "/me/email/code?done=proven");
    let page = ben.get("/me/email/code").await;
    assert!(page.status == 200 && page.body.contains(NEW) && page.body.contains("one-time-code"), "{}", page.body);
    let wrong = ben.post("/me/email/code", &[("code", "1")]).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("id=\"code-wrong\"") && wrong.body.contains(NEW),
        "{}",
        wrong.body
    );
    let again = ben.post("/me/email", &[("email", &wrong.hidden("email"))]).await;
    assert_eq!(to(&again), "/me/email/code");
    let changed = ben.post("/me/email/code", &[("code", &house.code_at(NEW).await)]).await;
    assert_eq!(to(&changed), "/me?done=address-changed");
    let me = ben.follow(&changed).await;
    assert!(me.body.contains("Your address is changed.") && me.body.contains(NEW), "{}", me.body);
    assert_eq!(to(&elsewhere.get("/me").await), "/sign-in?next=/me&done=session-ended");
    assert_eq!(to(&ben.get("/me/email/code").await), "/prove?next=/me/email/code", "that took the proof with it");
    let account = ben.get(&format!("/accounts/{}", house.account)).await;
    assert!(account.body.contains("Ben Bauer changed their e-mail address."), "{}", account.body);
}

async fn what_was_typed_stays(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let typo = ben.post("/me/email", &[("email", "ben@home")]).await;
    assert_eq!(typo.status, 422);
    for kept in
        ["value=\"ben@home\"", "aria-invalid=\"true\"", "id=\"email-wrong\"", "role=\"alert\"", "href=\"#email\""]
    {
        assert!(typo.body.contains(kept), "{kept}: {}", typo.body);
    }
    let own = address("Ben Bauer");
    let same = ben.post("/me/email", &[("email", &own)]).await;
    assert!(same.status == 422 && same.body.contains("This is your address already"), "{}", same.body);
    for _ in 0..5 {
        ben.post("/me/email", &[("email", NEW)]).await;
    }
    let late = ben.post("/me/email", &[("email", NEW)]).await;
    assert!(late.status == 429 && late.body.contains(&format!("value=\"{NEW}\"")), "{}", late.body);
    assert!(late.body.contains("Enough codes were mailed for now"), "{}", late.body);
    let before = house.mails("Ben Bauer", "proof_code").await;
    assert_eq!(to(&ben.get("/me/email").await), "/me");
    assert_eq!(to(&ben.get("/me/email/code").await), "/prove?next=/me/email/code");
    assert_eq!(house.mails("Ben Bauer", "proof_code").await, before, "opening a page mails nothing");
}

async fn who_is_held_is_told_why(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = Browser::of(&house, "Olga Orlova").await;
    let page = olga.get("/me").await;
    assert!(page.body.contains("because you own the account <strong>Acme Freight</strong>"), "{}", page.body);
    assert!(!page.body.contains("action=\"/me/email\""), "what would be refused is not offered: {}", page.body);
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert!(ben.get("/me").await.body.contains("action=\"/me/email\""));
    house.open_case().await;
    let page = ben.get("/me").await;
    assert!(
        page.body.contains("because you can vote in it") && !page.body.contains("action=\"/me/email\""),
        "{}",
        page.body
    );
    let sent = ben.post("/me/email", &[("email", NEW)]).await;
    assert!(sent.status == 409 && sent.body.contains("role=\"alert\""), "{}", sent.body);
}

async fn a_taken_address_looks_the_same(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    prove(&ben, &house, "/me").await;
    let mut pages = Vec::new();
    for email in [NEW.to_owned(), address("Dora Dahl")] {
        let asked = ben.post("/me/email", &[("email", &email)]).await;
        let shown = ben.follow(&asked).await;
        let wrong = ben.post("/me/email/code", &[("code", "1")]).await;
        pages.push([to(&asked), &shown.body, &wrong.body].concat().replace(&email, ""));
    }
    assert_eq!(pages[0], pages[1]);
}

async fn a_late_code_leads_back_to_the_form(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    ben.post("/me/email", &[("email", NEW)]).await;
    let code = house.code_at(NEW).await;
    house.site.app.clock.advance(SignedDuration::from_mins(10));
    prove(&ben, &house, "/me/email/code").await;
    let late = ben.post("/me/email/code", &[("code", &code)]).await;
    assert!(late.status == 422 && late.body.contains("ask for a new one"), "{}", late.body);
    assert!(late.body.contains("action=\"/me/email\"") && late.body.contains("href=\"#email\""), "{}", late.body);
    assert_eq!(to(&ben.get("/me/email/code").await), "/me", "who has asked for none begins anew");
}
