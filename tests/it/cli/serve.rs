//! `init`, `serve` and the signals that end it.

use std::{io::Write, os::unix::fs::PermissionsExt, path::Path};

use serde_json::Value;

use super::place::{Place, Serving};
use crate::harness::{TestDb, on_both};

on_both!(from_nothing_to_a_service_that_ends_well);

async fn from_nothing_to_a_service_that_ends_well(test: TestDb) {
    let bare = test.bare_sibling().await;
    let place = Place::with_database(&bare.url);
    let made = place.json(&["init"]);
    let token = made["operator_token"]["token"].as_str().unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place.data_dir()), mode(&place.data_dir().join("secret"))), (0o700, 0o600));

    let serving = place.serve(&[]);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(serving.get(path, "").0, "HTTP/1.1 200 OK", "{path}");
    }
    let (status, served) = serving.get("/openapi.json", "");
    assert_eq!(status, "HTTP/1.1 200 OK");
    let printed = place.run(&["openapi"]);
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!((printed.code, read(&printed.out)), (Some(0), read(&served)));
    assert!(read(&served)["paths"]["/v1/accounts"].is_object());

    assert_eq!(serving.get("/v1/accounts", token).0, "HTTP/1.1 200 OK");
    assert_eq!(serving.get("/v1/accounts", "quorate_token_wrong").0, "HTTP/1.1 401 Unauthorized");
    serving.signal("TERM");
    assert_eq!(serving.ended(), Some(0));
}

/// A request whose body never comes: it stays under way until its time is up.
const HALF: &[u8] = b"POST /v1/accounts HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\nhalf";

#[test]
fn the_second_signal_does_not_wait() {
    let place = Place::installed();
    let mut serving = place.serve(&[]);
    let mut client = serving.connect();
    client.write_all(HALF).unwrap();
    // Answered by the same process after the half request has reached it.
    assert_eq!(serving.get("/openapi.json", "").0, "HTTP/1.1 200 OK");
    serving.signal("INT");
    serving.until("ending");
    serving.signal("TERM");
    serving.until("ended by a second signal");
    assert_eq!(serving.ended(), Some(1));
}

#[test]
fn whoever_watches_has_an_address_of_their_own_that_tells_of_the_end() {
    let place = Place::installed();
    let environment = [("QUORATE_METRICS_LISTEN", "127.0.0.1:0"), ("QUORATE_LIMITS_LEAVE_SECONDS", "60")];
    let mut serving = place.serve_in(&environment, &[]);
    let watched = serving.metrics.clone().unwrap();
    let (status, numbers) = Serving::get_at(&watched, "/metrics", "");
    assert_eq!(status, "HTTP/1.1 200 OK");
    for line in ["\nquorate_ready 1\n", "\nquorate_sweep_rows_total{sweep=\"deadlines\"} 0\n"] {
        assert!(numbers.contains(line), "{numbers}");
    }
    assert_eq!(Serving::get_at(&watched, "/v1/accounts", "").0, "HTTP/1.1 404 Not Found");
    serving.signal("TERM");
    serving.until("ending");
    // Bounded: the line is written right before.
    let unready = |address: &str| (0..1000).any(|_| Serving::get_at(address, "/readyz", "").0.contains("503"));
    assert!(unready(&watched) && unready(&serving.address), "it is ready although it is ending");
    assert_eq!(serving.get("/openapi.json", "").0, "HTTP/1.1 200 OK", "who has not heard of it yet is still answered");
    serving.signal("TERM");
    assert_eq!(serving.ended(), Some(1));
}

#[test]
fn a_newcomer_is_told_to_init() {
    let place = Place::new();
    for command in [&["serve"][..], &["serve", "--auto-migrate"], &["account", "list"], &["token", "list"]] {
        let said = place.run(command);
        said.refused(1, "there is no server secret at");
        said.refused(1, "run `quorate init`");
    }
    assert!(!place.data_dir().exists(), "a command that fails leaves nothing behind");
    place.run(&["audit", "verify"]).refused(1, "there is no database at");
}

#[test]
fn init_changes_nothing_that_is_there() {
    let place = Place::installed();
    let secret = || std::fs::read_to_string(place.data_dir().join("secret")).unwrap();
    let before = secret();
    place.run(&["init"]).refused(1, "never written over");
    assert_eq!(secret(), before);

    // Another machine, the same database: it would make links that the first one does not know.
    let other = Place::with_database(&format!("sqlite:{}", place.data_dir().join("quorate.db").display()));
    other.run(&["init"]).refused(1, "in use already");
    assert!(!other.data_dir().join("secret").exists());
}

#[tokio::test]
async fn an_outdated_schema_is_refused_until_somebody_migrates() {
    let place = Place::installed();
    place.script("update _sqlx_migrations set checksum = x'00'").await;
    place.run(&["serve"]).refused(1, "applied with another text");
    place.run(&["migrate"]).refused(1, "applied with another text");
    place.script("delete from _sqlx_migrations").await;
    place.run(&["serve"]).refused(1, "run `quorate migrate`");
    place.script("insert into _sqlx_migrations select 9999, 'later', 0, 1, x'00', 0").await;
    place.run(&["serve"]).refused(1, "install the newer version");

    std::fs::remove_file(place.data_dir().join("quorate.db")).unwrap();
    place.run(&["serve"]).refused(1, "there is no database at");
    let applied = place.run(&["migrate"]).out;
    assert!(applied.starts_with("applied 0001 foundation\napplied 0002 "), "{applied}");
    assert_eq!(place.run(&["migrate"]).out, "the schema was up to date\n");
    let serving = place.serve(&["--auto-migrate"]);
    serving.signal("TERM");
    assert_eq!(serving.ended(), Some(0));
}

#[test]
fn without_a_mail_server_it_serves_this_machine_only() {
    let place = Place::installed();
    place.run(&["serve", "--listen", "0.0.0.0:0"]).refused(2, "there is no mail server");
    let behind_a_proxy = [("QUORATE_PUBLIC_URL", "https://quorate.example.org")];
    place.run_in(&behind_a_proxy, &["serve"]).refused(2, "there is no mail server");
}

#[test]
fn an_address_in_use_is_said() {
    let place = Place::installed();
    let serving = place.serve(&[]);
    place.run(&["serve", "--listen", &serving.address]).refused(1, "choose another address");
}
