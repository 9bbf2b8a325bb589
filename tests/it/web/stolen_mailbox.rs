//! Somebody reads a mailbox that is not theirs. They sign in with its codes, follow its links and set a password, and get
//! nothing of what belongs to its owner; and whoever is robbed takes it all back.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    case_pages::browser::Story,
    site::{House, PEOPLE, address},
};
use crate::harness::{TestDb, on_both, proof::PASSWORD};

on_both!(
    an_owners_mailbox_is_no_ownership,
    a_case_that_was_opened_because_of_it_is_not_vetoed,
    a_members_mailbox_accepts_no_ownership,
    an_administrators_mailbox_casts_no_signed_in_ballot,
    whoever_is_robbed_takes_everything_back,
);

/// What the thief sets.
const THEIRS: &str = "ledger-monsoon-octagon";

/// People who confirmed their addresses and set their passwords a month ago; one of them is robbed.
async fn house(test: TestDb) -> Story {
    let story = Story { house: House::furnished(test).await, case: String::new() };
    story.pass(days(30)).await;
    story
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// Everything that changes who owns the account, or how it can be recovered, as its owner may do it.
async fn deeds(house: &House) -> Vec<(&'static str, String, Value)> {
    let account = format!("/v1/accounts/{}", house.account);
    let (ben, cleo) = (house.user("Ben Bauer").await, house.user("Cleo Costa").await);
    let ben_token = house.sign_in("Ben Bauer").await;
    let mut policy =
        house.call("GET", &format!("{account}/policy"), &ben_token, None).await.json()["effective"].clone();
    policy["waiting_period"] = json!("PT48H");
    vec![
        ("POST", format!("{account}/transfers"), json!({"to": cleo})),
        ("DELETE", format!("{account}/members/{ben}"), Value::Null),
        ("PUT", format!("{account}/policy"), policy),
        ("POST", format!("{account}/suspend"), Value::Null),
        ("POST", format!("{account}/close"), Value::Null),
        ("PUT", format!("{account}/settings/branding"), json!({"name": "Mine", "colour": "#1d4ed8"})),
        ("PUT", format!("{account}/join-domains/evil.example"), json!({"role": "administrator"})),
        ("DELETE", "/v1/me/password".to_owned(), Value::Null),
    ]
}

/// Tries all of it, and gives the codes with which it was refused.
async fn tried(house: &House, token: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for (method, path, body) in deeds(house).await {
        let reply = house.call(method, &path, token, Some(body).filter(|body| !body.is_null())).await;
        assert!(reply.status >= 400, "{method} {path}: {} {}", reply.status, reply.body);
        codes.push(reply.json()["code"].as_str().unwrap().to_owned());
    }
    codes
}

/// The thief signs in with a code, shows another one, and sets a password of their own.
async fn break_in(house: &House, name: &str) -> String {
    let token = house.sign_in(name).await;
    house.site.app.clock.advance(SignedDuration::from_millis(1));
    house.prove_by_code(name, &token).await;
    let set = house.call("PUT", "/v1/me/password", &token, Some(json!({"password": THEIRS}))).await;
    assert_eq!(set.status, 200, "{}", set.body);
    token
}

async fn show(house: &House, token: &str, password: &str) {
    let shown = house.call("POST", "/v1/proof", token, Some(json!({"password": password}))).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
}

async fn an_owners_mailbox_is_no_ownership(test: TestDb) {
    let story = house(test).await;
    let house = &story.house;
    let thief = house.sign_in("Olga Orlova").await;
    house.site.app.clock.advance(SignedDuration::from_millis(1));
    house.prove_by_code("Olga Orlova", &thief).await;
    assert!(
        tried(house, &thief).await.iter().all(|code| code == "needs_credential"),
        "{:?}",
        tried(house, &thief).await
    );
    let thief = break_in(house, "Olga Orlova").await;
    show(house, &thief, THEIRS).await;
    let codes = tried(house, &thief).await;
    let (last, rest) = codes.split_last().unwrap();
    assert!(rest.iter().all(|code| code == "credential_too_new"), "{rest:?}");
    assert_eq!(last, "needs_credential", "nor does it remove the password of whoever was there before");
    // Those who can do something about it were told: nobody else owns the account, so its administrators.
    story.work().await;
    for name in &PEOPLE[1..] {
        let mail = house.mail(name, "member_password_changed").await.unwrap().1;
        let mail = mail.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in ["nothing but a code from their mailbox", "never in a recovery case that was opened before"] {
            assert!(mail.contains(words), "{words}: {mail}");
        }
    }
    // Six days later it is as before.
    story.pass(days(6)).await;
    let later = house.call(
        "POST",
        "/v1/sign-in/password",
        "",
        Some(json!({"email": address("Olga Orlova"), "password": THEIRS})),
    );
    let later = later.await.json()["token"].as_str().unwrap().to_owned();
    assert!(
        tried(house, &later).await.iter().all(|code| code.starts_with("credential_") || code == "needs_credential")
    );
    assert_eq!(house.owners().await, ["Olga Orlova"]);
}

async fn a_case_that_was_opened_because_of_it_is_not_vetoed(test: TestDb) {
    let story = house(test).await;
    let thief = break_in(&story.house, "Olga Orlova").await;
    story.pass(days(6)).await;
    // An administrator who was told asks Olga on the phone, and opens a case.
    let case = story.house.open_case().await;
    let story = Story { case, ..story };
    for name in ["Ben Bauer", "Dora Dahl"] {
        story.vote(name, "approve").await;
    }
    assert_eq!(story.state().await, "waiting");
    story.pass(days(2)).await;
    let (house, veto) = (&story.house, format!("/v1/cases/{}/veto", story.case));
    let signed_in = json!({"email": address("Olga Orlova"), "password": THEIRS});
    let strong = house.call("POST", "/v1/sign-in/password", "", Some(signed_in)).await.json();
    let refused = house.call("POST", &veto, strong["token"].as_str().unwrap(), None).await;
    assert_eq!(
        refused.json()["code"],
        "credential_newer_than_case",
        "it counts by now, and not here: {}",
        refused.body
    );
    // A week of silence, and the account is whose it should be.
    story.pass(days(7)).await;
    assert_eq!(story.state().await, "completed");
    assert_eq!(house.owners().await, ["Cleo Costa"]);
    assert!(house.call("GET", &format!("/v1/accounts/{}", house.account), &thief, None).await.status >= 401);
}

async fn a_members_mailbox_accepts_no_ownership(test: TestDb) {
    let story = house(test).await;
    let house = &story.house;
    let offer = house.offer("Cleo Costa").await;
    let (_, link) = house.link("Cleo Costa", "transfer_request").await;
    let by_link = house.call("POST", "/v1/links/redeem", "", Some(json!({"token": link, "confirm": true}))).await;
    assert_eq!(by_link.json()["code"], "needs_credential", "{}", by_link.body);
    let accept = format!("/v1/transfers/{offer}/accept");
    let thief = house.sign_in("Cleo Costa").await;
    house.site.app.clock.advance(SignedDuration::from_millis(1));
    house.prove_by_code("Cleo Costa", &thief).await;
    assert_eq!(house.call("POST", &accept, &thief, None).await.json()["code"], "needs_credential");
    let thief = break_in(house, "Cleo Costa").await;
    show(house, &thief, THEIRS).await;
    assert_eq!(house.call("POST", &accept, &thief, None).await.json()["code"], "credential_too_new");
    assert_eq!(house.owners().await, ["Olga Orlova"]);
}

async fn an_administrators_mailbox_casts_no_signed_in_ballot(test: TestDb) {
    let story = house(test).await;
    let house = &story.house;
    let case = house.open_case().await;
    let path = format!("/v1/cases/{case}/ballot");
    let thief = break_in(house, "Dora Dahl").await;
    let terms = house.call("GET", &format!("/v1/cases/{case}"), &thief, None).await.json()["terms_hash"].clone();
    let cast = async |token: &str| {
        let ballot = json!({"choice": "approve", "terms_hash": terms});
        house.call("PUT", &path, token, Some(ballot)).await.json()["code"].clone()
    };
    assert_eq!(cast(&thief).await, "needs_credential");
    show(house, &thief, THEIRS).await;
    assert_eq!(cast(&thief).await, "credential_too_new");
    story.pass(days(8)).await;
    let signed_in = json!({"email": address("Dora Dahl"), "password": THEIRS});
    let later = house.call("POST", "/v1/sign-in/password", "", Some(signed_in)).await.json();
    assert_eq!(cast(later["token"].as_str().unwrap()).await, "credential_newer_than_case");
}

async fn whoever_is_robbed_takes_everything_back(test: TestDb) {
    let story = house(test).await;
    let house = &story.house;
    let thief = break_in(house, "Olga Orlova").await;
    story.pass(days(1)).await;
    // The password that she had goes on working, counts, and ends what was set by mail alone.
    let signed_in = json!({"email": address("Olga Orlova"), "password": PASSWORD});
    let olga = house.call("POST", "/v1/sign-in/password", "", Some(signed_in)).await.json();
    let olga = olga["token"].as_str().unwrap();
    let new = json!({"password": "pebble-gasket-Thursday"});
    assert_eq!(house.call("PUT", "/v1/me/password", olga, Some(new)).await.status, 200);
    assert_eq!(house.call("GET", "/v1/me", &thief, None).await.status, 401);
    let signed_in = json!({"email": address("Olga Orlova"), "password": THEIRS});
    assert_eq!(house.call("POST", "/v1/sign-in/password", "", Some(signed_in)).await.json()["code"], "wrong_password");
    let account = format!("/v1/accounts/{}", house.account);
    let granted = json!({"user": house.user("Ben Bauer").await});
    assert_ne!(
        house.call("POST", &format!("{account}/transfers"), olga, Some(json!({"to": granted["user"]}))).await.status,
        403
    );
}
