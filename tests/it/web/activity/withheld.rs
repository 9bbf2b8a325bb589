//! Who was chosen to hold paper keys, the log tells to owners alone.

use axum::{body::Body, http::Request};
use quorate::app::{
    erase_values::{EraseValues, Why},
    principal::{Principal, Scope},
    tokens::{CreateToken, TokenPower},
};
use serde_json::{Value, json};

use super::{export::checked, filters::eventful};
use crate::{
    harness::{
        TestDb,
        every_entry::{draft, write},
        on_both,
    },
    web::{
        pages::browser::Browser,
        site::{House, Reply},
    },
};

on_both!(only_owners_read_whom_to_rob, what_was_erased_is_not_withheld);

const RITA: &str = "Rita Rossi";

/// A token of the product, with all its scopes.
async fn platform(house: &House) -> String {
    let (app, principal) = (house.site.app.clone(), Principal::Operator { token: None });
    let power = TokenPower::Platform(Scope::ALL.into_iter().collect());
    let unit = CreateToken { app, principal, name: "product".to_owned(), power };
    house.site.app.db.run(unit).await.unwrap().secret.reveal().to_owned()
}

/// What a reader gets of the log in that form; `behind` is for whom a token asks.
async fn read(house: &House, token: &str, accept: &str, behind: Option<&str>) -> Reply {
    let mut request = Request::get(format!("/v1/accounts/{}/activity?topic=paper_keys&limit=200", house.account))
        .header("accept", accept)
        .header("authorization", format!("Bearer {token}"));
    if let Some(user) = behind {
        request = request.header("quorate-on-behalf-of", user);
    }
    let reply = house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply
}

const FORMS: [&str; 3] = ["application/json", "application/jsonl", "text/csv"];

async fn only_owners_read_whom_to_rob(test: TestDb) {
    let (house, cast) = eventful(test).await;
    let olga = house.sign_in("Olga Orlova").await;
    for form in FORMS {
        for token in [&olga, &house.operator] {
            assert!(read(&house, token, form, None).await.body.contains(RITA), "the control: {form}");
        }
    }
    let (ben, product, owner) =
        (house.sign_in("Ben Bauer").await, platform(&house).await, house.user("Olga Orlova").await);
    for (who, token, behind) in [
        ("an administrator", &ben, None),
        ("a token", &product, None),
        ("a token for an owner", &product, Some(owner.as_str())),
    ] {
        for form in FORMS {
            let body = read(&house, token, form, behind).await.body;
            assert!(!body.contains("Rita"), "{who}, {form}: {body}");
        }
        let list = read(&house, token, FORMS[0], behind).await.json();
        let issued = list["items"].as_array().unwrap().iter().find(|item| item["entry"]["kind"] == "paper_key.issued");
        let issued = issued.unwrap();
        assert_eq!((&issued["withheld"], &issued["erased"]), (&json!(["recovery_user_name"]), &json!([])), "{who}");
        assert!(issued["entry"]["personal"]["recovery_user_name"].is_string(), "the commitment stays");
        let lines = read(&house, token, FORMS[1], behind).await.body;
        let line: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!(
            (&line["withheld"], &line["personal"]),
            (&json!(["recovery_user_name"]), &json!({})),
            "nor its salt"
        );
        let table = read(&house, token, FORMS[2], behind).await.body;
        assert!(table.contains("issued a paper key for somebody whose name only owners see."), "{table}");
    }

    let path = format!("/accounts/{}/activity", house.account);
    let (owner, other) = (Browser::of(&house, "Olga Orlova").await, Browser::of(&house, "Ben Bauer").await);
    let some = format!("{path}?topic=paper_keys");
    assert!(owner.get(&some).await.body.contains("<dt>recovery user name</dt><dd>Rita Rossi</dd>"));
    let page = other.get(&some).await.body;
    assert!(!page.contains("Rita") && page.contains("<dd><em>told to owners only</em></dd>"), "{page}");
    let whole = other.get(&format!("{path}/export/jsonl")).await.body;
    assert!(!whole.contains("Rita") && whole.contains("Ben Becker"), "what concerns others is there");
    assert!(checked(&whole).0, "it is proven all the same");
    // The latest entries stand on the page of the account.
    write(&house.site.app, house.account.parse().unwrap(), vec![draft("paper_key.issued", cast)]).await;
    let home = format!("/accounts/{}", house.account);
    assert!(owner.get(&home).await.body.contains("issued a paper key for Rita Rossi."));
    let page = other.get(&home).await.body;
    assert!(
        !page.contains("Rita") && page.contains("issued a paper key for somebody whose name only owners see."),
        "{page}"
    );
    for number in 1..=whole.lines().count() {
        let proof = format!("/v1/accounts/{}/activity/{number}/proof", house.account);
        assert!(!house.call("GET", &proof, &ben, None).await.body.contains("Rita"));
    }
}

async fn what_was_erased_is_not_withheld(test: TestDb) {
    let (house, _) = eventful(test).await;
    let ben = house.sign_in("Ben Bauer").await;
    let of_kind = async || {
        let list = read(&house, &ben, FORMS[0], None).await.json();
        let found = list["items"].as_array().unwrap().iter().find(|item| item["entry"]["kind"] == "paper_key.issued");
        found.unwrap().clone()
    };
    let (app, account) = (house.site.app.clone(), house.account.parse().unwrap());
    let places = vec![(of_kind().await["entry"]["seq"].as_i64().unwrap(), "recovery_user_name".to_owned())];
    assert_eq!(app.db.run(EraseValues { app: app.clone(), account, places, why: Why::Kept }).await.unwrap(), 1);
    let issued = of_kind().await;
    assert_eq!((&issued["withheld"], &issued["erased"]), (&json!([]), &json!(["recovery_user_name"])), "{issued}");
    let table = read(&house, &ben, FORMS[2], None).await.body;
    assert!(table.contains("issued a paper key for somebody whose name was erased."), "{table}");
}
