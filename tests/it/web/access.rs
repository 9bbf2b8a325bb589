//! Permission decisions over HTTP, as the Authorization API 1.0 spells them: the answers, their reasons, and who may ask.

use std::sync::{Arc, Mutex};

use axum::{body::Body, http::Request};
use quorate::{
    app::{
        app::App,
        authenticate::Credential,
        evaluate::{About, Question, Subject, evaluate},
    },
    id::{AccountId, UserId},
    ownership::access::Decision,
    store::{
        db::Db,
        gate::{Call, Gate},
        open::Options,
    },
};
use serde_json::{Value, json};

use super::site::{House, Reply, URL, address};
use crate::{
    harness::{TestDb, on_both, small},
    ownership::table,
};

on_both!(
    the_table_of_a_partner_account_is_answered_cell_by_cell,
    each_answer_has_its_reason,
    an_account_out_of_use_gives_nothing,
    several_questions_are_answered_at_once,
    people_ask_about_themselves,
    tokens_ask_if_they_may,
    what_is_no_question_is_refused_as_the_standard_has_it,
    the_metadata_say_where_to_ask,
    a_request_is_one_statement_and_no_transaction,
);

const ONE: &str = "/access/v1/evaluation";
const MANY: &str = "/access/v1/evaluations";

/// Who, what, and with which account.
fn question(user: &str, permission: &str, account: &str) -> Value {
    json!({
        "subject": {"type": "user", "id": user},
        "action": {"name": permission},
        "resource": {"type": "account", "id": account},
    })
}

/// The answer, and the code of its reason.
fn decided(reply: &Reply) -> (bool, String) {
    assert_eq!(reply.status, 200, "{}", reply.body);
    of(&reply.json())
}

fn of(answer: &Value) -> (bool, String) {
    let reason = &answer["context"]["reason"];
    assert!(reason["sentence"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{answer}");
    (answer["decision"].as_bool().unwrap(), reason["code"].as_str().unwrap().to_owned())
}

fn yes(code: &str) -> (bool, String) {
    (true, code.to_owned())
}

fn no(code: &str) -> (bool, String) {
    (false, code.to_owned())
}

fn refused(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap().to_owned())
}

/// A member's id.
async fn id_of(house: &House, name: &str) -> String {
    let ben = house.sign_in("Ben Bauer").await;
    let members = house.call("GET", &format!("/v1/accounts/{}/members", house.account), &ben, None).await.json();
    let members = members["items"].as_array().unwrap();
    members.iter().find(|member| member["name"] == name).unwrap()["user"].as_str().unwrap().to_owned()
}

/// A token of the vendor's product.
async fn product(house: &House, scopes: &[&str]) -> String {
    let new = json!({"name": "product", "kind": "platform", "scopes": scopes});
    let made = house.call("POST", "/v1/tokens", &house.operator, Some(new)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.json()["secret"].as_str().unwrap().to_owned()
}

/// Every role asked for every action of the table, and the answer is the table.
async fn the_table_of_a_partner_account_is_answered_cell_by_cell(test: TestDb) {
    let mut house = House::operated(test).await;
    let new = json!({"name": "Partner", "preset": "partner-managed",
        "first_user": {"name": "Olga Orlova", "email": address("Olga Orlova")}});
    let created = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    house.account = created.json()["id"].as_str().unwrap().to_owned();
    house.accept("Olga Orlova").await;
    let olga = house.sign_in("Olga Orlova").await;
    house.prove("Olga Orlova", &olga).await;
    let mut people = std::collections::BTreeMap::new();
    for (number, role) in table::COLUMNS.into_iter().enumerate() {
        let name = format!("{} Member", ["Ann", "Bea", "Cid", "Dan", "Eva", "Fay"][number]);
        let new = json!({"name": name, "email": address(&name), "role": role});
        let invited = house.call("POST", &format!("/v1/accounts/{}/members", house.account), &olga, Some(new)).await;
        assert_eq!(invited.status, 201, "{}", invited.body);
        house.accept(&name).await;
        people.insert(role, invited.json()["user"].as_str().unwrap().to_owned());
    }
    let token = product(&house, &["access.evaluate"]).await;
    let cells: Vec<_> = table::cells().collect();
    assert_eq!(cells.len(), 6 * 13);
    for (permission, role, ticked) in cells {
        let asked = question(&people[role], permission, &house.account);
        let answer = decided(&house.call("POST", ONE, &token, Some(asked)).await);
        let expected = if ticked { yes("role") } else { no("role_lacks") };
        assert_eq!(answer, expected, "{permission} of {role}");
    }
}

async fn each_answer_has_its_reason(test: TestDb) {
    let house = House::furnished(test).await;
    let token = product(&house, &["access.evaluate"]).await;
    house.invite("Ben Bauer", "Emil Ek").await;
    let [olga, ben, emil] =
        [id_of(&house, "Olga Orlova").await, id_of(&house, "Ben Bauer").await, id_of(&house, "Emil Ek").await];
    let (nobody, nowhere) = (UserId::to_string(&house.site.app.id()), AccountId::to_string(&house.site.app.id()));
    let here = house.account.as_str();
    for (user, permission, account, expected) in [
        (olga.as_str(), "account.close", here, yes("owner")),
        (&ben, "members.manage", here, yes("role")),
        (&ben, "account.close", here, no("owners_only")),
        (&ben, "dances.dance", here, no("unknown_permission")),
        (&emil, "members.view", here, no("not_accepted")),
        (&address("Ben Bauer"), "members.manage", here, yes("role")),
        (&address("Ben Bauer").to_uppercase(), "members.manage", here, yes("role")),
        ("nobody@acme.example", "members.manage", here, no("unknown_subject")),
        (&nobody, "members.manage", here, no("unknown_subject")),
        ("ben", "members.manage", here, no("unknown_subject")),
        (&ben, "members.manage", &nowhere, no("unknown_resource")),
        (&ben, "members.manage", "here", no("unknown_resource")),
    ] {
        let answer = house.call("POST", ONE, &token, Some(question(user, permission, account))).await;
        assert_eq!(decided(&answer), expected, "{user} {permission} {account}");
    }
    house.accept("Emil Ek").await;
    let asked = question(&emil, "members.manage", here);
    assert_eq!(decided(&house.call("POST", ONE, &token, Some(asked.clone())).await), no("role_lacks"));
    house.suspend("Ben Bauer", "Emil Ek").await;
    let answer = house.call("POST", ONE, &token, Some(asked)).await;
    assert_eq!(decided(&answer), no("suspended"), "at once, with nothing kept from before");
    let other = json!({"subject": {"type": "machine", "id": ben}, "action": {"name": "members.manage"},
        "resource": {"type": "account", "id": here}});
    assert_eq!(decided(&house.call("POST", ONE, &token, Some(other)).await), no("unknown_subject"));
    let other = json!({"subject": {"type": "user", "id": ben}, "action": {"name": "members.manage"},
        "resource": {"type": "invoice", "id": here}});
    assert_eq!(decided(&house.call("POST", ONE, &token, Some(other)).await), no("unknown_resource"));
}

async fn an_account_out_of_use_gives_nothing(test: TestDb) {
    let house = House::furnished(test).await;
    let token = product(&house, &["access.evaluate"]).await;
    let ben = id_of(&house, "Ben Bauer").await;
    let olga = id_of(&house, "Olga Orlova").await;
    let until = house.site.app.now().after(jiff::SignedDuration::from_hours(1));
    let closing = match house.test.db.backend() {
        quorate::store::tx::Backend::Sqlite => until.micros().to_string(),
        quorate::store::tx::Backend::Postgres => format!("'{until}'"),
    };
    for (status, until, manage, close) in [
        ("suspended", "null", no("account_suspended"), yes("owner")),
        ("closing", closing.as_str(), no("account_closing"), yes("owner")),
        ("active", "null", yes("role"), yes("owner")),
        ("closed", "null", no("account_closed"), no("account_closed")),
    ] {
        let sql = format!("update accounts set status = '{status}', closing_until = {until}");
        house.test.script(&sql).await;
        let asked = |user: &str, permission| question(user, permission, &house.account);
        let answer = house.call("POST", ONE, &token, Some(asked(&ben, "settings.manage"))).await;
        assert_eq!(decided(&answer), manage, "{status}");
        let answer = house.call("POST", ONE, &token, Some(asked(&olga, "account.close"))).await;
        assert_eq!(decided(&answer), close, "{status}");
    }
}

async fn several_questions_are_answered_at_once(test: TestDb) {
    let house = House::furnished(test).await;
    let token = product(&house, &["access.evaluate"]).await;
    let [olga, ben] = [id_of(&house, "Olga Orlova").await, id_of(&house, "Ben Bauer").await];
    let asked = json!({
        "subject": {"type": "user", "id": ben},
        "action": {"name": "account.close"},
        "resource": {"type": "account", "id": house.account},
        "evaluations": [
            {"action": {"name": "members.manage"}},
            {},
            {"subject": {"type": "user", "id": olga}},
            {"subject": {"type": "user", "id": "nobody@acme.example"}},
            {"resource": {"type": "account", "id": "acct_none"}},
        ],
    });
    let expected = [yes("role"), no("owners_only"), yes("owner"), no("unknown_subject"), no("unknown_resource")];
    let answers = |reply: &Reply| -> Vec<(bool, String)> {
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["evaluations"].as_array().unwrap().iter().map(of).collect()
    };
    assert_eq!(answers(&house.call("POST", MANY, &token, Some(asked.clone())).await), expected);
    for (semantic, kept) in [("execute_all", 5), ("deny_on_first_deny", 2), ("permit_on_first_permit", 1)] {
        let mut asked = asked.clone();
        asked["options"] = json!({"evaluations_semantic": semantic});
        let reply = house.call("POST", MANY, &token, Some(asked)).await;
        assert_eq!(answers(&reply), expected[..kept], "{semantic}");
    }
    // Without a list it is the one question, and answered as one.
    let single = house.call("POST", MANY, &token, Some(question(&ben, "members.manage", &house.account))).await;
    assert_eq!(decided(&single), yes("role"));
    // What says too little is a no among the others; what says half of something is no question, and nothing is taken
    // for the other half.
    let half = json!({"evaluations": [{"action": {"name": "x"}}, question(&ben, "members.manage", &house.account)]});
    assert_eq!(answers(&house.call("POST", MANY, &token, Some(half)).await), [no("incomplete"), yes("role")]);
    let mut torn = asked;
    torn["evaluations"][1] = json!({"subject": {"id": olga}});
    let reply = house.call("POST", MANY, &token, Some(torn)).await;
    let pointer = &reply.json()["errors"][0]["pointer"];
    assert_eq!((reply.status, pointer), (400, &json!("/evaluations/1/subject/type")), "{}", reply.body);
    let hundred = |count| json!({"evaluations": vec![question(&ben, "members.manage", &house.account); count]});
    assert_eq!(answers(&house.call("POST", MANY, &token, Some(hundred(100))).await), vec![yes("role"); 100]);
    let more = house.call("POST", MANY, &token, Some(hundred(101))).await;
    assert_eq!((more.status, &more.json()["errors"][0]["pointer"]), (400, &json!("/evaluations")), "{}", more.body);
    // As many different people, so that the one statement asks for each.
    let people = ["Olga Orlova", "Ben Bauer", "Cleo Costa", "Dora Dahl"];
    let each: Vec<Value> =
        people.iter().map(|name| question(&address(name), "members.manage", &house.account)).collect();
    let told = answers(&house.call("POST", MANY, &token, Some(json!({"evaluations": each}))).await);
    assert_eq!(told, [yes("owner"), yes("role"), yes("role"), yes("role")]);
}

async fn people_ask_about_themselves(test: TestDb) {
    let house = House::furnished(test).await;
    let other = json!({"name": "Other", "preset": "single-owner",
        "first_user": {"name": "Zoe Zander", "email": address("Zoe Zander")}});
    let other = house.call("POST", "/v1/accounts", &house.operator, Some(other)).await;
    let other = other.json()["id"].as_str().unwrap().to_owned();
    let [olga, ben] = [id_of(&house, "Olga Orlova").await, id_of(&house, "Ben Bauer").await];
    let token = house.sign_in("Ben Bauer").await;
    let mine = house.call("POST", ONE, &token, Some(question(&ben, "members.manage", &house.account))).await;
    assert_eq!(decided(&mine), yes("role"));
    // Of an account that they may not know of they learn nothing: it is as if there were none.
    let nowhere = AccountId::to_string(&house.site.app.id());
    let mut told = Vec::new();
    for account in [other.as_str(), &nowhere, "acct_none"] {
        for permission in ["members.manage", "dances.dance"] {
            let reply = house.call("POST", ONE, &token, Some(question(&ben, permission, account))).await;
            assert_eq!(decided(&reply), no("not_a_member"));
            told.push(reply.body);
        }
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    // And nothing of others, whether they exist or not; one of many is enough.
    let mut told = Vec::new();
    for user in [olga.as_str(), "nobody@acme.example", &address("Zoe Zander")] {
        let reply = house.call("POST", ONE, &token, Some(question(user, "members.manage", &house.account))).await;
        assert_eq!(refused(&reply), (403, "about_yourself_only".to_owned()));
        told.push(reply.json()["detail"].clone());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    let both = json!({"evaluations": [question(&ben, "members.view", &house.account), question(&olga, "members.view", &house.account)]});
    let reply = house.call("POST", MANY, &token, Some(both)).await;
    assert_eq!(refused(&reply), (403, "about_yourself_only".to_owned()));
}

async fn tokens_ask_if_they_may(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = id_of(&house, "Ben Bauer").await;
    let asked = || Some(question(&ben, "members.manage", &house.account));
    assert_eq!(decided(&house.call("POST", ONE, &house.operator, asked()).await), yes("role"));
    let reader = product(&house, &["read"]).await;
    let reply = house.call("POST", ONE, &reader, asked()).await;
    assert_eq!(refused(&reply), (403, "needs_scope".to_owned()));
    assert!(reply.json()["detail"].as_str().unwrap().contains("access.evaluate"), "{}", reply.body);
    for token in ["", "quorate_session_x", "nonsense"] {
        assert_eq!(house.call("POST", ONE, token, asked()).await.status, 401, "{token}");
        assert_eq!(house.call("POST", MANY, token, Some(json!({"evaluations": [{}]}))).await.status, 401, "{token}");
    }
    // For a person, a token asks as that person.
    let speaker = product(&house, &["access.evaluate", "act_for"]).await;
    let olga = id_of(&house, "Olga Orlova").await;
    for (subject, expected) in [(&ben, 200), (&olga, 403)] {
        let body = question(subject, "members.manage", &house.account).to_string();
        let request = Request::post(ONE)
            .header("authorization", format!("Bearer {speaker}"))
            .header("content-type", "application/json")
            .header("quorate-on-behalf-of", &ben);
        let reply = house.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(reply.status, expected, "{}", reply.body);
    }
    // What has ended asks no more.
    let session = house.sign_in("Ben Bauer").await;
    assert_eq!(house.call("POST", ONE, &session, asked()).await.status, 200);
    assert!(house.call("POST", "/v1/sign-out", &session, None).await.status < 300);
    assert_eq!(house.call("POST", ONE, &session, asked()).await.status, 401);
}

async fn what_is_no_question_is_refused_as_the_standard_has_it(test: TestDb) {
    let house = House::furnished(test).await;
    let token = product(&house, &["access.evaluate"]).await;
    let whole = question("ben@acme.example", "members.manage", &house.account);
    for (field, pointer) in [("subject", "/subject"), ("action", "/action"), ("resource", "/resource")] {
        let mut part = whole.clone();
        part.as_object_mut().unwrap().remove(field);
        let reply = house.call("POST", ONE, &token, Some(part)).await;
        assert_eq!(reply.status, 400, "{}", reply.body);
        assert!(reply.body.contains(field), "{pointer}: {}", reply.body);
    }
    let send = |kind: &'static str, body: String| {
        let request = Request::post(ONE)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", kind)
            .header("x-request-id", "theirs-42");
        house.send(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(send("application/json", "{".to_owned()).await.status, 400);
    assert_eq!(send("text/plain", whole.to_string()).await.status, 400);
    // What the standard knows and we do not read is passed over.
    let mut more = whole.clone();
    more["context"] = json!({"time": "2026-11-24T09:30:00Z", "deep": {"er": [1, null]}});
    more["subject"]["properties"] = json!({"department": "Sales"});
    more["extension"] = json!(1);
    let reply = send("application/json; charset=utf-8", more.to_string()).await;
    assert_eq!(decided(&reply), yes("role"));
    assert_eq!(reply.headers["x-request-id"], "theirs-42", "a caller finds its answers by its own ids");
}

async fn the_metadata_say_where_to_ask(test: TestDb) {
    let house = House::operated(test).await;
    let told = house.call("GET", "/.well-known/authzen-configuration", "", None).await;
    assert_eq!(told.status, 200, "{}", told.body);
    let expected = json!({
        "policy_decision_point": URL,
        "access_evaluation_endpoint": format!("{URL}{ONE}"),
        "access_evaluations_endpoint": format!("{URL}{MANY}"),
    });
    assert_eq!(told.json(), expected);
}

/// It is asked on every request of the vendor's product, so it costs one round trip, however many questions it has.
async fn a_request_is_one_statement_and_no_transaction(test: TestDb) {
    let house = House::furnished(test).await;
    let token = product(&house, &["access.evaluate"]).await;
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = calls.clone();
    let gate = Gate::kept_by(move |call| {
        seen.lock().unwrap().push(call);
        Ok(())
    });
    let db = Db::open(&house.test.url, &Options { gate, ..small() }).await.unwrap();
    let app = App { db, ..house.site.app.clone() };
    let credential = Credential::new(&token, None);
    let about = |name: &str| Question {
        about: About {
            subject: Subject::Address(address(name).parse().unwrap()),
            account: Some(house.account.parse().unwrap()),
        },
        permission: "members.manage".to_owned(),
    };
    let one = [about("Ben Bauer")];
    let several = [about("Ben Bauer"), about("Olga Orlova"), about("Cleo Costa"), about("Ben Bauer")];
    for asked in [&one[..], &several[..]] {
        calls.lock().unwrap().clear();
        let answers = evaluate(&app, &credential, asked).await.unwrap();
        assert!(answers.len() == asked.len() && answers.iter().all(Decision::is_allowed), "{answers:?}");
        assert_eq!(*calls.lock().unwrap(), [Call::Statement]);
    }
}
