//! What pages say of voting by mail, as a browser shows them.

use super::{look::look, people::sign_in};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    inbound::mails::ADDRESS,
    web::site::House,
};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_reads_how_to_vote_by_mail() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    house.site.app.inbound = Some(ADDRESS.parse().unwrap());
    let (site, case) = (house.open_the_door().await, house.open_case().await);
    sign_in(&browser, &house, &site, "Dora Dahl").await;
    browser.goto(&format!("{site}/cases/{case}")).await;
    assert!(browser.text(".offers blockquote").await.contains("is not contactable and therefore Cleo Costa"));
    look(&browser, "case-by-mail").await;
    browser.goto(&format!("{site}/accounts/{}/policy", house.account)).await;
    assert!(browser.text("section[aria-labelledby=by-mail]").await.contains(ADDRESS));
    look(&browser, "policy-by-mail").await;
}
