//! A person's password as they see it: setting it, what is wrong with one, showing it, signing in with it, removing it.

use jiff::SignedDuration;

use super::{look::look, people::sign_in};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::{House, address},
};

const PASSWORD: &str = "tractor-violet-armchair";

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_set_shown_used_and_removed() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::moved_in("single-owner", TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    browser.goto(&format!("{site}/me")).await;
    look(&browser, "password-none").await;

    browser.follow("a[href='/me/password']").await;
    look(&browser, "password-prove-by-code").await;
    // Mails stand in the order of their ids, which is that of time to the millisecond.
    house.site.app.clock.advance(SignedDuration::from_millis(1));
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Ben Bauer").await).await;
    browser.follow("main form button").await;
    look(&browser, "password-set").await;
    browser.fill("#password", "password1234").await;
    browser.follow("main button").await;
    look(&browser, "password-wrong").await;
    assert_eq!(browser.run("return document.querySelector('#password').value").await, "", "no page gives it back");
    browser.fill("#password", PASSWORD).await;
    browser.follow("main button").await;
    look(&browser, "password-is-set").await;
    assert!(browser.text("main").await.contains("Your password is set."), "{}", browser.text("main").await);

    browser.goto(&format!("{site}/prove?next=/me")).await;
    look(&browser, "password-prove").await;
    browser.fill("#password", "not-this-one-at-all").await;
    browser.follow("form[action='/prove/password'] button").await;
    look(&browser, "password-prove-wrong").await;
    browser.fill("#password", PASSWORD).await;
    browser.follow("form[action='/prove/password'] button").await;
    assert!(browser.path().await.starts_with("/me"), "{}", browser.path().await);

    browser.follow("form.sign-out button").await;
    browser.goto(&format!("{site}/sign-in")).await;
    browser.click("summary").await;
    look(&browser, "sign-in-password").await;
    browser.fill("#with-email", &address("Ben Bauer")).await;
    browser.fill("#password", "not-this-one-at-all").await;
    browser.follow("form[action='/sign-in/password'] button").await;
    look(&browser, "sign-in-password-wrong").await;
    browser.fill("#password", PASSWORD).await;
    browser.follow("form[action='/sign-in/password'] button").await;
    assert_eq!(browser.path().await, "/", "{}", browser.text("body").await);

    browser.goto(&format!("{site}/me/password/remove")).await;
    look(&browser, "password-remove").await;
    browser.follow("main form button").await;
    look(&browser, "password-removed").await;
    assert!(browser.text("main").await.contains("Set a password"), "{}", browser.text("main").await);
}
