//! Everything can be reached and done without a mouse, and the focus is always somewhere sensible.

use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
        proof::PASSWORD,
        webdriver::{ENTER, SPACE, TAB},
    },
    web::site::{House, address},
};

/// Presses the tabulator until the element of that name has the focus.
pub async fn tab_to(browser: &Browser, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..30 {
        browser.press(TAB).await;
        let label = browser.focus().await;
        if label.starts_with(name) {
            let ring = browser.run("const s = getComputedStyle(document.activeElement), p = document.activeElement.closest('label');
                return s.outlineStyle !== 'none' || (p && getComputedStyle(p).outlineStyle !== 'none') || s.boxShadow !== 'none'").await;
            assert_eq!(ring, true, "one cannot see that «{label}» has the focus");
            return;
        }
        passed.push(label);
    }
    panic!("«{name}» is not among {passed:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_voting_without_a_mouse() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let case = house.open_case().await;
    browser.goto(&format!("{site}/sign-in?next=/cases/{case}/vote")).await;
    browser.press(TAB).await;
    assert_eq!(browser.focus().await, "Skip to the content", "the first stop leads past the bar");
    tab_to(&browser, "Your e-mail address").await;
    browser.press(&address("Dora Dahl")).await;
    browser.send(ENTER).await;
    assert_eq!(browser.focus().await, "Code", "the page begins where one types");
    browser.press("00000000").await;
    browser.send(ENTER).await;
    let said = browser.run("return document.activeElement.textContent").await;
    assert!(said.as_str().unwrap().contains("code"), "what is wrong has the focus: {said}");
    tab_to(&browser, "Code").await;
    browser.press(&house.code("Dora Dahl").await).await;
    tab_to(&browser, "Sign in").await;
    browser.send(ENTER).await;
    assert_eq!(browser.path().await, format!("/prove?next=/cases/{case}/vote"));
    assert_eq!(browser.focus().await, "Your password", "the page begins where one types");
    browser.press(PASSWORD).await;
    browser.send(ENTER).await;
    assert_eq!(browser.path().await, format!("/cases/{case}/vote?done=proven"));
    tab_to(&browser, "I approve").await;
    browser.press(SPACE).await;
    tab_to(&browser, "Cast my ballot").await;
    browser.send(ENTER).await;
    let token = house.sign_in("Dora Dahl").await;
    let shown = house.call("GET", &format!("/v1/cases/{case}"), &token, None).await.json();
    assert_eq!(shown["approvals"], 1, "{}", browser.text("body").await);
    tab_to(&browser, "Sign out").await;
    browser.send(SPACE).await;
    assert!(!browser.text("body").await.contains("Dora"), "{}", browser.text("body").await);
}
