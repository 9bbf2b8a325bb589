//! The pages and the API of webhooks, for owners.

use jiff::SignedDuration;
use quorate::jobs::webhooks::deliver;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    browser::{Browser, to},
    every::{is_guarded, is_well_made},
};
use crate::{
    app::dump::dump,
    harness::{
        TestDb, on_both,
        receiver::{Receiver, Says},
    },
    web::site::House,
};

on_both!(an_owner_sets_them_up_on_the_pages, the_api_has_webhooks);

async fn run(house: &House) {
    deliver(&house.site.app, &CancellationToken::new()).await.unwrap();
}

/// The address of the page to which a link with these words leads.
fn link(body: &str, words: &str) -> String {
    let (before, _) = body.split_once(&format!(">{words}</a>")).unwrap_or_else(|| panic!("no «{words}» in {body}"));
    before.rsplit("href=\"").next().unwrap().trim_end_matches('"').to_owned()
}

async fn an_owner_sets_them_up_on_the_pages(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let receiver = Receiver::start().await;
    let path = format!("/accounts/{}/settings/webhooks", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert_eq!(ben.get(&path).await.status, 403);
    let olga = Browser::of(&house, "Olga Orlova").await;
    let settings = olga.get(&format!("/accounts/{}/settings", house.account)).await;
    assert!(settings.body.contains(&format!("href=\"{path}\"")), "{}", settings.body);
    let page = olga.get(&path).await;
    is_guarded(&path, &page);
    is_well_made(&path, &page);
    assert!(page.body.contains("Nobody is told yet."), "{}", page.body);

    let once = page.hidden("once");
    let asked = olga.post(&path, &[("once", &once), ("url", &receiver.url)]).await;
    let back = olga.prove("Olga Orlova", &asked).await;
    assert!(back.body.contains(&format!("value=\"{}\"", receiver.url)), "{}", back.body);
    let once = back.hidden("once");
    let wrong = olga.post(&path, &[("once", &once), ("url", "ftp://hooks.example.org")]).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("id=\"url-wrong\"") && wrong.body.contains("ftp://hooks.example.org"),
        "{}",
        wrong.body
    );
    let fields = [("once", once.as_str()), ("url", receiver.url.as_str())];
    let shown = olga.post(&path, &fields).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    is_guarded(&path, &shown);
    is_well_made(&path, &shown);
    let (_, secret) = shown.body.split_once("whsec_").unwrap();
    assert!(secret.find('<').unwrap() == 44, "{}", shown.body);
    // Loaded again, it is not shown again, and there is one.
    let again = olga.post(&path, &fields).await;
    assert!(again.status == 409 && !again.body.contains("whsec_"), "{}", again.body);
    let one = link(&shown.body, "It is copied: go to the endpoint");
    let list = olga.get(&path).await;
    assert_eq!(list.body.matches(&format!("href=\"{one}\"")).count(), 1, "{}", list.body);
    assert_eq!(house.mails("Olga Orlova", "webhook_changed").await, 1);

    let page = olga.get(&one).await;
    is_guarded(&one, &page);
    is_well_made(&one, &page);
    assert!(page.body.contains("Nothing was sent yet."), "{}", page.body);
    assert_eq!(ben.get(&one).await.status, 403);
    assert_eq!(ben.post(&one, &[("act", "test")]).await.status, 403);
    receiver.will_say([Says::Words("HTTP/1.1 500 No\r\nconnection: close\r\n\r\n<b>not \u{202e}here</b>".to_owned())]);
    let tried = olga.post(&one, &[("act", "test")]).await;
    assert_eq!(to(&tried), format!("{one}?done=webhook-tested"));
    let waits = olga.follow(&tried).await;
    assert!(waits.body.contains("A test is on its way."), "{}", waits.body);
    run(&house).await;
    assert_eq!(receiver.kinds(), ["webhook.test"]);
    let page = olga.get(&one).await;
    is_well_made(&one, &page);
    assert!(page.body.contains("answered 500") && page.body.contains("not taken"), "{}", page.body);
    assert!(!page.body.contains("<b>not") && !page.body.contains('\u{202e}'), "{}", page.body);

    turned_off_and_on(&house, &olga, &ben, &one).await;
    let question = olga.get(&format!("{one}/secret")).await;
    is_well_made("secret", &question);
    let once = question.hidden("once");
    let shown = olga.post(&format!("{one}/secret"), &[("once", &once)]).await;
    assert!(shown.body.contains("whsec_") && shown.body.contains("The old one is used too until"), "{}", shown.body);
    assert_eq!(olga.post(&format!("{one}/secret"), &[("once", &once)]).await.status, 409);
    let question = olga.get(&format!("{one}/remove")).await;
    is_well_made("remove", &question);
    let removed = olga.post(&format!("{one}/remove"), &[]).await;
    assert_eq!(to(&removed), format!("{path}?done=webhook-removed"));
    assert!(olga.follow(&removed).await.body.contains("Nobody is told yet."));
    assert_eq!(olga.get(&one).await.status, 404);
    let log = ben.get(&format!("/accounts/{}", house.account)).await;
    for sentence in
        ["removed a webhook endpoint.", "gave a webhook endpoint a new secret.", "turned a webhook endpoint on."]
    {
        assert!(log.body.contains(&format!("Olga Orlova {sentence}")), "{}", log.body);
    }
}

async fn turned_off_and_on(house: &House, olga: &Browser<'_>, ben: &Browser<'_>, one: &str) {
    let question = olga.get(&format!("{one}/off")).await;
    is_well_made("off", &question);
    assert!(question.body.contains("Turn this endpoint off?"), "{}", question.body);
    assert_eq!(ben.post(&format!("{one}/off"), &[]).await.status, 403);
    let off = olga.post(&format!("{one}/off"), &[]).await;
    assert_eq!(to(&off), format!("{one}?done=webhook-off"));
    let page = olga.follow(&off).await;
    is_well_made(one, &page);
    assert!(page.body.contains("From where does it go on?"), "{}", page.body);
    let on = olga.post(one, &[("act", "on"), ("from", "now")]).await;
    assert_eq!(to(&on), format!("{one}?done=webhook-on"));
    assert!(!olga.follow(&on).await.body.contains("From where does it go on?"));
    assert_eq!(olga.post(one, &[("act", "anything")]).await.status, 404);
    assert_eq!(olga.get(&format!("{one}/anything")).await.status, 404);
    // A proof that is too old leads to proving it anew, and back.
    house.site.app.clock.advance(SignedDuration::from_mins(6));
    let asked = olga.post(&format!("{one}/off"), &[]).await;
    assert!(to(&asked).starts_with("/prove?next="), "{}", to(&asked));
    let back = olga.prove("Olga Orlova", &asked).await;
    assert!(back.body.contains("Turn this endpoint off?"), "{}", back.body);
}

async fn the_api_has_webhooks(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let receiver = Receiver::start().await;
    let path = format!("/v1/accounts/{}/webhooks", house.account);
    let (olga, ben) = (house.proven("Olga Orlova").await, house.proven("Ben Bauer").await);
    assert_eq!(house.call("GET", &path, &olga, None).await.json(), json!({"items": [], "next": null}));
    let new = || Some(json!({"url": receiver.url}));
    let made = house.call("POST", &path, &olga, new()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let id = made["webhook"]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("hook_"), "{id}");
    let list = house.call("GET", &path, &olga, None).await;
    assert_eq!(list.json()["items"], json!([made["webhook"]]));
    assert!(!list.body.contains("whsec_"));
    assert_eq!(house.call("POST", &path, &olga, new()).await.json()["code"], "webhook_taken");
    let one = format!("{path}/{id}");
    let call = |method: &'static str, rest: &str, body: Option<Value>| {
        let (house, olga, address) = (&house, olga.clone(), format!("{one}{rest}"));
        async move { house.call(method, &address, &olga, body).await }
    };
    assert_eq!(call("POST", "/test", None).await.status, 202);
    run(&house).await;
    let deliveries = call("GET", "/deliveries", None).await.json();
    let delivery = &deliveries["items"][0];
    for (name, value) in [
        ("type", json!("webhook.test")),
        ("outcome", json!("delivered")),
        ("status", json!(204)),
        ("trouble", Value::Null),
        ("attempt", json!(1)),
        ("excerpt", json!("")),
    ] {
        assert_eq!(delivery[name], value, "{name}");
    }
    assert_eq!(receiver.got()[0].id(), delivery["webhook_id"].as_str().unwrap());
    let off = call("POST", "/disable", None).await.json();
    assert_eq!((off["status"].as_str(), off["why"].as_str()), (Some("disabled"), Some("owner")));
    assert_eq!(call("POST", "/enable", Some(json!({}))).await.status, 422);
    let on = call("POST", "/enable", Some(json!({"from": "stop"}))).await.json();
    assert_eq!((on["status"].as_str(), &on["why"]), (Some("active"), &Value::Null));
    let replaced = call("POST", "/secret", None).await;
    assert_eq!(replaced.status, 201, "{}", replaced.body);
    assert_ne!(replaced.json()["secret"], made["secret"]);
    assert!(replaced.json()["webhook"]["previous_secret_until"].is_string());
    let before = dump(&house.test).await;
    for (method, rest, body) in [
        ("GET", "/deliveries", None),
        ("POST", "/test", None),
        ("POST", "/secret", None),
        ("POST", "/disable", None),
        ("POST", "/enable", Some(json!({"from": "now"}))),
        ("DELETE", "", None),
    ] {
        let refused = house.call(method, &format!("{one}{rest}"), &ben, body.clone()).await;
        assert_eq!(refused.json()["code"], "owners_only", "{method} {rest}");
        let refused = house.call(method, &format!("{one}{rest}"), &house.operator, body).await;
        assert!([403, 404].contains(&refused.status), "{method} {rest}: {}", refused.body);
    }
    assert_eq!(dump(&house.test).await, before);
    assert_eq!(call("DELETE", "", None).await.status, 204);
    assert_eq!(call("DELETE", "", None).await.status, 404);
}
