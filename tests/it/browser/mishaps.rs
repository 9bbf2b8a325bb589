//! What goes wrong for people without their doing, or by somebody else's: each is told what to do, and nothing happens.

use jiff::SignedDuration;
use serde_json::json;

use super::{
    look::look,
    passkey::{device, said},
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::{House, address},
};

/// Says what the page says.
async fn main(browser: &Browser) -> String {
    browser.text("main").await
}

/// Ends every session of somebody, as they do on another device.
async fn signed_out_elsewhere(house: &House, name: &str) {
    let token = house.sign_in(name).await;
    let sessions = house.call("GET", "/v1/me/sessions", &token, None).await.json();
    // The newest comes first, and is the one that ends the others.
    for session in sessions["items"].as_array().unwrap().iter().rev() {
        let path = format!("/v1/me/sessions/{}", session["id"].as_str().unwrap());
        house.call("DELETE", &path, &token, None).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_expires_terms_differ_and_a_session_is_ended_elsewhere() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    browser.goto(&format!("{site}/sign-in")).await;
    browser.fill("#email", &address("Ben Bauer")).await;
    browser.follow("main button").await;
    let code = house.code("Ben Bauer").await;
    house.site.app.clock.advance(SignedDuration::from_mins(10));
    browser.fill("#code", &code).await;
    browser.follow("main form button").await;
    look(&browser, "code-expired").await;
    assert!(main(&browser).await.contains("ask for a new one"), "{}", main(&browser).await);

    sign_in(&browser, &house, &site, "Ben Bauer").await;
    let case = house.open_case().await;
    let vote = format!("/cases/{case}/vote");
    browser.goto(&format!("{site}{vote}")).await;
    prove(&browser).await;
    browser.run("document.querySelector('[name=terms_hash]').value = 'ab'.repeat(32)").await;
    browser.click("input[value=approve]").await;
    browser.follow("main form button").await;
    look(&browser, "vote-other-terms").await;
    assert!(main(&browser).await.contains("are not the ones in force"), "{}", main(&browser).await);

    // The page has them now; but meanwhile Ben signed out everywhere.
    signed_out_elsewhere(&house, "Ben Bauer").await;
    browser.click("input[value=approve]").await;
    browser.follow("main form button").await;
    assert!(browser.path().await.starts_with("/sign-in?next="), "{}", browser.path().await);
    look(&browser, "signed-out-elsewhere").await;
    browser.fill("#email", &address("Ben Bauer")).await;
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Ben Bauer").await).await;
    browser.follow("main form button").await;
    prove(&browser).await;
    assert_eq!(browser.path().await.split(['?', '#']).next(), Some(vote.as_str()), "and comes back to vote");
    browser.click("input[value=approve]").await;
    browser.follow("main form button").await;
    assert!(browser.path().await.starts_with(&format!("/cases/{case}?done=")), "{}", browser.path().await);
}

/// Has the page keep what its form with a passkey sends.
const KEEP: &str = "const form = document.querySelector('form[data-passkey]');
    form.submit = () => {
        sessionStorage.setItem('kept', JSON.stringify([...new FormData(form)]));
        HTMLFormElement.prototype.submit.call(form);
    }";

/// Sends that again, with what stands in the page to this day.
const SEND_AGAIN: &str = "const form = document.querySelector('form[data-passkey]');
    for (const [name, value] of JSON.parse(sessionStorage.getItem('kept'))) form.elements[name].value = value;
    HTMLFormElement.prototype.submit.call(form)";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_a_passkey_serves_once_and_on_our_pages_only() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::moved_in("single-owner", TestDb::sqlite().await).await;
    let site = house.open_the_named_door().await;
    sign_in(&browser, &house, &site, "Ben Bauer").await;
    device(&browser).await;
    browser.goto(&format!("{site}/me/devices/add")).await;
    house.site.app.clock.advance(SignedDuration::from_millis(1));
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Ben Bauer").await).await;
    browser.follow("main form button").await;
    browser.fill("#name", "Telephone").await;
    browser.click("form[data-passkey] button").await;
    browser.until_at("/me?done=passkey-added").await;

    browser.follow("form.sign-out button").await;
    browser.goto(&format!("{site}/sign-in")).await;
    browser.run(KEEP).await;
    browser.click("form[data-passkey] button").await;
    browser.until_at("/").await;
    browser.follow("form.sign-out button").await;
    browser.goto(&format!("{site}/sign-in")).await;
    browser.run(SEND_AGAIN).await;
    browser.until_at("/sign-in/passkey").await;
    look(&browser, "passkey-answered-before").await;
    assert!(main(&browser).await.contains("was done already"), "{}", main(&browser).await);
    browser.goto(&format!("{site}/me")).await;
    assert!(browser.path().await.starts_with("/sign-in?next=/me"), "{}", browser.path().await);
    look(&browser, "sign-in-again").await;

    // The same service by another name is another site: it gets no passkey, and what its pages send is refused.
    let port = site.rsplit(':').next().unwrap();
    let elsewhere = format!("http://127.0.0.1:{port}");
    browser.goto(&format!("{elsewhere}/sign-in")).await;
    browser.click("form[data-passkey] button").await;
    said(&browser, "by its own address").await;
    look(&browser, "passkey-other-site").await;
    browser.goto("about:blank").await;
    let sends = "const form = document.body.appendChild(document.createElement('form'));
        form.method = 'post';
        form.action = ";
    browser.run(&format!("{sends}{}; form.submit()", json!(format!("{site}/sign-in")))).await;
    browser.until_at("/sign-in").await;
    look(&browser, "form-from-another-site").await;
    assert!(main(&browser).await.contains("sent from another site"), "{}", main(&browser).await);
}
