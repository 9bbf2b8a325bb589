//! The pages about what stands below an account, and about suspending and closing it.

use serde_json::{Value, json};

use super::{
    browser::{Browser, to},
    every::{is_guarded, is_well_made},
};
use crate::{
    harness::{TestDb, on_both},
    web::site::{House, address},
};

on_both!(children_are_created_and_listed, an_account_is_suspended_and_closed_on_its_page, the_calls_of_the_tree);

/// An account of the preset, owned by Rita.
pub async fn rita(house: &House, preset: &str) -> String {
    let person = json!({"name": "Rita Rossi", "email": address("Rita Rossi")});
    let new = json!({"name": "Partner", "preset": preset, "first_user": person});
    let created = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let (link, token) = house.link("Rita Rossi", "invitation").await;
    assert_eq!(house.form(&format!("/l/{link}/do"), &[("token", &token)]).await.status, 200);
    created.json()["id"].as_str().unwrap().to_owned()
}

async fn children_are_created_and_listed(test: TestDb) {
    let house = House::furnished(test).await;
    let account = rita(&house, "multi-owner").await;
    let rita = Browser::of(&house, "Rita Rossi").await;
    let home = rita.get(&format!("/accounts/{account}")).await;
    assert!(home.body.contains("workspace") && home.body.contains("children/new"), "{}", home.body);
    let path = format!("/accounts/{account}/children/new");
    let form = rita.get(&path).await;
    assert!(
        form.body.contains("value=\"Rita Rossi\"") && form.body.contains("<h1>Create a workspace</h1>"),
        "{}",
        form.body
    );
    let key = form.hidden("key");
    // What is wrong is said beside its field, and what was typed stays.
    let wrong =
        rita.post(&path, &[("key", &key), ("name", ""), ("owner_name", "Nils"), ("owner_email", "nils@")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    assert!(wrong.body.contains("value=\"Nils\"") && wrong.body.contains("href=\"#owner_email\""), "{}", wrong.body);
    let nils = address("Nils Nilsen");
    let nameless = [("key", key.as_str()), ("name", " "), ("owner_name", "Nils Nilsen"), ("owner_email", &nils)];
    let wrong = rita.post(&path, &nameless).await;
    assert!(wrong.status == 422 && wrong.body.contains("href=\"#name\""), "{}", wrong.body);
    let fields = [
        ("key", key.as_str()),
        ("name", "Lab <b>"),
        ("reference", "P-17"),
        ("owner_name", "Nils Nilsen"),
        ("owner_email", &nils),
    ];
    let done = rita.post(&path, &fields).await;
    assert_eq!(to(&done), format!("/accounts/{account}?done=child-created"), "{}", done.body);
    rita.post(&path, &fields).await;
    let list = rita.get(&format!("/accounts/{account}/children")).await;
    assert_eq!(list.body.matches("Lab ‹b›").count(), 1, "sent twice, created once: {}", list.body);
    assert!(list.body.contains("P-17") && list.body.contains("you have no access"), "{}", list.body);
    assert!(list.body.contains("not active yet"), "{}", list.body);
    for path in [path.clone(), format!("/accounts/{account}/children"), format!("/accounts/{account}")] {
        let page = rita.get(&path).await;
        is_guarded(&path, &page);
        is_well_made(&path, &page);
    }
    // Whoever names themselves owns it at once.
    let (key, mine) = (rita.get(&path).await.hidden("key"), address("Rita Rossi"));
    let own = [("key", key.as_str()), ("name", "Own"), ("owner_name", "Rita Rossi"), ("owner_email", &mine)];
    assert_eq!(to(&rita.post(&path, &own).await), format!("/accounts/{account}?done=child-owned"));
    // Nobody else knows of it.
    let ben = Browser::of(&house, "Ben Bauer").await;
    for path in [path, format!("/accounts/{account}/children"), format!("/accounts/{account}/status/close")] {
        assert_eq!(ben.get(&path).await.status, 404, "{path}");
    }
    // Nothing stands below an account of this preset.
    let lone = &house.account;
    assert_eq!(ben.get(&format!("/accounts/{lone}/children/new")).await.status, 404);
    assert!(!ben.get(&format!("/accounts/{lone}")).await.body.contains("/children"));
}

async fn an_account_is_suspended_and_closed_on_its_page(test: TestDb) {
    let house = House::furnished(test).await;
    let home = format!("/accounts/{}", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert!(!ben.get(&home).await.body.contains("/status/"), "only owners are offered it");
    let refused = ben.get(&format!("{home}/status/suspend")).await;
    assert!(refused.body.contains("Only an owner") && !refused.body.contains("<button>"), "{}", refused.body);
    assert_eq!(ben.get(&format!("{home}/status/nothing")).await.status, 404);

    let olga = Browser::of(&house, "Olga Orlova").await;
    assert!(olga.get(&home).await.body.contains(&format!("{home}/status/suspend")));
    // Whose proof is not fresh proves it first, and comes back.
    let asked = olga.get(&format!("{home}/status/suspend")).await;
    assert_eq!(to(&asked), format!("/prove?next={home}/status/suspend"));
    let page = olga.prove("Olga Orlova", &asked).await;
    assert!(page.body.contains("<h1>Suspend Acme Freight?</h1>"), "{}", page.body);
    is_guarded("suspend", &page);
    is_well_made("suspend", &page);
    assert!(!olga.get(&home).await.body.contains("is suspended"), "looking does nothing");
    let done = olga.post(&format!("{home}/status/suspend"), &[]).await;
    assert_eq!(to(&done), format!("{home}?done=account-suspended"), "{}", done.body);
    // Everybody sees it, on every page of the account.
    for page in [home.clone(), format!("{home}/roster"), format!("{home}/cases/new")] {
        let shown = ben.get(&page).await;
        assert!(shown.body.contains("This account is suspended."), "{page}: {}", shown.body);
    }
    assert!(!ben.get("/me").await.body.contains("This account is suspended."));
    // And nobody else: they see what they would see of an account that there is not.
    rita(&house, "multi-owner").await;
    let stranger = Browser::of(&house, "Rita Rossi").await;
    for page in [home.clone(), format!("{home}/roster"), format!("{home}/status/resume")] {
        let shown = stranger.get(&page).await;
        assert!(shown.status == 404 && !shown.body.contains("suspended"), "{page}: {}", shown.body);
    }
    let offered = olga.get(&home).await;
    assert!(offered.body.contains("/status/resume") && offered.body.contains("/status/close"), "{}", offered.body);
    assert_eq!(to(&olga.post(&format!("{home}/status/resume"), &[]).await), format!("{home}?done=account-resumed"));
    let done = olga.post(&format!("{home}/status/close"), &[]).await;
    assert_eq!(to(&done), format!("{home}?done=account-closing"));
    assert!(ben.get(&home).await.body.contains("This account is being closed, for good on"));
    // Suspending it is no way out of that, and the page says what is.
    let stuck = olga.post(&format!("{home}/status/suspend"), &[]).await;
    assert!(stuck.body.contains("being closed") && stuck.status == 409, "{} {}", stuck.status, stuck.body);
    assert_eq!(to(&olga.post(&format!("{home}/status/keep"), &[]).await), format!("{home}?done=account-kept"));
    let story = ben.get(&home).await.body;
    for line in ["suspended the account", "resumed the account", "began to close the account", "undid the closing"] {
        assert!(story.contains(line), "{line}: {story}");
    }
    let mail = house.mail("Dora Dahl", "account_status").await.unwrap().1;
    assert!(mail.contains("Olga Orlova") && mail.contains("undid"), "{mail}");
    // While a case is open there is no button.
    house.open_case().await;
    let held = olga.get(&format!("{home}/status/close")).await;
    assert!(held.body.contains("open") && !held.body.contains("Close the account</button>"), "{}", held.body);
}

async fn the_calls_of_the_tree(test: TestDb) {
    let house = House::furnished(test).await;
    let operator = &house.operator;
    let presets = house.call("GET", "/v1/presets", operator, None).await.json();
    let names: Vec<&str> = presets["items"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["account-and-customers", "multi-owner", "partner-managed", "recommended", "single-owner"]);
    assert_eq!(house.call("GET", "/v1/presets", "", None).await.status, 401);

    let person = |name: &str| json!({"name": name, "email": address(name)});
    let new = json!({"name": "Acme", "preset": "account-and-customers", "reference": "P-1", "first_user": person("Rita Rossi")});
    let created = house.call("POST", "/v1/accounts", operator, Some(new)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let created = created.json();
    let (account, customer) = (text(&created["id"]), text(&created["customers"][0]["id"]));
    assert_eq!((text(&created["status"]), text(&created["reference"])), ("pending".to_owned(), "P-1".to_owned()));
    let shown = house.call("GET", &format!("/v1/accounts/{customer}"), operator, None).await.json();
    assert_eq!(text(&shown["account"]["parent"]), account);
    assert_eq!((&shown["account"]["customers"], &shown["children"]), (&Value::Null, &Value::Null));
    let list = house.call("GET", &format!("/v1/accounts/{account}/children?limit=1"), operator, None).await.json();
    assert_eq!((text(&list["items"][0]["id"]), &list["items"][0]["access"]), (customer, &json!(true)));

    let (link, token) = house.link("Rita Rossi", "invitation").await;
    house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let rita = house.sign_in("Rita Rossi").await;
    let below = json!({"name": "Second", "parent": account, "first_user": person("Nils Nilsen")});
    let created = house.call("POST", "/v1/accounts", &rita, Some(below)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let list = house.call("GET", &format!("/v1/accounts/{account}/children"), &rita, None).await.json();
    let access: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|child| &child["access"]).collect();
    assert_eq!(access, [&json!(true), &json!(false)]);
    let unknown = json!({"name": "x", "preset": "nonesuch", "first_user": person("Nils Nilsen")});
    assert_eq!(house.call("POST", "/v1/accounts", operator, Some(unknown)).await.status, 422);

    // By an owner, with fresh proof.
    let path = |act: &str| format!("/v1/accounts/{account}/{act}");
    let code = |reply: &crate::web::site::Reply| text(&reply.json()["code"]);
    let refused = house.call("POST", &path("suspend"), &rita, None).await;
    assert_eq!((refused.status, code(&refused).as_str()), (403, "needs_fresh_proof"));
    let refused = house.call("POST", &path("suspend"), operator, None).await;
    assert_eq!((refused.status, code(&refused).as_str()), (403, "people_only"));
    let ben = house.sign_in("Ben Bauer").await;
    assert_eq!(house.call("POST", &path("suspend"), &ben, None).await.status, 404);
    house.prove("Rita Rossi", &rita).await;
    for (method, act, status) in [
        ("POST", "suspend", "suspended"),
        ("POST", "resume", "active"),
        ("POST", "close", "closing"),
        ("DELETE", "close", "active"),
    ] {
        let done = house.call(method, &path(act), &rita, None).await;
        assert_eq!((done.status, text(&done.json()["status"]).as_str()), (200, status), "{}", done.body);
        assert_eq!(done.json()["closing_until"].is_string(), status == "closing");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
