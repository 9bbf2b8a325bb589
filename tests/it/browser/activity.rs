//! The activity log in a browser: looking for some of it, with and without a mouse, and what was typed wrongly.

use quorate::jobs::seal::sweep;
use tokio_util::sync::CancellationToken;

use super::{keyboard::tab_to, look::look, people::sign_in};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
        webdriver::{ENTER, SPACE},
    },
    web::activity::filters::eventful,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_looks_through_the_log() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let (mut house, _) = eventful(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    browser.goto(&format!("{site}/accounts/{}", house.account)).await;
    browser.follow("section[aria-labelledby=recent] a").await;
    look(&browser, "activity").await;
    sweep(&house.site.app, &CancellationToken::new()).await.unwrap();
    browser.goto(&format!("{site}{}", browser.path().await)).await;
    browser.run("document.querySelector('section[aria-labelledby=sealed] details').open = true").await;
    look(&browser, "activity-sealed").await;
    let path = browser.path().await;
    browser.follow("a[rel=next]").await;
    assert!(browser.text("#entries + ol, .entries").await.contains("No. "));
    look(&browser, "activity-older").await;
    browser.follow("a[rel=prev]").await;

    // Without a mouse.
    browser.goto(&format!("{site}{path}#look")).await;
    tab_to(&browser, "Owners and transfers").await;
    browser.press(SPACE).await;
    tab_to(&browser, "Whom it concerns").await;
    browser.press("dora@acme.example").await;
    tab_to(&browser, "Look").await;
    browser.send(ENTER).await;
    let shown = browser.text("main").await;
    assert!(shown.contains("made Dora Dahl an owner") && shown.contains("Concerns Dora Dahl"), "{shown}");
    browser.run("document.querySelector('.entries details').open = true").await;
    look(&browser, "activity-some").await;
    browser.follow(".chip").await;
    assert!(!browser.path().await.contains("topic"), "{}", browser.path().await);

    browser.goto(&format!("{site}{path}?topic=webhooks&until=2001-01-01")).await;
    look(&browser, "activity-none").await;
    browser.goto(&format!("{site}{path}?person=nobody@example.org&from=22.11.2026")).await;
    look(&browser, "activity-wrong").await;
}
