//! Names, reasons and accounts are typed by people who may mean harm: on the page they are words and nothing else.

use serde_json::{Value, json};

use super::browser::{Browser, Story};
use crate::{
    harness::TestDb,
    web::site::{Reply, empty},
};

const HOSTILE: &str = "</title><script>alert(1)</script><b onmouseover=\"x()\">'\u{202e}";

#[tokio::test]
async fn what_people_typed_is_shown_and_never_run() {
    use quorate::{
        app::{
            principal::Principal,
            tokens::{CreateToken, TokenPower},
        },
        web::site::Mailbox,
    };
    let mut house = empty(TestDb::sqlite().await, Mailbox::Open);
    let (principal, power) = (Principal::Operator { token: None }, TokenPower::Operator);
    let unit = CreateToken { app: house.site.app.clone(), principal, name: "test".to_owned(), power };
    house.operator = house.site.app.db.run(unit).await.unwrap().secret.reveal().to_owned();
    let person = |name: &str| json!({"name": format!("{name} {HOSTILE}"), "email": format!("{}@acme.example", name.to_lowercase())});
    let new = json!({"name": format!("Acme {HOSTILE}"), "preset": "single-owner", "first_user": person("Olga"),
        "administrators": [person("Ben"), person("Cleo"), person("Dora")]});
    let made = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    house.account = made.json()["id"].as_str().unwrap().to_owned();
    for name in ["Olga", "Ben", "Cleo", "Dora"] {
        let (link, token) = house.link(name, "invitation").await;
        house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    }
    let ben = Browser { token: house.sign_in("Ben").await };
    let members = house.call("GET", &format!("/v1/accounts/{}/members", house.account), &ben.token, None).await.json();
    let cleo: Vec<&Value> =
        members["items"].as_array().unwrap().iter().filter(|member| member["email"] == "cleo@acme.example").collect();
    let new = json!({"kind": "replace", "nominee": cleo[0]["user"], "statement": format!("Why: {HOSTILE}\n{HOSTILE}")});
    let opened =
        house.call("POST", &format!("/v1/accounts/{}/cases", house.account), &ben.token, Some(new)).await.json();
    let story = Story { case: opened["id"].as_str().unwrap_or_else(|| panic!("{opened}")).to_owned(), house };

    let olga = Browser { token: story.house.sign_in("Olga").await };
    story.prove("Olga", &olga).await;
    story.prove("Ben", &ben).await;
    let mut pages = Vec::new();
    for below in ["", "/vote", "/withdraw"] {
        pages.push(story.open(&ben, below).await);
    }
    pages.push(story.open(&olga, "/veto").await);
    pages.push(story.get(&ben, &format!("/accounts/{}/cases", story.house.account)).await);
    for page in &pages {
        assert_eq!(page.status, 200, "{}", page.body);
        harmless(page);
    }
    // It is not swallowed either: people see what was typed.
    assert!(pages[0].body.contains("&#60;script&#62;"), "{}", pages[0].body);
}

/// Between the marks of our own templates there is no mark of anybody else's.
fn harmless(page: &Reply) {
    let body = page.body.to_lowercase().replace("<script defer src=\"/assets/live.js?v=", "");
    assert!(!body.contains("<script") && !body.contains("<b "), "{}", page.body);
    assert_eq!(body.matches("</title>").count(), body.matches("<title").count(), "{}", page.body);
    // The text that is hashed stands there as it is: a block of its own, whose direction concerns nothing else.
    let (before, rest) = page.body.split_once("<pre").unwrap_or((&page.body, "</pre>"));
    let after = rest.split_once("</pre>").unwrap().1;
    assert!(
        !before.contains('\u{202e}') && !after.contains('\u{202e}'),
        "the direction of writing is ours: {}",
        page.body
    );
    for tag in body.split('<').skip(1) {
        let inside = tag.split('>').next().unwrap();
        assert!(!inside.contains("onmouseover"), "{inside}");
    }
}
