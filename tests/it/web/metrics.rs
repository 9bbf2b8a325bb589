//! The numbers: what they tell, to whom, and that nothing of anybody gets into them.

use std::collections::{BTreeMap, BTreeSet};

use axum::{body::Body, http::Request};
use jiff::SignedDuration;
use quorate::{
    config::Limits,
    jobs::{deadlines, deliver},
    meter::names::{ALL, Kind, Metric},
    web::{metrics, server::Peer, site::Mailbox},
};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::site::{House, Reply, URL, address, empty};
use crate::harness::{TestDb, on_both};

/// A line: the metric's name, its labels, its value.
type Numbers = BTreeMap<(String, BTreeMap<String, String>), String>;

fn read(text: &str) -> Numbers {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            let labels = labels.strip_suffix('}').unwrap();
            let labels = labels.split("\",").filter(|label| !label.is_empty()).map(|label| {
                let (name, value) = label.split_once("=\"").unwrap();
                (name.to_owned(), value.trim_end_matches('"').to_owned())
            });
            ((name.to_owned(), labels.collect()), value.to_owned())
        })
        .collect()
}

/// A whole number.
fn count(numbers: &Numbers, name: &str, labels: &[(&str, &str)]) -> u64 {
    value(numbers, name, labels).parse().unwrap()
}

fn value<'n>(numbers: &'n Numbers, name: &str, labels: &[(&str, &str)]) -> &'n str {
    let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let found = numbers.get(&(name.to_owned(), labels));
    found.unwrap_or_else(|| panic!("no {name} among {:#?}", numbers.keys().collect::<Vec<_>>()))
}

/// The metric that a line belongs to: a histogram has three kinds of lines.
fn metric(line: &str) -> &'static Metric {
    let of = |metric: &&Metric| match metric.kind {
        Kind::Counter | Kind::Gauge => line == metric.name,
        Kind::Histogram(_) => ["_bucket", "_sum", "_count"].iter().any(|end| line == format!("{}{end}", metric.name)),
    };
    ALL.iter().find(of).unwrap_or_else(|| panic!("`{line}` stands in no table"))
}

async fn numbers(house: &House) -> Numbers {
    let reply = house.call("GET", "/metrics", "", None).await;
    assert_eq!(
        (reply.status, &reply.headers["content-type"]),
        (200, &"text/plain; version=0.0.4; charset=utf-8".parse().unwrap())
    );
    read(&reply.body)
}

/// What the jobs do, without their timing.
async fn sweep(house: &House) {
    let stop = CancellationToken::new();
    let delivered = Box::pin(deliver::deliver(&house.site.app, &house.site.post, &stop)).await.unwrap();
    assert_eq!(delivered.failed, 0);
    assert_eq!(Box::pin(deadlines::sweep(&house.site.app, &stop)).await.unwrap().failed, 0);
}

/// An account more, with a case: people sign in, one opens it, others vote, an owner pauses.
async fn story(house: &House, name: &str) {
    let at = |who: &str| format!("{who}.{name}");
    let person = |who: &str| json!({"name": at(who), "email": address(&at(who))});
    let new = json!({"name": name, "preset": "single-owner", "first_user": person("o"),
        "administrators": [person("a"), person("b"), person("c")]});
    let account = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await.json();
    let account = account["id"].as_str().unwrap();
    for who in ["o", "a", "b", "c"] {
        let (link, token) = house.link(&at(who), "invitation").await;
        assert_eq!(house.form(&format!("/l/{link}/do"), &[("token", &token)]).await.status, 200);
    }
    let a = house.sign_in(&at("a")).await;
    let members = house.call("GET", &format!("/v1/accounts/{account}/members"), &a, None).await.json();
    let b = members["items"].as_array().unwrap().iter().find(|member| member["name"] == at("b")).unwrap();
    let new = json!({"kind": "replace", "nominee": b["user"], "statement": format!("Nobody reaches {name}.")});
    let case = house.call("POST", &format!("/v1/accounts/{account}/cases"), &a, Some(new)).await.json();
    let (case, hash) = (case["id"].as_str().unwrap(), &case["terms_hash"]);
    let ballot = |choice: &str| Some(json!({"choice": choice, "terms_hash": hash}));
    for who in ["a", "b"] {
        let token = house.proven(&at(who)).await;
        assert_eq!(house.call("PUT", &format!("/v1/cases/{case}/ballot"), &token, ballot("approve")).await.status, 200);
    }
    let owner = house.sign_in(&at("o")).await;
    assert_eq!(house.call("POST", &format!("/v1/cases/{case}/pause"), &owner, None).await.status, 200);
    // And what strangers do: addresses that are none, tokens that are none, codes that are wrong.
    assert_eq!(house.call("GET", &format!("/{name}/{case}?token={case}"), "", None).await.status, 404);
    assert_eq!(house.call("GET", &format!("/v1/accounts/{account}"), name, None).await.status, 401);
    assert_eq!(house.call(&name.to_uppercase(), "/v1/accounts", name, None).await.status, 405);
    let wrong = json!({"email": address(&at("a")), "code": "00000000"});
    assert_eq!(house.call("POST", "/v1/sign-in/confirm", "", Some(wrong)).await.status, 422);
    sweep(house).await;
}

async fn house(test: TestDb) -> House {
    let house = House::furnished(test).await;
    for name in ["deliver", "deadlines", "prune"] {
        house.site.pulse.watch(
            name,
            std::time::Duration::from_secs(5),
            std::time::Duration::ZERO,
            house.site.app.now(),
        );
    }
    house
}

on_both!(the_numbers_tell_the_story, the_number_of_series_does_not_grow_with_people);

async fn the_numbers_tell_the_story(test: TestDb) {
    let house = house(test).await;
    let before = numbers(&house).await;
    story(&house, "north").await;
    let after = numbers(&house).await;
    let event = |name: &str| count(&after, "quorate_case_events_total", &[("event", name)]);
    assert_eq!(["case.opened", "case.ballot_cast", "case.quorum_reached", "case.paused"].map(event), [1, 2, 1, 1]);
    let sign_ins = |step: &str| count(&after, "quorate_sign_ins_total", &[("step", step)]);
    assert_eq!(["asked", "signed_in", "refused"].map(sign_ins), [4, 4, 1]);
    let refused = |code: &str| count(&after, "quorate_refusals_total", &[("code", code)]);
    assert_eq!(["not_found", "unauthenticated", "method_not_allowed", "wrong_code"].map(refused), [1; 4]);
    let ballots = [("route", "/v1/cases/{case}/ballot"), ("method", "PUT"), ("status", "2xx")];
    assert_eq!(count(&after, "quorate_http_requests_total", &ballots), 2);
    let timed = [("route", "/v1/cases/{case}/ballot"), ("method", "PUT"), ("le", "0.001")];
    assert_eq!(count(&after, "quorate_http_request_duration_seconds_bucket", &timed), 2, "the clock stands still");
    let saved = |unit: &str| {
        let labels = [("unit", unit), ("outcome", "saved")];
        count(&after, "quorate_database_unit_duration_seconds_count", &labels)
    };
    assert_eq!(["Save", "Act"].map(saved), [1, 2], "a plain ballot, the one that makes the quorum, and the pause");
    let queued = |numbers: &Numbers| count(numbers, "quorate_mails_queued", &[]);
    assert!(queued(&before) > 0 && queued(&after) == 0, "{} {}", queued(&before), queued(&after));
    let oldest: f64 = value(&before, "quorate_mails_oldest_age_seconds", &[]).parse().unwrap();
    assert!(oldest > 0.0);
    assert!(count(&after, "quorate_mails_total", &[("outcome", "accepted")]) >= queued(&before));
    assert_eq!(count(&after, "quorate_cases_open", &[("state", "paused")]), 1);
    assert_eq!((count(&after, "quorate_ready", &[]), count(&after, "quorate_database_up", &[])), (1, 1));
    assert!(count(&after, "quorate_database_connections_max", &[("pool", "write")]) >= 1);
    house.site.app.clock.advance(SignedDuration::from_hours(24 * 30));
    let later = numbers(&house).await;
    assert_eq!(count(&later, "quorate_cases_overdue", &[]), 1);
    assert_eq!(count(&later, "quorate_ready", &[]), 0, "the sweeps are stale");
}

async fn the_number_of_series_does_not_grow_with_people(test: TestDb) {
    let house = house(test).await;
    // The first makes every series that the story has; the second one may still be the first to find something waiting.
    for name in ["north", "south"] {
        story(&house, name).await;
        numbers(&house).await;
    }
    let before: BTreeSet<_> = numbers(&house).await.into_keys().collect();
    for number in 0..10 {
        story(&house, &format!("account{number}")).await;
    }
    let after: BTreeSet<_> = numbers(&house).await.into_keys().collect();
    assert_eq!(after.difference(&before).collect::<Vec<_>>(), Vec::<&(String, BTreeMap<String, String>)>::new());
    let text = house.call("GET", "/metrics", "", None).await.body;
    for word in ["north", "account7", "example", "acme", "acct_", "user_", "=\"case_", "link_", "Nobody"] {
        assert!(!text.contains(word), "`{word}` is in the numbers");
    }
    for (line, labels) in &after {
        let metric = metric(line);
        let names: BTreeSet<&str> = labels.keys().map(String::as_str).filter(|name| *name != "le").collect();
        assert_eq!(names, metric.labels.iter().copied().collect(), "{line}");
    }
}

#[tokio::test]
async fn every_metric_of_the_alerts_is_there() {
    let house = house(TestDb::sqlite().await).await;
    sweep(&house).await;
    let told = house.call("GET", "/metrics", "", None).await.body;
    let rules = include_str!("../../../deploy/prometheus/alerts.yaml");
    let words = rules.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let named: BTreeSet<&str> = words.filter(|word| word.starts_with("quorate_")).collect();
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        metric(name);
        // The jobs themselves do not run here.
        if !name.starts_with("quorate_sweep_row_failures") {
            assert!(told.contains(&format!("\n{name}")), "`{name}` is not told");
        }
    }
    let documented = include_str!("../../../docs/operations.md");
    for metric in ALL {
        assert!(
            documented.contains(&format!("`{}`", metric.name)),
            "docs/operations.md does not tell of `{}`",
            metric.name
        );
    }
}

async fn ask(house: &House, peer: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::get("/metrics").extension(Peer(peer.parse().unwrap()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_main_address_shows_them_to_this_machine_only() {
    let house = empty(TestDb::sqlite().await, Mailbox::Closed);
    assert_eq!(ask(&house, "127.0.0.1:50000", &[]).await.status, 200);
    assert_eq!(ask(&house, "[::1]:50000", &[("host", "localhost")]).await.status, 200);
    assert_eq!(ask(&house, "192.0.2.1:50000", &[]).await.status, 404);
    assert_eq!(ask(&house, "127.0.0.1:50000", &[("host", "quorate.example")]).await.status, 404);
    assert_eq!(ask(&house, "127.0.0.1:50000", &[("x-forwarded-for", "192.0.2.1")]).await.status, 404);
}

#[tokio::test]
async fn with_a_public_address_only_their_own_address_shows_them() {
    let local = empty(TestDb::sqlite().await, Mailbox::Closed);
    assert_eq!(URL, "http://127.0.0.1:8080");
    let public = local.at("https://quorate.example");
    // A proxy on this machine that says nothing of itself looks just like this.
    assert_eq!(ask(&public, "127.0.0.1:50000", &[]).await.status, 404);
    let own = metrics::router(&public.site, Limits::default());
    for (path, status) in
        [("/metrics", 200), ("/healthz", 200), ("/readyz", 200), ("/v1/accounts", 404), ("/mailbox", 404)]
    {
        let request =
            Request::get(path).extension(Peer("192.0.2.1:50000".parse().unwrap())).body(Body::empty()).unwrap();
        assert_eq!(own.clone().oneshot(request).await.unwrap().status(), status, "{path}");
    }
}
