//! How far a session goes that a provider has vouched for: into one account, and no further. A stolen one is played by hand, and then
//! every route there is, with whatever there is elsewhere.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use quorate::{secret::Chance, web::router::description};
use serde_json::{Value, json};

use super::{
    case_pages::browser::Story,
    pages::browser::{Browser, to},
    sign_on::{Office, leads_to, returns},
    site::{House, address},
};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both, provider::Person},
};

on_both!(
    it_shows_its_account_and_no_other,
    a_stolen_one_decides_nothing,
    whoever_loses_their_place_loses_it,
    its_word_counts_for_nothing_in_the_roster,
    a_recovery_ends_it_and_what_its_owner_chose,
    no_route_leads_further,
);

/// What nobody may read from outside.
const HIDDEN: [&str; 2] = ["Hidden Harbour", "Nobody outside reads this."];

/// An office whose Ben also owns another account, with a case, an offer and people in it.
struct Two {
    office: Office,
    /// The other account.
    hidden: String,
    case: String,
    offer: String,
    /// The id of an open session of Ben's own.
    own: String,
}

impl Two {
    async fn of(test: TestDb) -> Self {
        let house = House::furnished_as("recommended", test).await;
        let office = Office::around(house).await;
        let house = &office.house;
        let person = |name: &str| json!({"name": name, "email": address(name)});
        let administrators: Vec<Value> = ["Cleo Costa", "Dora Dahl", "Emil Ende"].map(person).into();
        let new = json!({"name": HIDDEN[0], "preset": "recommended", "first_user": person("Ben Bauer"),
            "administrators": administrators});
        let hidden = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await.json()["id"].clone();
        let hidden = hidden.as_str().unwrap().to_owned();
        for name in ["Ben Bauer", "Cleo Costa", "Dora Dahl", "Emil Ende"] {
            house.accept(name).await;
            house.equip(name).await;
        }
        let (cleo, ben) = (house.proven("Cleo Costa").await, house.proven("Ben Bauer").await);
        let dora = house.user("Dora Dahl").await;
        let offer =
            house.call("POST", &format!("/v1/accounts/{hidden}/transfers"), &ben, Some(json!({"to": dora}))).await;
        let offer = offer.json()["id"].as_str().unwrap_or_else(|| panic!("{}", offer.body)).to_owned();
        let new = json!({"kind": "replace", "nominee": dora, "statement": HIDDEN[1]});
        let case = house.call("POST", &format!("/v1/accounts/{hidden}/cases"), &cleo, Some(new)).await;
        let case = case.json()["id"].as_str().unwrap_or_else(|| panic!("{}", case.body)).to_owned();
        let sessions = house.call("GET", "/v1/me/sessions", &ben, None).await.json();
        let own = sessions["items"][0]["id"].as_str().unwrap().to_owned();
        Self { office, hidden, case, offer, own }
    }

    /// All that there is of the other account, and of Ben, as the operator and Ben himself see it.
    async fn everything(&self, ben: &str) -> Vec<String> {
        let house = &self.office.house;
        let mut all = Vec::new();
        for path in
            ["", "/members", "/owners", "/cases", "/transfers", "/roster", "/activity", "/mail", "/settings", "/policy"]
        {
            let path = format!("/v1/accounts/{}{path}", self.hidden);
            all.push(house.call("GET", &path, &house.operator, None).await.body);
        }
        for path in ["/v1/me/devices", "/v1/me/password", "/v1/me/sessions"] {
            all.push(house.call("GET", path, ben, None).await.body);
        }
        let me = house.call("GET", "/v1/me", ben, None).await.json();
        all.push(format!("{} {} {}", me["name"], me["email"], me["version"]));
        all
    }
}

fn code(reply: &super::site::Reply) -> String {
    assert!(reply.status >= 400, "{} {}", reply.status, reply.body);
    reply.json()["code"].as_str().unwrap().to_owned()
}

async fn it_shows_its_account_and_no_other(test: TestDb) {
    let two = Two::of(test).await;
    let house = &two.office.house;
    let ben = two.office.token("Ben Bauer").await;
    let me = house.call("GET", "/v1/me", &ben, None).await.json();
    assert_eq!(me["accounts"], json!([{"id": house.account, "name": "Acme Freight"}]));
    assert_eq!(house.call("GET", &format!("/v1/accounts/{}", house.account), &ben, None).await.status, 200);
    for path in [
        format!("/v1/accounts/{}", two.hidden),
        format!("/v1/accounts/{}/members", two.hidden),
        format!("/v1/accounts/{}/children", two.hidden),
        format!("/v1/cases/{}", two.case),
        format!("/v1/transfers/{}", two.offer),
    ] {
        assert_eq!(code(&house.call("GET", &path, &ben, None).await), "not_found", "{path}");
    }
    // Nor does a decision tell of another account, although Ben owns it.
    let ask = async |account: &str| {
        let question = json!({"subject": {"type": "user", "id": house.user("Ben Bauer").await},
            "action": {"name": "members.manage"}, "resource": {"type": "account", "id": account}});
        house.call("POST", "/access/v1/evaluation", &ben, Some(question)).await.body
    };
    let nowhere = quorate::id::AccountId::from_uuid(uuid::Uuid::nil()).to_string();
    assert_eq!(ask(&two.hidden).await, ask(&nowhere).await);
    assert!(ask(&house.account).await.contains("\"decision\":true"), "{}", ask(&house.account).await);
    // Pages, too.
    let browser = Browser::new(house);
    two.office.signs_in(&browser, Person::new("Ben Bauer", &address("Ben Bauer"))).await;
    let home = browser.get("/").await;
    assert!(home.body.contains("Acme Freight") && !home.body.contains(HIDDEN[0]), "{}", home.body);
    assert_eq!(browser.get(&format!("/accounts/{}", two.hidden)).await.status, 404);
    assert_eq!(browser.get(&format!("/cases/{}/live", two.case)).await.status, 404);
    let me = browser.get("/me").await;
    assert!(me.status == 403 && me.body.contains("sign in with a"), "{}", me.body);
    // A token that has just been exchanged goes no further than the one that took its place.
    let old = browser.cookie.borrow().clone();
    browser.post("/prove/password", &[("password", "any")]).await;
    let new = browser.cookie.replace(old.clone());
    assert_ne!(new, old);
    assert_eq!(browser.get(&format!("/accounts/{}", house.account)).await.status, 200);
    assert_eq!(browser.get(&format!("/accounts/{}", two.hidden)).await.status, 404);
    browser.cookie.replace(new);
    // Where proof is wanting, the way leads to signing in, and back.
    let led = browser.get("/prove?next=/me").await;
    assert_eq!(to(&led), "/sign-in?next=/me&done=sign-in-needed");
    let form = browser.follow(&led).await;
    assert!(form.status == 200 && form.body.contains("name=\"email\""), "{}", form.body);
}

async fn a_stolen_one_decides_nothing(test: TestDb) {
    let two = Two::of(test).await;
    let house = &two.office.house;
    let case = house.open_case().await;
    let hash =
        house.call("GET", &format!("/v1/cases/{case}"), &house.operator, None).await.json()["terms_hash"].clone();
    let (cleo, olga) = (two.office.token("Cleo Costa").await, two.office.token("Olga Orlova").await);
    let account = format!("/v1/accounts/{}", house.account);
    let (ben, dora) = (house.user("Ben Bauer").await, house.user("Dora Dahl").await);
    let before = dump(&house.test).await;
    let signed_on = [
        ("PUT", format!("/v1/cases/{case}/ballot"), json!({"choice": "approve", "terms_hash": hash})),
        ("DELETE", format!("/v1/cases/{case}/ballot"), Value::Null),
        ("POST", format!("/v1/cases/{case}/pause"), Value::Null),
        ("POST", format!("/v1/cases/{case}/veto"), Value::Null),
        ("POST", format!("/v1/cases/{case}/withdraw"), Value::Null),
        ("POST", format!("{account}/cases"), json!({"kind": "replace", "nominee": dora, "statement": "It is mine."})),
        ("POST", format!("{account}/transfers"), json!({"to": dora})),
        ("POST", "/v1/proof".to_owned(), json!({})),
        ("POST", "/v1/proof".to_owned(), json!({"code": "12345678"})),
        ("POST", "/v1/proof".to_owned(), json!({"password": crate::harness::proof::PASSWORD})),
        ("PUT", "/v1/me/password".to_owned(), json!({"password": "ledger-monsoon-octagon"})),
        ("GET", "/v1/me/password".to_owned(), Value::Null),
        ("GET", "/v1/me/devices".to_owned(), Value::Null),
        ("GET", "/v1/me/sessions".to_owned(), Value::Null),
        ("DELETE", "/v1/me/sessions".to_owned(), Value::Null),
        ("DELETE", format!("/v1/me/sessions/{}", two.own), Value::Null),
        ("PATCH", "/v1/me".to_owned(), json!({"name": "Mallory"})),
        ("POST", "/v1/me/email".to_owned(), json!({"email": "mallory@evil.example"})),
        ("POST", format!("{account}/join"), Value::Null),
        (
            "POST",
            "/v1/accounts".to_owned(),
            json!({"name": "Mine", "parent": house.account,
            "first_user": {"name": "Mallory", "email": "mallory@evil.example"}}),
        ),
    ];
    for (method, path, body) in signed_on {
        for thief in [&cleo, &olga] {
            let body = Some(body.clone()).filter(|body| !body.is_null());
            assert_eq!(code(&house.call(method, &path, thief, body).await), "signed_on", "{method} {path}");
        }
    }
    let unproven = [
        ("DELETE", format!("{account}/members/{ben}"), Value::Null),
        ("POST", format!("{account}/owners"), json!({"user": dora})),
        ("POST", format!("{account}/suspend"), Value::Null),
        ("PUT", format!("{account}/settings/branding"), json!({"name": "Mine", "colour": "#1d4ed8"})),
        ("PUT", format!("{account}/join-domains/evil.example"), json!({"role": "member"})),
        ("PUT", format!("{account}/sign-on"), json!({"issuer": "https://evil.example", "client_id": "a"})),
        ("DELETE", format!("{account}/sign-on"), Value::Null),
    ];
    for (method, path, body) in unproven {
        let body = Some(body).filter(|body| !body.is_null());
        assert_eq!(code(&house.call(method, &path, &olga, body).await), "needs_fresh_proof", "{method} {path}");
    }
    assert_eq!(dump(&house.test).await, before);
}

async fn whoever_loses_their_place_loses_it(test: TestDb) {
    let two = Two::of(test).await;
    let house = &two.office.house;
    let (dora, cleo) = (two.office.token("Dora Dahl").await, two.office.token("Cleo Costa").await);
    house.suspend("Ben Bauer", "Dora Dahl").await;
    assert_eq!(house.call("GET", "/v1/me", &dora, None).await.status, 401);
    let everywhere = house.sign_in("Cleo Costa").await;
    let leave = format!("/v1/accounts/{}/members/{}/leave", house.account, house.user("Cleo Costa").await);
    assert_eq!(house.call("POST", &leave, &everywhere, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/me", &cleo, None).await.status, 401);
    assert_eq!(house.call("GET", "/v1/me", &everywhere, None).await.status, 200);
    // So does everybody whom nobody vouches for any more.
    let ben = two.office.token("Ben Bauer").await;
    let olga = house.proven("Olga Orlova").await;
    let domain = format!("/v1/accounts/{}/join-domains/acme.example", house.account);
    assert_eq!(house.call("DELETE", &domain, &olga, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/me", &ben, None).await.status, 401);
    // It ends itself, and nothing else.
    two.office.prove_domain(&house.account, "acme.example").await;
    let ben = two.office.token("Ben Bauer").await;
    assert_eq!(house.call("POST", "/v1/sign-out", &ben, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/me", &ben, None).await.status, 401);
}

async fn its_word_counts_for_nothing_in_the_roster(test: TestDb) {
    let two = Two::of(test).await;
    let house = &two.office.house;
    let (account, ben) = (format!("/v1/accounts/{}", house.account), two.office.token("Ben Bauer").await);
    let leave = format!("{account}/members/{}/leave", house.user("Ben Bauer").await);
    assert_eq!(code(&house.call("POST", &leave, &ben, None).await), "signed_on");
    let puppet = json!({"name": "Pia Puppet", "email": "pia@evil.example", "role": "administrator"});
    assert_eq!(house.call("POST", &format!("{account}/members"), &ben, Some(puppet)).await.status, 201);
    let dora = house.user("Dora Dahl").await;
    let path = format!("{account}/members/{dora}");
    let suspended = house.call("PATCH", &path, &ben, Some(json!({"status": "suspended"}))).await;
    assert_eq!(suspended.status, 200, "{}", suspended.body);
    let roster = house.call("GET", &format!("{account}/roster"), &ben, None).await.json();
    let people = roster["people"].as_array().unwrap();
    let changing: Vec<_> = people.iter().filter(|place| !place["change"].is_null()).collect();
    assert_eq!(changing.len(), 2, "{roster}");
    for place in changing {
        assert_eq!(place["confirmed_by"], json!([]), "{place}");
        for say in ["contest", "confirm"] {
            let path = format!("{account}/roster/{}/{say}", place["change"].as_str().unwrap());
            assert_eq!(code(&house.call("POST", &path, &ben, None).await), "signed_on", "{say}");
        }
    }
}

async fn a_recovery_ends_it_and_what_its_owner_chose(test: TestDb) {
    let Office { house, provider } = Office::of(test).await;
    let story = Story { case: house.open_case().await, house };
    for name in ["Ben Bauer", "Dora Dahl"] {
        story.vote(name, "approve").await;
    }
    story.pass(SignedDuration::from_hours(71)).await;
    assert_eq!(story.state().await, "waiting");
    let (house, page) = (&story.house, format!("/accounts/{}", story.house.account));
    let browser = Browser::new(house);
    let sent = browser.post(&format!("/sign-on/{}", house.account), &[]).await;
    let back = provider.sign_in(&leads_to(&sent), Person::new("one", &address("Olga Orlova")));
    assert_eq!(returns(&browser, &back, "").await.status, 303);
    assert_eq!(browser.get(&page).await.status, 200);
    story.pass(SignedDuration::from_mins(61)).await;
    assert_eq!(story.state().await, "completed");
    assert_eq!(browser.get(&page).await.status, 303, "the session has ended");
    // She had chosen the provider, so it vouches for nobody any more.
    let path = format!("/v1/accounts/{}/sign-on", house.account);
    assert_eq!(house.call("GET", &path, &house.operator, None).await.json()["provider"], Value::Null);
}

/// Every route: of the API with its method, and of the pages with both that they have.
fn routes() -> BTreeSet<(String, String)> {
    const ROUTES: &str = include_str!("../../../src/web/router.rs");
    let described = serde_json::to_value(description()).unwrap();
    let mut all = BTreeSet::new();
    for (path, item) in described["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"].iter().filter(|method| item.get(**method).is_some()) {
            all.insert((method.to_uppercase(), path.clone()));
        }
    }
    let quoted = |route: &str| route.split('"').nth(1).unwrap().to_owned();
    for route in ROUTES.split(".route(").skip(1) {
        all.insert(("GET".to_owned(), quoted(route)));
        if route.split(".route(").next().unwrap().contains("post(") {
            all.insert(("POST".to_owned(), quoted(route)));
        }
    }
    // Those that sign in or out, or show every mail to whoever sits at the machine, are nobody's session's.
    all.retain(|(_, path)| {
        !["/sign-", "/v1/sign-", "/mailbox", "/v1/links", "/l/"].iter().any(|open| path.starts_with(open))
    });
    all
}

/// Whatever is called, with whatever there is in the other account or of the person: nothing of it is read, nothing changes.
async fn no_route_leads_further(test: TestDb) {
    let two = Two::of(test).await;
    let house = &two.office.house;
    let everywhere = house.proven("Ben Bauer").await;
    let ben = two.office.token("Ben Bauer").await;
    let before = two.everything(&everywhere).await;
    assert!(before.iter().any(|part| part.contains(HIDDEN[0])) && before.iter().any(|part| part.contains(HIDDEN[1])));
    let (own, dora) = (house.user("Ben Bauer").await, house.user("Dora Dahl").await);
    let ids = [&two.hidden, &two.case, &two.offer, &two.own, &own, &dora, &house.account];
    let chance = Chance::seeded(17);
    let pick = |most: usize| usize::from(chance.bytes::<1>()[0]) % most;
    let routes = routes();
    assert!(routes.len() > 150, "{}", routes.len());
    for (method, path) in &routes {
        // First with what fits, then with anything.
        for turn in 0..4 {
            let fill = |part: &str| match (part, turn) {
                ("{account}", 0..3) => two.hidden.clone(),
                ("{case}", 0..3) => two.case.clone(),
                ("{transfer}", 0..3) => two.offer.clone(),
                ("{session}", 0..3) => two.own.clone(),
                ("{user}", 0) => own.clone(),
                ("{user}", 1 | 2) => dora.clone(),
                ("{domain}", _) => "acme.example".to_owned(),
                ("{deed}", _) => ["leave", "remove", "suspend", "accept", "grant", "role"][pick(6)].to_owned(),
                ("{act}", _) => ["suspend", "resume", "close", "keep"][pick(4)].to_owned(),
                (part, _) if part.starts_with('{') => ids[pick(ids.len())].clone(),
                (part, _) => part.to_owned(),
            };
            let filled: String = path.split('/').map(fill).collect::<Vec<_>>().join("/");
            let body = [
                json!({}),
                json!({"to": dora, "user": dora, "name": "Mallory", "kind": "replace", "nominee": own, "choice": "approve"}),
                json!({"name": "Mallory", "email": "mallory@evil.example", "role": "member"}),
            ][pick(3)]
            .clone();
            let form = "name=Mallory&email=mallory%40evil.example&act=branding&answer=accept&choice=approve&step=open";
            let (kind, body) = if path.starts_with("/v1/") || path.starts_with("/access/") {
                ("application/json", body.to_string())
            } else {
                ("application/x-www-form-urlencoded", form.to_owned())
            };
            let request = Request::builder()
                .method(method.as_str())
                .uri(&filled)
                .header(header::AUTHORIZATION, format!("Bearer {ben}"))
                .header(header::CONTENT_TYPE, kind)
                .header("sec-fetch-site", "same-origin")
                .header(header::ACCEPT, if turn % 2 == 0 { "text/html,*/*;q=0.8" } else { "*/*" })
                .body(if method == "GET" { Body::empty() } else { Body::from(body) });
            let reply = house.send(request.unwrap()).await;
            assert!(reply.status < 500, "{method} {filled}: {} {}", reply.status, reply.body);
            for hidden in HIDDEN {
                assert!(!reply.body.contains(hidden), "{method} {filled}: {}", reply.body);
            }
        }
    }
    assert_eq!(two.everything(&everywhere).await, before);
    assert_eq!(house.call("GET", "/v1/me", &ben, None).await.status, 200, "the session still runs");
}
