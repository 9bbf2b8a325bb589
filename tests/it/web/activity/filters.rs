//! Filters of the API.

use serde_json::Value;

use crate::{
    harness::{
        TestDb,
        every_entry::{Cast, write_every},
        on_both,
    },
    web::site::House,
};

on_both!(programs_find_what_they_ask_for, what_makes_no_sense_is_said_by_its_name);

/// An account in which everything has happened that can happen.
pub async fn eventful(test: TestDb) -> (House, Cast) {
    let house = House::furnished(test).await;
    let user = async |name: &str| house.user(name).await.parse().unwrap();
    let case = house.open_case().await.parse().unwrap();
    let cast = Cast { by: user("Ben Bauer").await, about: user("Dora Dahl").await, case };
    write_every(&house.site.app, house.account.parse().unwrap(), cast).await;
    (house, cast)
}

pub async fn found(house: &House, query: &str) -> Vec<Value> {
    let path = format!("/v1/accounts/{}/activity?limit=200{query}", house.account);
    let reply = house.call("GET", &path, &house.operator, None).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.body);
    reply.json()["items"].as_array().unwrap().clone()
}

async fn programs_find_what_they_ask_for(test: TestDb) {
    let (house, cast) = eventful(test).await;
    let all = found(&house, "").await;
    let count = async |query: &str| found(&house, query).await.len();
    let like = |test: &dyn Fn(&Value) -> bool| all.iter().filter(|item| test(&item["entry"])).count();
    let kind = |item: &Value| item["kind"].as_str().unwrap().to_owned();
    assert!(all.len() > 90);
    assert_eq!(count("&kind=case.opened").await, 2);
    assert_eq!(count("&kind=case.opened,member.left&kind=case.vetoed").await, 4);
    let owners = like(&|item| kind(item).starts_with("owner.") || kind(item).starts_with("transfer."));
    assert_eq!(count("&topic=owners").await, owners);
    assert_eq!(count("&topic=owners,policy").await, owners + 3);
    assert_eq!(count("&topic=owners&kind=member.left").await, owners + 1);
    let (by, about) = (cast.by.to_string(), cast.about.to_string());
    assert_eq!(count(&format!("&actor={by}")).await, like(&|item| item["actor"]["user"] == by.as_str()));
    let concerns = |item: &Value| item["actor"]["user"] == about.as_str() || item["user"] == about.as_str();
    assert_eq!(count(&format!("&person={about}")).await, like(&concerns));
    assert_eq!(count(&format!("&case={}", cast.case)).await, like(&|item| item["case"] == cast.case.to_string()));
    let middle = all[60]["entry"]["at"].as_str().unwrap();
    assert_eq!(count(&format!("&from={middle}")).await, all.len() - 60);
    assert_eq!(count(&format!("&until={middle}")).await, 60);
    assert_eq!(count(&format!("&from={middle}&kind=webhook.added&person={by}")).await, 1);
    // Page after page.
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/accounts/{}/activity?limit=7&person={about}{after}", house.account);
        let page = house.call("GET", &path, &house.operator, None).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["entry"]["seq"].as_u64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen.len(), like(&concerns));
    assert!(seen.is_sorted());
}

async fn what_makes_no_sense_is_said_by_its_name(test: TestDb) {
    let house = House::furnished(test).await;
    for (query, name) in [
        ("topic=owner", "topic"),
        ("kind=case.open", "kind"),
        ("kind=case.opened,x", "kind"),
        ("person=olga@example.org", "person"),
        ("actor=olga", "actor"),
        ("case=17", "case"),
        ("from=yesterday", "from"),
        ("from=2026-11-22", "from"),
        ("until=2026-11-22T10:00", "until"),
        ("from=2026-11-22T10:00:00Z&until=2026-11-22T10:00:00Z", "until"),
        ("after=x", "after"),
    ] {
        let path = format!("/v1/accounts/{}/activity?{query}", house.account);
        let refused = house.call("GET", &path, &house.operator, None).await;
        assert_eq!(refused.status, 422, "{query}: {}", refused.body);
        assert_eq!(refused.json()["errors"][0]["parameter"], name, "{query}: {}", refused.body);
    }
}
