//! Exports: what somebody can check who has nothing but the file.

use std::process::Command;

use axum::{body::Body, http::Request};

use quorate::app::{
    principal::Principal,
    view::{activity::EntryFilter, activity_export::Export},
};
use serde_json::json;

use super::filters::{eventful, found};
use crate::{
    harness::{TestDb, on_both},
    web::{
        pages::browser::Browser,
        site::{House, Reply},
    },
};

on_both!(
    the_recipe_checks_an_export,
    a_table_is_for_people,
    only_readers_take_it_along,
    it_ends_where_the_log_did_and_with_the_right_to_read,
);

async fn taken(house: &House, accept: &str, query: &str) -> Reply {
    let request = Request::get(format!("/v1/accounts/{}/activity{query}", house.account))
        .header("accept", accept)
        .header("authorization", format!("Bearer {}", house.operator));
    house.send(request.body(Body::empty()).unwrap()).await
}

/// The program that docs/api.md tells people to check an export with.
fn recipe() -> String {
    let api = include_str!("../../../../docs/api.md");
    let (_, rest) = api.split_once("```python\n").expect("docs/api.md has a recipe in Python");
    rest.split("```").next().unwrap().to_owned()
}

/// What the recipe says of an export, and whether it is content.
pub fn checked(export: &str) -> (bool, String) {
    let directory = tempfile::Builder::new().prefix("quorate-test-export-").tempdir().unwrap();
    let (program, file) = (directory.path().join("check.py"), directory.path().join("activity.jsonl"));
    std::fs::write(&program, recipe()).unwrap();
    std::fs::write(&file, export).unwrap();
    let done = Command::new("python3").arg(program).arg(file).output().unwrap();
    (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
}

async fn the_recipe_checks_an_export(test: TestDb) {
    let (house, _) = eventful(test).await;
    let entries = found(&house, "").await;
    for accept in ["application/jsonl", "application/x-ndjson", "text/csv;q=0.5, application/jsonl, */*;q=0.1"] {
        let reply = taken(&house, accept, "").await;
        assert_eq!((reply.status, reply.headers["content-type"].to_str().unwrap()), (200, "application/jsonl"));
        assert_eq!(reply.body.lines().count(), entries.len(), "all of it, whatever the limit");
        let head = entries.last().unwrap()["hash"].as_str().unwrap();
        assert_eq!(checked(&reply.body), (true, format!("{} entries, the last hash is {head}\n", entries.len())));
    }
    let whole = taken(&house, "application/jsonl", "").await.body;
    for (from, to) in [
        ("member.left", "member.lost"),
        ("Cleo Costa", "Cleo Casta"),
        ("\"salt\":\"", "\"salt\":\"00"),
        ("\"hash\":\"", "\"hash\":\"00"),
    ] {
        let changed = whole.replacen(from, to, 1);
        assert_ne!(changed, whole, "{from}");
        assert!(!checked(&changed).0, "{from}");
    }
    let without = |gone: usize| {
        let lines = whole.lines().enumerate().filter(|(place, _)| *place != gone);
        lines.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
    };
    assert!(!checked(&without(10)).0, "a line is missing");
    // With filters, all that they find.
    let some = taken(&house, "application/jsonl", "?kind=member.left&limit=1").await.body;
    assert_eq!((some.lines().count(), some.contains("member.left")), (1, true));
    // Everything else is the list as always.
    for accept in ["application/json", "*/*", "text/html", "text/csv;q=0", "application/json, text/csv;q=0.9"] {
        let reply = taken(&house, accept, "?limit=1").await;
        assert_eq!(reply.json()["items"].as_array().unwrap().len(), 1, "{accept}");
    }
}

async fn a_table_is_for_people(test: TestDb) {
    let (house, cast) = eventful(test).await;
    let rename = format!(
        "update users set name = '=1+1, \"Dora\"' where id = {}",
        match house.test.db.backend() {
            quorate::store::tx::Backend::Sqlite => format!("x'{}'", cast.about.uuid().simple()),
            quorate::store::tx::Backend::Postgres => format!("'{}'", cast.about.uuid()),
        }
    );
    house.test.script(&rename).await;
    let reply = taken(&house, "text/csv", "").await;
    assert_eq!(reply.headers["content-type"].to_str().unwrap(), "text/csv; charset=utf-8; header=present");
    let lines: Vec<&str> = reply.body.split_terminator("\r\n").collect();
    assert_eq!(lines[0], "\u{feff}number,time,kind,sentence,who,who_id,whom,whom_id,case,hash");
    assert_eq!(lines.len(), found(&house, "").await.len() + 1);
    let left = lines.iter().find(|line| line.contains("member.left")).unwrap();
    assert!(left.contains("\"'=1+1, \"\"Dora\"\" left the account.\""), "{left}");
    assert!(left.contains(",Ben Bauer,"), "{left}");
    assert!(!reply.body.contains(",=") && !reply.body.contains(",\"="), "a formula");
}

async fn only_readers_take_it_along(test: TestDb) {
    let (house, _) = eventful(test).await;
    let path = format!("/accounts/{}/activity/export/", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    let file = ben.get(&format!("{path}csv?topic=owners")).await;
    assert_eq!(file.status, 200, "{}", file.body);
    let named = file.headers["content-disposition"].to_str().unwrap();
    assert_eq!(named, format!("attachment; filename=\"activity-{}.csv\"", house.account));
    assert!(file.body.lines().count() > 5 && !file.body.contains("member.left"));
    let dora = ben.get(&format!("{path}jsonl?person=ben@example.org&from=2026-01-01")).await;
    assert_eq!(dora.status, 422, "{}", dora.body);
    let file = ben.get(&format!("{path}jsonl")).await;
    assert!(checked(&file.body).0);
    assert_eq!(ben.get(&format!("{path}xml")).await.status, 404);
    assert_eq!(Browser::new(&house).get(&format!("{path}csv")).await.status, 303);
    let elsewhere = json!({"name": "Other", "preset": "single-owner",
        "first_user": {"name": "Zoe", "email": "zoe@example.org"}});
    let other = house.call("POST", "/v1/accounts", &house.operator, Some(elsewhere)).await.json();
    let other = format!("/v1/accounts/{}/activity", other["id"].as_str().unwrap());
    let nowhere = "/v1/accounts/acct_01h455vb4pex5vsknk084sn02q/activity";
    for (outsider, accept) in [
        (nowhere, "text/csv"),
        (nowhere, "application/jsonl"),
        (other.as_str(), "text/csv"),
        (other.as_str(), "application/jsonl"),
    ] {
        let request = Request::get(outsider).header("accept", accept).body(Body::empty()).unwrap();
        assert_eq!(house.send(request).await.status, 401);
        let token = house.sign_in("Ben Bauer").await;
        let request =
            Request::get(outsider).header("accept", accept).header("authorization", format!("Bearer {token}"));
        assert_eq!(house.send(request.body(Body::empty()).unwrap()).await.status, 404);
    }
}

async fn it_ends_where_the_log_did_and_with_the_right_to_read(test: TestDb) {
    let (house, _) = eventful(test).await;
    let (app, account) = (&house.site.app, house.account.parse().unwrap());
    let id = house.user("Ben Bauer").await;
    let ben = Principal::Person { user: id.parse().unwrap(), session: None, within: None, proof: None };
    let begin = async || Export::begin(app, &ben, account, EntryFilter::default()).await.unwrap();
    let (mut export, before) = (begin().await, found(&house, "").await.len());
    house.invite("Dora Dahl", "Eve Ek").await;
    assert_eq!(export.next().await.unwrap().lines.len(), before, "what came meanwhile is not in it");
    assert!(export.next().await.unwrap().lines.is_empty());
    let mut export = begin().await;
    let (olga, path) = (house.proven("Olga Orlova").await, format!("/v1/accounts/{}/members/{id}", house.account));
    let suspended = house.call("PATCH", &path, &olga, Some(json!({"status": "suspended"}))).await;
    assert_eq!(suspended.status, 200, "{}", suspended.body);
    assert!(export.next().await.is_err(), "whoever may no longer read it gets no more");
}
