//! The pages and the API of recovery users, for owners and for those whom they choose.

use serde_json::{Value, json};

use super::{
    browser::{Browser, to},
    every::{is_guarded, is_well_made},
};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(an_owner_chooses_on_the_page, an_address_is_confirmed_by_its_link, the_api_has_recovery_users);

const RITA: &str = "rita@example.net";

/// The link in the newest request to an address: its page, and its whole token.
pub async fn link(house: &House, email: &str) -> (String, String) {
    let text = house.mail_at(email, "recovery_request").await.unwrap().1;
    let (_, rest) = text.split_once(&house.site.app.public_url).unwrap();
    let (page, proof) = rest.split_whitespace().next().unwrap().split_once('#').unwrap();
    (page.to_owned(), format!("{}.{proof}", page.rsplit('/').next().unwrap()))
}

/// Has Olga choose somebody called Rita Rossi, over the API; their id.
pub async fn chosen(house: &House, emails: &[&str]) -> String {
    let olga = house.proven("Olga Orlova").await;
    let path = format!("/v1/accounts/{}/recovery-users", house.account);
    let new = json!({"name": "Rita Rossi", "emails": emails});
    let made = house.call("POST", &path, &olga, Some(new)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn an_owner_chooses_on_the_page(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let path = format!("/accounts/{}/recovery-users", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert_eq!(ben.get(&path).await.status, 403);
    assert!(!ben.get(&format!("/accounts/{}", house.account)).await.body.contains("/recovery-users\""));
    let olga = Browser::of(&house, "Olga Orlova").await;
    let home = olga.get(&format!("/accounts/{}", house.account)).await;
    assert!(home.body.contains(&format!("href=\"{path}\"")), "{}", home.body);
    let wanting = olga.get(&format!("/accounts/{}/readiness", house.account)).await;
    assert!(wanting.body.contains(&format!("href=\"{path}\"")), "{}", wanting.body);

    let fields = [("name", "Rita <Rossi>"), ("email", RITA), ("second", "")];
    let asked = olga.post(&path, &fields).await;
    let back = olga.prove("Olga Orlova", &asked).await;
    assert!(back.body.contains("value=\"Rita &#60;Rossi&#62;\"") && back.body.contains(&format!("value=\"{RITA}\"")));
    for (wrong, place) in [
        ([("name", ""), ("email", RITA), ("second", "")], "name-wrong"),
        ([("name", "Rita"), ("email", "rita"), ("second", "")], "email-wrong"),
        ([("name", "Rita"), ("email", RITA), ("second", "rita")], "second-wrong"),
        ([("name", "Rita"), ("email", "olga@acme.example"), ("second", "")], "email-wrong"),
    ] {
        let page = olga.post(&path, &wrong).await;
        assert!([409, 422].contains(&page.status), "{wrong:?}: {}", page.status);
        assert!(page.body.contains(&format!("id=\"{place}\"")), "{wrong:?}: {}", page.body);
    }
    let added = olga.post(&path, &fields).await;
    assert_eq!(to(&added), format!("{path}?done=recovery-user-added"), "{}", added.body);
    let page = olga.follow(&added).await;
    assert!(page.body.contains("Rita ‹Rossi›") && page.body.contains("not confirmed"), "{}", page.body);
    assert_eq!(house.mails("Olga Orlova", "recovery_user_changed").await, 1);
    assert!(house.mail_at(RITA, "recovery_request").await.is_some());
    for (reader, whom) in [(&olga, "Rita ‹Rossi›"), (&ben, "somebody whose name only owners see")] {
        let log = reader.get(&format!("/accounts/{}", house.account)).await;
        assert!(log.body.contains(&format!("Olga Orlova chose {whom} as a recovery user.")), "{}", log.body);
    }

    let removal = page.body.split("href=\"").find(|rest| rest.split('"').next().unwrap().ends_with("/remove")).unwrap();
    let removal = removal.split('"').next().unwrap();
    let question = olga.get(removal).await;
    assert!(question.body.contains("Remove the recovery user Rita ‹Rossi›?") && question.body.contains(RITA));
    assert_eq!(ben.get(removal).await.status, 403);
    assert_eq!(ben.post(removal, &[]).await.status, 403);
    let gone = olga.post(removal, &[]).await;
    assert_eq!(to(&gone), format!("{path}?done=recovery-user-removed"));
    assert!(olga.follow(&gone).await.body.contains("Nobody is chosen yet."));
    assert_eq!(olga.get(removal).await.status, 404);
}

async fn an_address_is_confirmed_by_its_link(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    chosen(&house, &[RITA, "rita@example.com"]).await;
    let (page, token) = link(&house, RITA).await;
    let before = dump(&house.test).await;
    let (show, act) = (format!("{page}/show"), format!("{page}/do"));
    for path in [page.clone(), show.clone(), act.clone(), format!("{page}/code")] {
        let opened = house.open(&path).await;
        assert_eq!(opened.status, 200, "{path}");
        is_guarded(&path, &opened);
    }
    let shown = house.form(&show, &[("token", &token)]).await;
    is_well_made(&show, &shown);
    assert!(shown.body.contains("Olga Orlova owns the account Acme Freight"), "{}", shown.body);
    assert_eq!(shown.body.matches("<button").count(), 1, "{}", shown.body);
    assert_eq!(shown.hidden("token"), token);
    assert_eq!(house.form(&show, &[("token", "wrong")]).await.status, 409);
    assert_eq!(house.form(&show, &[]).await.status, 409);
    assert_eq!(dump(&house.test).await, before, "looking changes nothing");
    let done = house.form(&act, &[("token", &token)]).await;
    is_well_made(&act, &done);
    assert!(done.status == 200 && done.body.contains("Your address is confirmed"), "{}", done.body);
    let told = house.mail("Olga Orlova", "recovery_user_changed").await.unwrap().1;
    assert!(told.contains(RITA) && told.contains("Their other address is not confirmed yet."), "{told}");
    let dead = house.form(&act, &[("token", &token)]).await;
    assert!(dead.status == 409 && dead.body.contains("dead_link"), "{}", dead.body);

    // Without script, by a code. The answer says nothing of whether the link is any good.
    let (page, _) = link(&house, "rita@example.com").await;
    let asked = house.form(&format!("{page}/code"), &[]).await;
    is_well_made(&page, &asked);
    let unknown = "/recovery-address/code_01h2xcejqtf2nbrexx3vqjhp41";
    let of_nobody = house.form(&format!("{unknown}/code"), &[]).await;
    assert_eq!(of_nobody.body.replace(unknown, &page), asked.body);
    let code = house.code_at("rita@example.com").await;
    let wrong = house.form(&format!("{page}/show"), &[("code", "1")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("aria-invalid"), "{}", wrong.body);
    let shown = house.form(&format!("{page}/show"), &[("code", &code)]).await;
    let carried = shown.hidden("code");
    let done = house.form(&format!("{page}/do"), &[("code", &carried)]).await;
    assert!(done.status == 200 && done.body.contains("Your address is confirmed"), "{}", done.body);
    let olga = Browser::of(&house, "Olga Orlova").await;
    let page = olga.get(&format!("/accounts/{}/recovery-users", house.account)).await;
    assert!(page.body.contains("confirmed on") && !page.body.contains("not confirmed"), "{}", page.body);
    assert!(page.body.contains("no paper key"), "{}", page.body);
    // They got no access by that, and no session.
    let asked = house.call("POST", "/v1/sign-in", "", Some(json!({"email": RITA}))).await;
    assert_eq!(asked.status, 202);
    assert!(house.mail_at(RITA, "sign_in_code").await.is_none());
}

async fn the_api_has_recovery_users(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let path = format!("/v1/accounts/{}/recovery-users", house.account);
    let id = chosen(&house, &[RITA]).await;
    let olga = house.proven("Olga Orlova").await;
    let listed = house.call("GET", &path, &olga, None).await.json();
    assert_eq!((&listed["items"][0]["id"], &listed["next"]), (&json!(id), &Value::Null));
    assert_eq!((&listed["items"][0]["name"], &listed["items"][0]["confirmed"]), (&json!("Rita Rossi"), &json!(false)));
    let code = |reply: crate::web::site::Reply| (reply.status, reply.json()["code"].as_str().unwrap().to_owned());
    let ben = house.proven("Ben Bauer").await;
    assert_eq!(code(house.call("GET", &path, &ben, None).await), (403, "owners_only".to_owned()));
    let taken = json!({"name": "Rita", "emails": [RITA]});
    assert_eq!(code(house.call("POST", &path, &olga, Some(taken)).await), (409, "recovery_address_taken".to_owned()));
    let own = json!({"name": "Rita", "emails": ["olga@acme.example"]});
    assert_eq!(code(house.call("POST", &path, &olga, Some(own)).await), (422, "owners_address".to_owned()));

    let (_, token) = link(&house, RITA).await;
    let confirm = format!("{path}/{id}/confirm");
    let shown = house.call("POST", &confirm, "", Some(json!({"token": token}))).await.json();
    assert_eq!((&shown["email"], &shown["confirmed"]), (&json!(RITA), &json!(false)), "{shown}");
    let elsewhere = confirm.replace(&id, "rusr_01h2xcejqtf2nbrexx3vqjhp41");
    let body = json!({"token": token, "confirm": true});
    assert_eq!(code(house.call("POST", &elsewhere, "", Some(body.clone())).await), (409, "dead_link".to_owned()));
    let done = house.call("POST", &confirm, "", Some(body.clone())).await.json();
    assert_eq!(done["confirmed"], true, "{done}");
    assert_eq!(code(house.call("POST", &confirm, "", Some(body)).await), (409, "dead_link".to_owned()));
    let readiness = house.call("GET", &format!("/v1/accounts/{}/readiness", house.account), &olga, None).await.json();
    let codes: Vec<&str> =
        readiness["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect();
    assert!(!codes.contains(&"no_recovery_users") && !codes.contains(&"recovery_address_unconfirmed"), "{codes:?}");
    assert!(codes.contains(&"few_key_holders"), "{codes:?}");

    assert_eq!(house.call("DELETE", &format!("{path}/{id}"), &olga, None).await.status, 204);
    assert_eq!(house.call("DELETE", &format!("{path}/{id}"), &olga, None).await.status, 404);
}
