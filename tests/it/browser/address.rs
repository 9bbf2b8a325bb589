//! Changing one's own name and address in a browser: looked at, without a mouse, and without script.

use super::{
    keyboard::tab_to,
    look::look,
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
        proof::PASSWORD,
        webdriver::ENTER,
    },
    web::site::{House, address},
};

const NEW: &str = "ben.bauer@new.example";

/// The code in the newest mail of that kind. The clock stands still, so mails of several kinds have no order.
async fn code(house: &House, email: &str, kind: &str) -> String {
    let (_, text) = house.mail_at(email, kind).await.unwrap();
    let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    text.split_whitespace().find(is_code).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_of_it_is_looked_at() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    browser.goto(&format!("{site}/me")).await;
    browser.fill("#email", "ben@home").await;
    browser.follow("form[action='/me/email'] button").await;
    look(&browser, "me-wrong").await;
    let said = browser.run("return document.activeElement.textContent").await;
    assert!(said.as_str().unwrap().contains("not an e-mail address"), "what is wrong has the focus: {said}");
    assert_eq!(browser.run("return document.querySelector('#email').value").await, "ben@home", "it stays");
    browser.run("document.querySelector('#email').value = ''").await;
    browser.fill("#email", NEW).await;
    browser.follow("form[action='/me/email'] button").await;
    assert_eq!(browser.path().await, "/prove?next=/me/email/code");
    prove(&browser).await;
    look(&browser, "me-address-code").await;
    browser.fill("#code", "00000000").await;
    browser.follow("main form button").await;
    look(&browser, "me-address-code-wrong").await;
    browser.fill("#code", &code(&house, NEW, "email_code").await).await;
    browser.follow("main form button").await;
    look(&browser, "me-address-changed").await;
    let shown = browser.text("main").await;
    assert!(shown.contains("Your address is changed.") && shown.contains(NEW), "{shown}");
    // While a case is open, the page says why there is no form.
    house.open_case_by("Dora Dahl").await;
    browser.goto(&format!("{site}/me")).await;
    look(&browser, "me-held").await;
    assert!(browser.text("main").await.contains("while a recovery case is open"), "{}", browser.text("main").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mouse() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    browser.goto(&format!("{site}/me")).await;
    tab_to(&browser, "New name").await;
    browser.press(" the Younger").await;
    browser.send(ENTER).await;
    assert!(browser.path().await.starts_with("/me?done=name-changed"), "{}", browser.path().await);
    assert!(browser.text("main").await.contains("the Younger"), "{}", browser.text("main").await);
    tab_to(&browser, "New e-mail address").await;
    browser.press(NEW).await;
    tab_to(&browser, "Mail me a code there").await;
    browser.send(ENTER).await;
    assert_eq!(browser.focus().await, "Your password", "the page begins where one types");
    browser.press(PASSWORD).await;
    browser.send(ENTER).await;
    assert_eq!(browser.focus().await, "Code");
    browser.press(&code(&house, NEW, "email_code").await).await;
    tab_to(&browser, "Change my address").await;
    browser.send(ENTER).await;
    assert!(browser.text("main").await.contains(NEW), "{}", browser.text("main").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script() {
    let Some(browser) = Browser::open(Script::Off).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    browser.goto(&format!("{site}/sign-in?next=/me")).await;
    browser.fill("#email", &address("Ben Bauer")).await;
    browser.follow("main button").await;
    browser.fill("#code", &code(&house, &address("Ben Bauer"), "sign_in_code").await).await;
    browser.follow("main form button").await;
    browser.fill("#email", NEW).await;
    browser.follow("form[action='/me/email'] button").await;
    prove(&browser).await;
    browser.fill("#code", &code(&house, NEW, "email_code").await).await;
    browser.follow("main form button").await;
    assert_eq!(browser.path().await, "/me?done=address-changed");
    assert!(browser.text("main").await.contains(NEW), "{}", browser.text("main").await);
}
