//! A person's passkeys as they see them, with an authenticator that the browser plays: adding one, showing it, signing in with
//! it, renaming it, removing it, and what is said when it does not work.

use jiff::SignedDuration;
use serde_json::json;

use super::{look::look, people::sign_in};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::{House, address},
};

/// Gives the browser a device with passkeys; says which.
pub async fn device(browser: &Browser) -> String {
    browser.devtools("WebAuthn.enable", json!({})).await;
    let options = json!({"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    }});
    let device = browser.devtools("WebAuthn.addVirtualAuthenticator", options).await;
    device["authenticatorId"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_shown_used_and_removed() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::moved_in("single-owner", TestDb::sqlite().await).await;
    let site = house.open_the_named_door().await;
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    let device = device(&browser).await;
    browser.goto(&format!("{site}/me")).await;
    look(&browser, "passkey-none").await;

    browser.follow("a[href='/me/devices/add']").await;
    // Mails stand in the order of their ids, which is that of time to the millisecond.
    house.site.app.clock.advance(SignedDuration::from_millis(1));
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Ben Bauer").await).await;
    browser.follow("main form button").await;
    browser.fill("#name", "Telephone").await;
    look(&browser, "passkey-add").await;
    // Whoever does not touch the device is told, and begins again.
    verifies(&browser, &device, "somebody else").await;
    browser.click("form[data-passkey] button").await;
    said(&browser, "Nothing was chosen").await;
    look(&browser, "passkey-add-not").await;
    verifies(&browser, &device, "its holder").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at("/me?done=passkey-added").await;
    look(&browser, "passkey-added").await;
    assert!(browser.text("main").await.contains("Telephone"), "{}", browser.text("main").await);

    // The same device makes no second one.
    browser.goto(&format!("{site}/me/devices/add")).await;
    browser.fill("#name", "Again").await;
    browser.click("form[data-passkey] button").await;
    said(&browser, "has a passkey of yours already").await;

    browser.goto(&format!("{site}/prove?next=/me")).await;
    look(&browser, "passkey-prove").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at("/me?done=proven").await;

    browser.follow("form.sign-out button").await;
    browser.goto(&format!("{site}/sign-in")).await;
    look(&browser, "passkey-sign-in").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at("/").await;
    assert!(browser.text("body").await.contains("Ben Bauer"), "{}", browser.text("body").await);

    browser.goto(&format!("{site}/me")).await;
    browser.follow("a[href$='/name']").await;
    look(&browser, "passkey-name").await;
    browser.run("document.querySelector('#name').value = ''").await;
    browser.follow("main form button").await;
    look(&browser, "passkey-name-wrong").await;
    browser.fill("#name", "Blue key").await;
    browser.follow("main form button").await;
    assert!(browser.text("main").await.contains("Blue key"), "{}", browser.text("main").await);
    browser.follow("a[href$='/remove']").await;
    look(&browser, "passkey-remove").await;
    browser.follow("main form button").await;
    look(&browser, "passkey-removed").await;
    assert!(!browser.text("main").await.contains("Blue key"), "{}", browser.text("main").await);

    // The device still has it, and it is known here no longer.
    browser.follow("form.sign-out button").await;
    browser.goto(&format!("{site}/sign-in")).await;
    browser.click("form[data-passkey] button").await;
    browser.until_at("/sign-in/passkey").await;
    look(&browser, "passkey-unknown").await;
    assert!(browser.text("main").await.contains("not known here"), "{}", browser.text("main").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_there_is_a_password() {
    let Some(browser) = Browser::open(Script::Off).await else { return };
    let mut house = House::moved_in("single-owner", TestDb::sqlite().await).await;
    let site = house.open_the_named_door().await;
    browser.goto(&format!("{site}/sign-in?next=/me/devices/add")).await;
    assert!(!browser.text("main").await.contains("passkey"), "{}", browser.text("main").await);
    browser.fill("#email", &address("Ben Bauer")).await;
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Ben Bauer").await).await;
    browser.follow("main form button").await;
    house.site.app.clock.advance(SignedDuration::from_millis(1));
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Ben Bauer").await).await;
    browser.follow("main form button").await;
    assert!(browser.text("main").await.contains("takes script"), "{}", browser.text("main").await);
}

/// Whether the device finds that it is its holder who touches it.
pub async fn verifies(browser: &Browser, device: &str, who: &str) {
    let set = json!({"authenticatorId": device, "isUserVerified": who == "its holder"});
    browser.devtools("WebAuthn.setUserVerified", set).await;
}

/// Waits until the form says what went wrong.
pub async fn said(browser: &Browser, words: &str) {
    let until = "const done = arguments[0], wrong = document.querySelector('form[data-passkey] [role=alert]'),
        look = () => wrong.hidden ? setTimeout(look, 20) : done(wrong.textContent);
        look()";
    let told = browser.wait_for(until).await;
    assert!(told.as_str().unwrap().contains(words), "{told}");
}
