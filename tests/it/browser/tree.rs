//! The account tree in a browser: a child is created, and the account is suspended and closed, each page looked at; and the
//! same without a mouse and without script.

use super::{
    keyboard::tab_to,
    look::look,
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
        webdriver::ENTER,
    },
    web::{
        pages::tree::rita,
        site::{House, address},
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn each_page_of_it_is_looked_at() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let account = rita(&house, "multi-owner").await;
    house.equip("Rita Rossi").await;
    sign_in(&browser, &house, &site, "Rita Rossi").await;
    let home = format!("{site}/accounts/{account}");
    browser.goto(&home).await;
    look(&browser, "tree-home-empty").await;
    browser.goto(&format!("{home}/children")).await;
    look(&browser, "tree-children-empty").await;
    browser.goto(&format!("{home}/children/new")).await;
    look(&browser, "tree-child-new").await;
    browser.run("document.querySelector('#owner_email').value = 'nils@'").await;
    browser.follow("main form button").await;
    look(&browser, "tree-child-wrong").await;
    assert_eq!(browser.run("return document.querySelector('#owner_email').value").await, "nils@", "it stays");
    browser.run("document.querySelector('#owner_email').value = ''").await;
    browser.fill("#owner_email", &address("Nils Nilsen")).await;
    browser.fill("#name", "Laboratory").await;
    browser.fill("#reference", "P-17").await;
    browser.follow("main form button").await;
    look(&browser, "tree-home").await;
    assert!(browser.text("main").await.contains("Laboratory"), "{}", browser.text("main").await);
    browser.goto(&format!("{home}/children")).await;
    look(&browser, "tree-children").await;

    browser.goto(&format!("{home}/status/suspend")).await;
    prove(&browser).await;
    look(&browser, "tree-suspend").await;
    browser.follow("main form button").await;
    look(&browser, "tree-suspended").await;
    assert!(browser.text("main").await.contains("This account is suspended."), "{}", browser.text("main").await);
    browser.goto(&format!("{home}/status/close")).await;
    look(&browser, "tree-close").await;
    browser.follow("main form button").await;
    look(&browser, "tree-closing").await;
    browser.goto(&format!("{home}/status/suspend")).await;
    look(&browser, "tree-refused").await;
    browser.goto(&format!("{home}/children/new")).await;
    look(&browser, "tree-child-while-closing").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mouse() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let account = rita(&house, "multi-owner").await;
    house.equip("Rita Rossi").await;
    sign_in(&browser, &house, &site, "Rita Rossi").await;
    browser.goto(&format!("{site}/accounts/{account}/children/new")).await;
    tab_to(&browser, "Name").await;
    browser.press("Laboratory").await;
    tab_to(&browser, "Create").await;
    browser.send(ENTER).await;
    assert!(browser.path().await.contains("done=child-owned"), "{}", browser.path().await);
    tab_to(&browser, "Close the account").await;
    browser.send(ENTER).await;
    prove(&browser).await;
    tab_to(&browser, "Close the account").await;
    browser.send(ENTER).await;
    assert!(browser.text("main").await.contains("being closed"), "{}", browser.text("main").await);
    tab_to(&browser, "Keep the account open").await;
    browser.send(ENTER).await;
    tab_to(&browser, "Keep the account open").await;
    browser.send(ENTER).await;
    assert!(browser.path().await.contains("done=account-kept"), "{}", browser.path().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script() {
    let Some(browser) = Browser::open(Script::Off).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let account = rita(&house, "multi-owner").await;
    house.equip("Rita Rossi").await;
    browser.goto(&format!("{site}/sign-in?next=/accounts/{account}/children/new")).await;
    browser.fill("#email", &address("Rita Rossi")).await;
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Rita Rossi").await).await;
    browser.follow("main form button").await;
    browser.fill("#name", "Laboratory").await;
    browser.follow("main form button").await;
    assert!(browser.path().await.contains("done=child-owned"), "{}", browser.path().await);
    browser.goto(&format!("{site}/accounts/{account}/status/suspend")).await;
    prove(&browser).await;
    browser.follow("main form button").await;
    assert!(browser.path().await.contains("done=account-suspended"), "{}", browser.path().await);
}
