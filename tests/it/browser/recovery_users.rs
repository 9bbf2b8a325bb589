//! Recovery users in a browser: an owner chooses one, who confirms the address by the link in the mail.

use super::{
    look::look,
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::{pages::recovery_users::link, site::House},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_chooses_a_recovery_user() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished_as("recommended", TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    sign_in(&browser, &house, &site, "Olga Orlova").await;
    let page = format!("{site}/accounts/{}/recovery-users", house.account);
    browser.goto(&page).await;
    look(&browser, "recovery-users-none").await;
    let choose = "main form[action$='/recovery-users'] button";
    browser.fill("#name", "Rita Rossi").await;
    browser.fill("#email", "rita@example.net").await;
    browser.fill("#second", "rita").await;
    browser.follow(choose).await;
    look(&browser, "recovery-users-wrong").await;
    browser.run("document.querySelector('#second').value = 'rita@example.com'").await;
    browser.follow(choose).await;
    prove(&browser).await;
    browser.follow(choose).await;
    browser.until_at("?done=recovery-user-added").await;
    look(&browser, "recovery-users").await;

    let (address, token) = link(&house, "rita@example.net").await;
    browser.goto(&format!("{site}{address}#{}", token.split_once('.').unwrap().1)).await;
    browser.until_at("/show").await;
    look(&browser, "recovery-address").await;
    browser.follow("main button").await;
    look(&browser, "recovery-address-confirmed").await;
    assert_eq!(browser.text("h1").await, "Your address is confirmed");

    browser.goto(&page).await;
    look(&browser, "recovery-users-one-confirmed").await;
    browser.follow("main a[href$='/remove']").await;
    look(&browser, "recovery-user-remove").await;
    browser.follow("main form button").await;
    assert_eq!(browser.text("#chosen + *").await, "Nobody is chosen yet.");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_confirmed_without_script() {
    let Some(browser) = Browser::open(Script::Off).await else { return };
    let mut house = House::furnished_as("recommended", TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    crate::web::pages::recovery_users::chosen(&house, &["rita@example.net"]).await;
    let (address, token) = link(&house, "rita@example.net").await;
    browser.goto(&format!("{site}{address}#{}", token.split_once('.').unwrap().1)).await;
    browser.follow(".by-code button").await;
    browser.fill("#code", &house.code_at("rita@example.net").await).await;
    browser.follow("main form button").await;
    assert_eq!(browser.text("h1").await, "Confirm your recovery address?");
    browser.follow("main button").await;
    assert_eq!(browser.text("h1").await, "Your address is confirmed");
}
