//! Everything works in a browser that runs no scripts.

use super::people::prove;
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::site::{House, address},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_by_link_and_one_by_page() {
    let Some(browser) = Browser::open(Script::Off).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let case = house.open_case().await;
    browser.goto("data:text/html,<p>off</p><script>document.querySelector('p').textContent = 'on'</script>").await;
    assert_eq!(browser.text("p").await, "off");

    let (link, token) = house.link("Dora Dahl", "ballot_request").await;
    browser.goto(&format!("{site}/l/{link}#{}", token.split_once('.').unwrap().1)).await;
    browser.follow(".by-code button").await;
    browser.fill("#code", &house.code("Dora Dahl").await).await;
    browser.follow("main form button").await;
    browser.click("input[value=approve]").await;
    browser.follow("main button").await;
    assert_eq!(browser.text("h1").await, "Your ballot is recorded");

    browser.goto(&format!("{site}/cases/{case}/vote")).await;
    browser.fill("#email", &address("Ben Bauer")).await;
    browser.follow("main button").await;
    browser.fill("#code", &house.code("Ben Bauer").await).await;
    browser.follow("main form button").await;
    assert_eq!(browser.path().await, format!("/prove?next=/cases/{case}/vote"), "signing in leads back");
    prove(&browser).await;
    browser.click("input[value=approve]").await;
    browser.follow("main button").await;
    assert!(browser.path().await.starts_with(&format!("/cases/{case}")), "{}", browser.source().await);
    let token = house.sign_in("Ben Bauer").await;
    let shown = house.call("GET", &format!("/v1/cases/{case}"), &token, None).await.json();
    assert_eq!((&shown["approvals"], &shown["state"]), (&2.into(), &"waiting".into()), "{shown}");
}
