//! A ballot that is signed with a passkey, as its voter sees it: without a passkey, with one, and changed.

use serde_json::json;

use super::{
    look::look,
    passkey::{device, said, verifies},
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
async fn a_ballot_is_signed_and_changed() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished_as("recommended", TestDb::sqlite().await).await;
    let site = house.open_the_named_door().await;
    let olga = house.proven("Olga Orlova").await;
    let policy = format!("/v1/accounts/{}/policy", house.account);
    let mut wanted = house.call("GET", &policy, &olga, None).await.json()["effective"].clone();
    wanted["ballots"] = json!(["passkey"]);
    let edited = house.call("PUT", &policy, &olga, Some(wanted)).await;
    assert_eq!((edited.status, edited.json()["outcome"].as_str()), (200, Some("in_force")), "{}", edited.body);

    sign_in(&browser, &house, &site, "Ben Bauer").await;
    let case = house.open_case().await;
    browser.goto(&format!("{site}/cases/{case}/vote")).await;
    look(&browser, "vote-no-passkey").await;
    assert!(browser.text("main").await.contains("you have none"), "{}", browser.text("main").await);

    let device = device(&browser).await;
    browser.follow("main a[href^='/me/devices/add']").await;
    prove(&browser).await;
    browser.fill("#name", "Telephone").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at(&format!("/cases/{case}/vote?done=passkey-added")).await;
    look(&browser, "vote-signed").await;

    // Nothing is signed by whoever does not touch the device.
    browser.click("input[value=approve]").await;
    verifies(&browser, &device, "somebody else").await;
    browser.click("form[data-passkey] button").await;
    said(&browser, "Nothing was chosen").await;
    verifies(&browser, &device, "its holder").await;

    // What the page sends is the ballot that was signed: a script that sends another one gets nothing by it.
    let other = "document.querySelector('form[data-passkey]').submit = function () {
        this.querySelector('input[value=reject]').checked = true;
        HTMLFormElement.prototype.submit.call(this);
    }";
    browser.run(other).await;
    browser.click("form[data-passkey] button").await;
    browser.until_at(&format!("/cases/{case}/vote")).await;
    look(&browser, "vote-signed-wrong").await;
    assert!(browser.text("main").await.contains("does not fit"), "{}", browser.text("main").await);

    browser.click("input[value=approve]").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at(&format!("/cases/{case}?done=ballot-recorded")).await;
    look(&browser, "case-signed").await;
    assert!(browser.text("main").await.contains("signed with a passkey"), "{}", browser.text("main").await);
}
