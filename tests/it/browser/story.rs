//! A recovery as people see it, from the first page to the veto: each page is looked at.

use super::{
    look::look,
    people::{prove, sign_in, vote_by_link},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::House,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_case_from_its_opening_to_the_veto() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    browser.goto(&site).await;
    look(&browser, "start").await;
    let code_page = sign_in(&browser, &house, &site, "Ben Bauer").await;
    assert!(code_page.contains("Type the code"), "{code_page}");
    look(&browser, "home").await;
    for (page, name) in
        [("/me", "me"), ("/mailbox", "mailbox"), ("/docs/problems", "problems"), ("/nowhere", "not-found")]
    {
        browser.goto(&format!("{site}{page}")).await;
        look(&browser, name).await;
    }
    let account = format!("{site}/accounts/{}", house.account);
    for (page, name) in [("", "account"), ("/roster", "roster"), ("/cases", "cases-none"), ("/cases/new", "case-new")] {
        browser.goto(&format!("{account}{page}")).await;
        look(&browser, name).await;
    }

    // Without an answer, the page says what is missing; with all, it shows what would happen.
    browser.follow("button[value=review]").await;
    look(&browser, "case-new-wrong").await;
    browser.fill("#nominee", "Cleo").await;
    browser.fill("#statement", "Olga left in September, and does not answer.").await;
    browser.follow("button[value=review]").await;
    look(&browser, "case-review").await;
    browser.follow("button[value=open]").await;
    look(&browser, "case-collecting").await;
    let case = browser.path().await;
    let case = format!("{site}{}", case.split('?').next().unwrap());
    assert!(case.contains("/cases/case_"), "{case}");

    browser.goto(&format!("{case}/vote")).await;
    prove(&browser).await;
    look(&browser, "case-vote").await;
    browser.click("input[value=approve]").await;
    browser.follow("main button").await;
    look(&browser, "case-voted").await;
    for page in ["ballot/take-back", "withdraw"] {
        browser.goto(&format!("{case}/{page}")).await;
        look(&browser, &format!("case-{}", page.replace('/', "-"))).await;
    }
    browser.goto(&format!("{account}/cases")).await;
    look(&browser, "cases-one").await;

    vote_by_link(&browser, &house, &site, "Dora Dahl", "approve").await;
    browser.goto(&case).await;
    look(&browser, "case-waiting").await;
    signing_out_leaves_nothing_behind(&browser, &case).await;

    object(&browser, &house, &site, &case).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_and_a_contested_removal() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    house.invite("Ben Bauer", "Emil Ek").await;
    let (link, token) = house.link("Emil Ek", "invitation").await;
    browser.goto(&format!("{site}/l/{link}")).await;
    look(&browser, "link-cut").await;
    browser.follow(".by-code button").await;
    look(&browser, "link-code").await;
    let whole = format!("{site}/l/{link}#{}", token.split_once('.').unwrap().1);
    browser.goto(&whole).await;
    browser.until_at("/show").await;
    look(&browser, "link-invitation").await;
    browser.follow("main button").await;
    look(&browser, "link-accepted").await;
    browser.goto(&whole).await;
    browser.until_at("/show").await;
    look(&browser, "link-used").await;

    house.suspend("Ben Bauer", "Dora Dahl").await;
    sign_in(&browser, &house, &site, "Cleo Costa").await;
    browser.goto(&format!("{site}/accounts/{}/roster", house.account)).await;
    look(&browser, "roster-removal").await;
    browser.follow("a[href$='/contest']").await;
    look(&browser, "roster-contest").await;
    browser.follow("main button").await;
    look(&browser, "roster-contested").await;
    assert!(browser.text("main").await.contains("contested"), "{}", browser.text("main").await);
}

async fn signing_out_leaves_nothing_behind(browser: &Browser, case: &str) {
    browser.follow(".sign-out button").await;
    look(browser, "signed-out").await;
    browser.back().await;
    let shown = browser.text("body").await;
    assert!(!shown.contains("Cleo") && !shown.contains("Acme"), "the back button shows what was closed: {shown}");
    browser.goto(case).await;
    assert!(browser.path().await.starts_with("/sign-in?next=/cases/"), "{}", browser.path().await);
}

/// The owner stops the clock by the link in their warning, and then ends the case after they have shown who they are.
async fn object(browser: &Browser, house: &House, site: &str, case: &str) {
    let (link, token) = house.link("Olga Orlova", "owner_alert").await;
    browser.goto(&format!("{site}/l/{link}#{}", token.split_once('.').unwrap().1)).await;
    browser.until_at("/show").await;
    look(browser, "link-pause").await;
    browser.follow("main button").await;
    look(browser, "link-paused").await;

    sign_in(browser, house, site, "Olga Orlova").await;
    look(browser, "home-owner").await;
    browser.goto(case).await;
    look(browser, "case-paused-owner").await;
    browser.goto(&format!("{case}/veto")).await;
    if browser.path().await.starts_with("/cases/") {
        look(browser, "case-veto").await;
        browser.follow("main button").await;
    }
    look(browser, "prove").await;
    prove(browser).await;
    look(browser, "case-veto-proven").await;
    browser.follow("main button").await;
    look(browser, "case-vetoed").await;
    assert!(browser.text("main").await.contains("veto"), "{}", browser.text("main").await);
}
