//! Signing in through an organization, in a real browser at a real provider: an owner sets it up, a member signs in, and what they
//! may not do leads to signing in with a code.

use quorate::clock::Clock;
use serde_json::json;

use super::{look::look, people::sign_in};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
        oidc::{Oidc, directory},
        provider::{CLIENT, SECRET},
    },
    web::{
        sign_on::ProveDomain,
        site::{House, address},
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_signs_in_at_a_real_provider() {
    let Some(directory) = directory() else { return };
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_named_door().await;
    // The provider lives today.
    let clock = &house.site.app.clock;
    clock.advance(Clock::system().now().since(clock.now()));
    let redirect = format!("{site}/sign-on/{}/return", house.account);
    let provider = Oidc::start(&directory, &redirect, CLIENT, SECRET);
    let by = house.user("Olga Orlova").await.parse().unwrap();
    let (account, app) = (house.account.parse().unwrap(), &house.site.app);
    app.db.run(ProveDomain { account, domain: "acme.example", by, at: app.now() }).await.unwrap();

    // Olga sets it up, on the page.
    sign_in(&browser, &house, &site, "Olga Orlova").await;
    let page = format!("{site}/accounts/{}/settings/sign-on", house.account);
    browser.goto(&page).await;
    look(&browser, "sign-on-off").await;
    browser.goto(&format!("{site}/prove?next=/accounts/{}/settings/sign-on", house.account)).await;
    browser.fill("#password", crate::harness::proof::PASSWORD).await;
    browser.follow("form[action='/prove/password'] button").await;
    browser.fill("#issuer", "http://id.example.org").await;
    browser.fill("#client_id", CLIENT).await;
    browser.fill("#client_secret", SECRET).await;
    browser.follow("form[action$='/settings/sign-on'] button").await;
    look(&browser, "sign-on-wrong").await;
    browser.run("document.querySelector('#issuer').value = ''").await;
    browser.fill("#issuer", &provider.issuer).await;
    browser.fill("#client_secret", SECRET).await;
    browser.follow("form[action$='/settings/sign-on'] button").await;
    browser.until_at("?done=sign-on-set").await;
    look(&browser, "sign-on-set").await;
    assert!(browser.text("main").await.contains(&redirect), "{}", browser.text("main").await);
    browser.follow("form.sign-out button").await;

    // Ben signs in, by his domain.
    browser.goto(&format!("{site}/sign-in")).await;
    browser.follow("a[href='/sign-on']").await;
    look(&browser, "sign-on-ask").await;
    browser.fill("#email", &address("Ben Bauer")).await;
    browser.follow("main form button").await;
    look(&browser, "sign-on-begin").await;
    at_the_provider(&browser, &address("Ben Bauer")).await;
    browser.until_at("/").await;
    forget_theirs(&browser).await;
    assert!(browser.text("body").await.contains("Ben Bauer"), "{}", browser.text("body").await);
    look(&browser, "sign-on-home").await;
    browser.goto(&format!("{site}/me")).await;
    look(&browser, "sign-on-me").await;
    browser.goto(&format!("{site}/prove?next=/me")).await;
    look(&browser, "sign-on-once-more").await;
    assert!(browser.text("main").await.contains("not enough for this"), "{}", browser.text("main").await);
    browser.goto(&site).await;
    browser.follow("form.sign-out button").await;

    // Whoever has not shown there that the address is theirs is not let in.
    browser.devtools("Network.clearBrowserCookies", json!({})).await;
    browser.goto(&format!("{site}/sign-on/{}", house.account)).await;
    at_the_provider(&browser, &format!("unverified-{}", address("Cleo Costa"))).await;
    browser.until_there(".notice.bad").await;
    forget_theirs(&browser).await;
    look(&browser, "sign-on-not").await;
    assert!(
        browser.text("main").await.contains("does not say that your address is yours"),
        "{}",
        browser.text("main").await
    );
}

/// Goes to the provider's own pages, signs in there, and lets it tell who that is.
async fn at_the_provider(browser: &Browser, login: &str) {
    browser.click("main form button").await;
    browser.until_there("input[name=login]").await;
    browser.fill("input[name=login]", login).await;
    browser.fill("input[name=password]", "any").await;
    browser.click("button[type=submit]").await;
    browser.until_there("input[name=prompt][value=consent]").await;
    browser.click("button[type=submit]").await;
}

/// What the provider's own pages complain about and load is theirs.
async fn forget_theirs(browser: &Browser) {
    for kind in ["browser", "performance"] {
        browser.log(kind).await;
    }
}
