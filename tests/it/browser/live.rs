//! The page of a case keeps itself true while it is open.

use serde_json::json;

use super::{look::look, people::sign_in};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::House,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_shows_a_vote_without_being_asked() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let case = house.open_case().await;
    sign_in(&browser, &house, &site, "Cleo Costa").await;
    browser.goto(&format!("{site}/cases/{case}")).await;
    browser.run("document.querySelector('.acts a').focus(); document.querySelector('details').open = true").await;
    let (focus, before) = (browser.focus().await, count(&browser).await);

    let ben = vote(&house, &case, "Ben Bauer", "approve").await;
    let until_different = format!(
        "const done = arguments[0], look = () =>
            document.querySelector('#count + p').textContent === '{before}' ? setTimeout(look, 20) : done(true);
         look()"
    );
    browser.wait_for(&until_different).await;
    assert_eq!(browser.focus().await, focus, "what had the focus keeps it");
    assert_eq!(browser.run("return document.querySelector('details').open").await, true, "what was opened stays open");
    let told = browser.run("return document.getElementById('live').textContent").await;
    assert!(told.as_str().unwrap().contains(&count(&browser).await), "a screen reader says it: {told}");
    look(&browser, "case-live").await;

    // Who was signed out elsewhere is not left with what they may not see any more.
    let cleo = house.sign_in("Cleo Costa").await;
    let sessions = house.call("GET", "/v1/me/sessions", &cleo, None).await.json();
    // The newest comes first, and is the one that ends the others.
    for session in sessions["items"].as_array().unwrap().iter().rev() {
        let path = format!("/v1/me/sessions/{}", session["id"].as_str().unwrap());
        house.call("DELETE", &path, &cleo, None).await;
    }
    cast(&house, &case, &ben, "reject").await;
    browser.until_at(&format!("/sign-in?next=/cases/{case}&done=session-ended")).await;
}

async fn count(browser: &Browser) -> String {
    browser.text("#count + p").await
}

/// Says whose session it was.
async fn vote(house: &House, case: &str, name: &str, choice: &str) -> String {
    let token = house.proven(name).await;
    cast(house, case, &token, choice).await;
    token
}

async fn cast(house: &House, case: &str, token: &str, choice: &str) {
    let shown = house.call("GET", &format!("/v1/cases/{case}"), token, None).await.json();
    let ballot = json!({"choice": choice, "terms_hash": shown["terms_hash"]});
    let sent = house.call("PUT", &format!("/v1/cases/{case}/ballot"), token, Some(ballot)).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
}
