//! The pages of webhooks as a browser shows them: an endpoint is added, its secret is shown once, and what was sent is told.

use quorate::jobs::webhooks::deliver;
use tokio_util::sync::CancellationToken;

use super::{
    look::look,
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
        receiver::{Receiver, Says},
    },
    web::site::House,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sets_a_webhook_up() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let (site, receiver) = (house.open_the_door().await, Receiver::start().await);
    sign_in(&browser, &house, &site, "Olga Orlova").await;
    let page = format!("{site}/accounts/{}/settings/webhooks", house.account);
    browser.goto(&page).await;
    look(&browser, "webhooks-none").await;
    browser.fill("#url", "http://hooks.example.org/").await;
    browser.follow("main form button").await;
    prove(&browser).await;
    assert_eq!(browser.text("h1").await, "Webhooks", "proving leads back to what was typed");
    browser.follow("main form button").await;
    look(&browser, "webhooks-wrong").await;
    browser.run("document.querySelector('#url').value = ''").await;
    browser.fill("#url", &receiver.url).await;
    browser.follow("main form button").await;
    assert!(browser.text("main").await.contains("whsec_"));
    look(&browser, "webhook-secret").await;
    browser.follow("main > p:last-of-type a").await;
    assert_eq!(browser.text("h1").await, "Webhook endpoint");
    let endpoint = browser.path().await;

    let answer = "HTTP/1.1 503 Busy\r\nconnection: close\r\n\r\nBack in a minute.".to_owned();
    receiver.will_say([Says::Words(answer), Says::Status(204), Says::Status(204), Says::Status(500)]);
    for _ in 0..2 {
        browser.follow("section[aria-labelledby=deliveries] form button").await;
        deliver(&house.site.app, &CancellationToken::new()).await.unwrap();
        house.site.app.clock.advance(jiff::SignedDuration::from_secs(20));
    }
    house.offer("Cleo Costa").await;
    deliver(&house.site.app, &CancellationToken::new()).await.unwrap();
    browser.goto(&format!("{site}{endpoint}")).await;
    look(&browser, "webhook").await;
    for deed in ["secret", "remove", "off"] {
        browser.goto(&format!("{site}{endpoint}/{deed}")).await;
        look(&browser, &format!("webhook-{deed}-ask")).await;
    }
    browser.follow("main form button").await;
    look(&browser, "webhook-off").await;
    browser.goto(&page).await;
    look(&browser, "webhooks").await;
}
