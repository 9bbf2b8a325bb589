//! The page of an account's readiness as people see it: as things stand, without some people, and with the weekly mail off.

use super::{
    look::look,
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::House,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_thinks_people_away_and_turns_the_mail_off() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    sign_in(&browser, &house, &site, "Olga Orlova").await;
    browser.goto(&format!("{site}/accounts/{}", house.account)).await;
    look(&browser, "account-readiness").await;
    browser.follow("section[aria-labelledby=readiness] p a").await;
    look(&browser, "readiness").await;
    let path = browser.path().await;
    browser.click("input[name=without]").await;
    browser.follow("form[method=get] button").await;
    look(&browser, "readiness-without").await;
    let then = browser.text("#then").await;
    assert!(then.contains("If Olga Orlova left for good") && then.contains("No owner"), "{then}");

    browser.follow("form[action$='/digest'] button").await;
    look(&browser, "readiness-prove").await;
    prove(&browser).await;
    assert!(browser.path().await.starts_with(&path), "{}", browser.path().await);
    browser.follow("form[action$='/digest'] button").await;
    look(&browser, "readiness-mail-off").await;
    assert!(browser.text("main").await.contains("An owner has turned it off"), "{}", browser.text("main").await);
}
