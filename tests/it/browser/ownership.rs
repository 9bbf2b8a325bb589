//! Members and ownership as people see them, from an invitation to the acceptance of an offer: each page is looked at.

use super::{
    look::look,
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::{House, address},
};

#[tokio::test(flavor = "multi_thread")]
async fn members_and_owners_from_page_to_page() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished_as("multi-owner", TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let account = format!("{site}/accounts/{}", house.account);
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    browser.goto(&format!("{account}/members")).await;
    look(&browser, "members").await;
    browser.follow("form[action$='/members'] button").await;
    look(&browser, "members-wrong").await;
    browser.fill("#name", "Emil Ek").await;
    browser.fill("#email", &address("Emil Ek")).await;
    browser.fill("#role", "User").await;
    browser.follow("form[action$='/members'] button").await;
    look(&browser, "members-invited").await;
    let emil = format!("{account}/members/{}", house.user("Emil Ek").await);
    browser.goto(&emil).await;
    look(&browser, "member").await;
    browser.fill("#role", "Administrator").await;
    browser.follow("main form button").await;
    look(&browser, "member-role").await;
    browser.follow("main form button").await;
    look(&browser, "member-role-changed").await;
    browser.goto(&format!("{account}/members/{}", house.user("Olga Orlova").await)).await;
    look(&browser, "member-owner").await;
    browser.goto(&format!("{account}/owners")).await;
    look(&browser, "owners-for-administrators").await;
    browser.follow(".sign-out button").await;

    sign_in(&browser, &house, &site, "Olga Orlova").await;
    browser.goto(&format!("{account}/owners")).await;
    look(&browser, "owners").await;
    browser.follow("button[value=transfer]").await;
    look(&browser, "owners-wrong").await;
    browser.fill("#user", "Cleo").await;
    browser.follow("button[value=transfer]").await;
    prove(&browser).await;
    look(&browser, "transfer-offer").await;
    browser.follow("main form button").await;
    look(&browser, "owners-offered").await;
    browser.follow("a[href^='/transfers/']").await;
    look(&browser, "transfer-owner").await;
    let offer = browser.path().await;
    browser.goto(&format!("{site}{offer}/cancel")).await;
    look(&browser, "transfer-cancel").await;
    browser.goto(&format!("{account}/members/{}/suspend", house.user("Dora Dahl").await)).await;
    look(&browser, "member-suspend").await;

    let (link, token) = house.link("Cleo Costa", "transfer_request").await;
    browser.goto(&format!("{site}/l/{link}#{}", token.split_once('.').unwrap().1)).await;
    browser.until_at("/show").await;
    look(&browser, "link-transfer").await;
    browser.goto(&format!("{site}/")).await;
    browser.follow(".sign-out button").await;

    sign_in(&browser, &house, &site, "Cleo Costa").await;
    look(&browser, "home-offer").await;
    browser.follow("a[href^='/transfers/']").await;
    look(&browser, "transfer-member").await;
    browser.follow("a[href$='/accept']").await;
    prove(&browser).await;
    look(&browser, "transfer-accept").await;
    browser.follow("main form button").await;
    look(&browser, "transfer-accepted").await;
    assert!(browser.text("h1").await.contains("transferred"), "{}", browser.text("main").await);
    browser.goto(&format!("{account}/owners")).await;
    look(&browser, "owners-primary").await;
    assert_eq!(house.owners().await, ["Cleo Costa"]);
}

/// Without script, the link of an offer takes a code, and one of two answers.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_declined_without_script() {
    let Some(browser) = Browser::open(Script::Off).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    house.offer("Cleo Costa").await;
    let (link, token) = house.link("Cleo Costa", "transfer_request").await;
    browser.goto(&format!("{site}/l/{link}#{}", token.split_once('.').unwrap().1)).await;
    browser.follow(".by-code button").await;
    browser.fill("#code", &house.code("Cleo Costa").await).await;
    browser.follow("main form button").await;
    browser.click("input[value=decline]").await;
    browser.follow("main button").await;
    assert_eq!(browser.text("h1").await, "You have declined");
    assert_eq!(house.owners().await, ["Olga Orlova"]);
}
