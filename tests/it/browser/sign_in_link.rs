//! The link of the mail that one asked for, as it is opened: by the script of its page, and cut short.

use super::look::look;
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::{House, address},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_by_the_link() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    browser.goto(&format!("{site}/sign-in")).await;
    browser.fill("#email", &address("Ben Bauer")).await;
    browser.follow("main button").await;
    let (request, token) = house.sign_in_link("Ben Bauer").await;
    let page = format!("{site}/sign-in/link/{request}");
    browser.goto(&page).await;
    look(&browser, "sign-in-link-cut").await;
    // The whole of it, in the same tab.
    browser.goto(&format!("{page}#{}", token.split_once('.').unwrap().1)).await;
    browser.until_at("/show").await;
    look(&browser, "sign-in-link").await;
    let shown = browser.text("main").await;
    assert!(shown.contains(&address("Ben Bauer")), "{shown}");
    browser.follow("main button").await;
    assert_eq!(browser.path().await, "/", "{}", browser.text("body").await);
    // It works once, and says so.
    browser.goto("about:blank").await;
    browser.goto(&format!("{page}#{}", token.split_once('.').unwrap().1)).await;
    browser.until_at("/show").await;
    look(&browser, "sign-in-link-dead").await;
}
