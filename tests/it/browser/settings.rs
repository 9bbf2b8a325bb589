//! The pages of the policy and of the settings as a browser shows them, in the service's colour and in an account's own.

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

/// Shows that it is them with the code that is in the mailbox, and comes back.
/// Types over what stands in a control.
async fn retype(browser: &Browser, css: &str, text: &str) {
    browser.run(&format!("document.querySelector('{css}').value = ''")).await;
    browser.fill(css, text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_changes_the_policy_and_the_settings() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    sign_in(&browser, &house, &site, "Olga Orlova").await;
    let account = format!("{site}/accounts/{}", house.account);
    for (page, name) in [("/policy", "policy"), ("/policy/change", "policy-change"), ("/settings", "settings")] {
        browser.goto(&format!("{account}{page}")).await;
        look(&browser, name).await;
    }

    browser.goto(&format!("{account}/policy/change")).await;
    retype(&browser, "#waiting_period", "soon").await;
    browser.follow("main form button").await;
    look(&browser, "policy-change-wrong").await;
    retype(&browser, "#waiting_period", "48 hours").await;
    browser.follow("main form button").await;
    look(&browser, "policy-review").await;
    browser.follow("main form button").await;
    prove(&browser).await;
    assert_eq!(browser.text("h1").await, "What would change", "proving leads back to what was typed");
    browser.follow("main form button").await;
    look(&browser, "policy-waiting").await;
    browser.goto(&format!("{account}/policy/cancel")).await;
    look(&browser, "policy-cancel").await;
    browser.follow("main form button").await;

    // A colour on which neither of our own accents could be read.
    browser.goto(&format!("{account}/settings")).await;
    retype(&browser, "#name", "Acme & Sons").await;
    retype(&browser, "#colour", "#ffcc00").await;
    browser.follow("main form button").await;
    retype(&browser, "#domain", "acme.example").await;
    browser.follow("section[aria-labelledby=domains] > form button").await;
    look(&browser, "settings-branded").await;
    for (page, name) in [("", "account-branded"), ("/policy/change", "policy-change-branded")] {
        browser.goto(&format!("{account}{page}")).await;
        look(&browser, name).await;
    }
    browser.goto(&format!("{account}/settings")).await;
    retype(&browser, "#colour", "yellow").await;
    browser.follow("main form button").await;
    look(&browser, "settings-wrong").await;
}
