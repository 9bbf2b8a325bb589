//! A recovery by paper key as people see it: the key, the code, who should own the account, their answer, the case, and the new
//! owner's first passkey, with which they sign in.

use jiff::SignedDuration;
use quorate::jobs::{deadlines, deliver};
use tokio_util::sync::CancellationToken;

use super::{look::look, passkey::device, people::sign_in};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::{
        pages::{
            paper_keys::{confirmed, issued},
            recover::{key_code, link_at},
        },
        site::House,
    },
};

const NORA: &str = "nora@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_a_new_owner() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished_as("recommended", TestDb::sqlite().await).await;
    let site = house.open_the_named_door().await;
    device(&browser).await;
    redeem(&browser, &house, &site).await;

    follow(&browser, &house, &site, "nomination").await;
    look(&browser, "recover-nomination").await;
    browser.click("input[value=accept]").await;
    browser.follow("main button").await;
    look(&browser, "recover-accepted").await;

    sign_in(&browser, &house, &site, "Olga Orlova").await;
    browser.goto(&format!("{site}/accounts/{}/cases", house.account)).await;
    look(&browser, "recover-cases").await;
    browser.follow("main a[href^='/cases/case_']").await;
    look(&browser, "recover-case-waiting").await;
    let case = browser.path().await;
    // Until then, her session has ended too.
    pass(&house, 72).await;
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    browser.goto(&format!("{site}{case}")).await;
    look(&browser, "recover-case-completed").await;
    browser.follow("form.sign-out button").await;

    follow(&browser, &house, &site, "new_owner_welcome").await;
    browser.fill("#name", "Telephone").await;
    look(&browser, "recover-enrol").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at(&format!("/sign-in?next=/accounts/{}/recovery-users&done=passkey-added", house.account)).await;
    look(&browser, "recover-enrolled").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at(&format!("/accounts/{}/recovery-users", house.account)).await;
    look(&browser, "recover-new-keys").await;
    assert!(browser.text("main").await.contains("Rita Rossi"), "{}", browser.text("main").await);
}

/// From the empty form to the key that is used.
async fn redeem(browser: &Browser, house: &House, site: &str) {
    let rita = confirmed(house).await;
    let lines = issued(house, &rita).await;
    browser.goto(&format!("{site}/recover")).await;
    look(browser, "recover").await;
    browser.fill("#line1", &lines[0]).await;
    browser.follow("main button").await;
    look(browser, "recover-wrong").await;
    for (field, line) in ["#line2", "#line3", "#line4"].into_iter().zip(&lines[1..]) {
        browser.fill(field, line).await;
    }
    browser.follow("main button").await;
    look(browser, "recover-code").await;
    browser.fill("#code", &key_code(house).await).await;
    browser.follow("main button").await;
    look(browser, "recover-for").await;
    browser.follow("main button").await;
    look(browser, "recover-for-wrong").await;
    browser.click("input[value=replace]").await;
    browser.fill("#name", "Nora New").await;
    browser.fill("#email", NORA).await;
    browser.fill("#statement", "Olga has died. Nora is her sister, and leads the company now.").await;
    browser.follow("main button").await;
    look(browser, "recover-done").await;
}

/// Opens the link in the newest mail of a kind to Nora.
async fn follow(browser: &Browser, house: &House, site: &str, kind: &str) {
    let (page, token) = link_at(house, NORA, kind).await;
    browser.goto(&format!("{site}{page}#{}", token.split_once('.').unwrap().1)).await;
    browser.until_at("/show").await;
}

/// So many hours pass, and what is due is done.
async fn pass(house: &House, hours: i64) {
    let stop = CancellationToken::new();
    let (app, post) = (&house.site.app, &house.site.post);
    while Box::pin(deliver::deliver(app, post, &stop)).await.unwrap() != deliver::Delivered::default() {}
    app.clock.advance(SignedDuration::from_hours(hours));
    Box::pin(deadlines::sweep(app, &stop)).await.unwrap();
}
