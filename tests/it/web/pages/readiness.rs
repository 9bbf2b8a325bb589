//! The page of an account's readiness, without script.

use serde_json::json;

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::{House, address},
};

on_both!(people_are_thought_away_on_the_page, an_owner_turns_the_weekly_mail_off);

async fn people_are_thought_away_on_the_page(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/readiness", house.account);
    let account = ben.get(&format!("/accounts/{}", house.account)).await;
    assert!(account.body.contains(&format!("href=\"{path}\"")), "{}", account.body);
    let page = ben.get(&path).await;
    assert!(page.status == 200 && page.body.contains("of 100"), "{}", page.body);
    assert!(!page.body.contains("id=\"then\""), "nobody is thought away yet: {}", page.body);
    assert!(!page.body.contains("Turn the weekly mail"), "that is for owners: {}", page.body);
    let boxes: Vec<&str> = page.body.split("name=\"without\" value=\"").skip(1).collect();
    assert_eq!(boxes.len(), 4, "the owner and three administrators");
    let olga = boxes[0].split('"').next().unwrap();
    let before = dump(&house.test).await;
    let then = ben.get(&format!("{path}?without={olga}")).await;
    assert!(then.status == 200 && then.body.contains("<strong>Olga Orlova</strong> left for good"), "{}", then.body);
    assert!(then.body.contains("No owner of this account can act."), "{}", then.body);
    assert!(then.body.contains(&format!("value=\"{olga}\" checked")), "what was ticked stays so: {}", then.body);
    assert_eq!(dump(&house.test).await, before);
    // A member on whom nothing rests has no box; an address that names one is answered all the same.
    let emil = json!({"name": "Emil Engel", "email": address("Emil Engel"), "role": "user"});
    let members = format!("/v1/accounts/{}/members", house.account);
    let invited = house.call("POST", &members, &house.sign_in("Ben Bauer").await, Some(emil)).await;
    let emil = invited.json()["user"].as_str().unwrap().to_owned();
    for (without, told) in [(emil.clone(), "1 member"), (format!("{olga},{emil}"), "Olga Orlova and 1 other member")] {
        let then = ben.get(&format!("{path}?without={without}")).await;
        assert!(then.body.contains(&format!("<strong>{told}</strong> left for good")), "{}", then.body);
    }
    assert_eq!(ben.get(&format!("{path}?without=x")).await.status, 422);
    let stranger = Browser::new(&house);
    assert!(to(&stranger.get(&path).await).starts_with("/sign-in?next="));
}

async fn an_owner_turns_the_weekly_mail_off(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = Browser::of(&house, "Olga Orlova").await;
    let path = format!("/accounts/{}/readiness", house.account);
    let digest = format!("{path}/digest");
    assert!(olga.get(&path).await.body.contains("Turn the weekly mail off"));
    let first = olga.post(&digest, &[("state", "off")]).await;
    assert_eq!(to(&first), format!("/prove?next={path}"), "first they show who is there");
    assert!(olga.prove("Olga Orlova", &first).await.body.contains("Turn the weekly mail off"));
    let off = olga.post(&digest, &[("state", "off")]).await;
    assert_eq!(to(&off), format!("{path}?done=digest-off"));
    let page = olga.follow(&off).await;
    assert!(page.body.contains("Turn the weekly mail on") && page.body.contains("has turned it off"), "{}", page.body);
    assert_eq!(to(&olga.get(&digest).await), path);
    let account = olga.get(&format!("/accounts/{}", house.account)).await;
    assert!(account.body.contains("Olga Orlova turned the weekly mail about readiness off."), "{}", account.body);
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert_eq!(ben.post(&digest, &[("state", "on")]).await.status, 403);
}
