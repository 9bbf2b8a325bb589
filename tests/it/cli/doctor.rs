//! `doctor`: an installation that is well, and each thing that may be wrong with one.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use serde_json::Value;

use super::{
    mail::{TAKES_MAIL, receive},
    place::Place,
};
use crate::{
    harness::{TestDb, on_both},
    inbound::mails::mail,
};

/// Exit code, and what it said of each check.
fn doctor(place: &Place, environment: &[(&str, &str)]) -> (Option<i32>, Vec<Value>) {
    let said = place.run_in(environment, &["doctor", "--json"]);
    (said.code, serde_json::from_str(&said.out).unwrap())
}

/// The check has that verdict, says that, and how to mend it; the exit code follows from the worst.
fn finds(place: &Place, environment: &[(&str, &str)], check: &str, verdict: &str, words: &str) {
    let (code, lines) = doctor(place, environment);
    let line = lines.iter().find(|line| line["check"] == check && line["verdict"] == verdict);
    let line = line.unwrap_or_else(|| panic!("no `{check}: {verdict}` in {lines:#?}"));
    assert!(line["detail"].as_str().unwrap().contains(words), "{line}");
    assert!(line["mend"].is_string(), "{line}");
    assert_eq!(code, Some(i32::from(lines.iter().any(|line| line["verdict"] == "fail"))));
}

fn set_mode(path: PathBuf, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

on_both!(a_new_installation_is_well, refused_mails_in_the_name_of_people_here_are_found);

async fn a_new_installation_is_well(test: TestDb) {
    let bare = test.bare_sibling().await;
    let place = Place::with_database(&bare.url);
    assert_eq!(place.run(&["init"]).code, Some(0));
    let (code, lines) = doctor(&place, &[]);
    assert!(lines.iter().all(|line| line["verdict"] == "ok" && line["mend"].is_null()), "{lines:#?}");
    assert_eq!(code, Some(0));
    assert!(lines.len() >= 9, "{lines:#?}");
    assert!(place.run(&["doctor"]).out.starts_with("ok    configuration: it can be read\n"));
}

async fn refused_mails_in_the_name_of_people_here_are_found(test: TestDb) {
    let bare = test.bare_sibling().await;
    let place = Place::with_database(&bare.url);
    assert_eq!(place.run(&["init"]).code, Some(0));
    place.json(&["account", "create", "--name", "Example", "--owner", "Alex Example <alex@example.org>"]);
    let said = |words: &str| {
        let (_, lines) = doctor(&place, &[TAKES_MAIL]);
        let line = lines.iter().find(|line| line["check"] == "votes by mail").unwrap();
        assert!(line["verdict"] == "ok" && line["detail"].as_str().unwrap().contains(words), "{line}");
    };
    said("0 mails were refused");
    assert_eq!(receive(&place, &[TAKES_MAIL], mail().as_bytes()).0, Some(0));
    said("1 mails were refused within 24 hours, none in the name of anybody here");
    let forged = mail().replace("ben@acme.example", "alex@example.org");
    assert_eq!(receive(&place, &[TAKES_MAIL], forged.as_bytes()).0, Some(0));
    let words = "1 mails in the name of people here were refused within 24 hours, of 2 refused ones";
    finds(&place, &[TAKES_MAIL], "votes by mail", "warn", words);
    let (_, lines) = doctor(&place, &[]);
    assert!(!lines.iter().any(|line| line["check"] == "votes by mail"), "where no votes come by mail, nothing is said");
}

#[test]
fn a_missing_installation_is_found() {
    let place = Place::new();
    finds(&place, &[], "data directory", "fail", "cannot be looked at");
    finds(&place, &[], "server secret", "fail", "there is no server secret");
    finds(&place, &[], "database", "fail", "there is no database");
    assert!(!place.data_dir().exists());
}

#[test]
fn a_lost_or_spoilt_secret_is_found() {
    let place = Place::installed();
    let secret = place.data_dir().join("secret");
    fs::write(&secret, "not a secret").unwrap();
    finds(&place, &[], "server secret", "fail", "64 hexadecimal digits");
    fs::remove_file(&secret).unwrap();
    finds(&place, &[], "server secret", "fail", "there is no server secret");
}

#[test]
fn open_permissions_are_found() {
    let place = Place::installed();
    set_mode(place.data_dir(), 0o755);
    finds(&place, &[], "data directory", "warn", "mode 755");
    set_mode(place.data_dir().join("secret"), 0o640);
    finds(&place, &[], "server secret", "warn", "mode 640");
    set_mode(place.data_dir().join("secret"), 0o604);
    finds(&place, &[], "server secret", "fail", "mode 604");
    set_mode(place.data_dir().join("quorate.db"), 0o644);
    finds(&place, &[], "database file", "fail", "mode 644");
}

#[tokio::test]
async fn an_outdated_schema_is_found() {
    let place = Place::installed();
    place.script("delete from _sqlx_migrations").await;
    finds(&place, &[], "database", "fail", "no schema yet");
}

#[tokio::test]
async fn late_mails_and_undeliverable_ones_are_found() {
    let place = Place::installed();
    place.json(&["account", "create", "--name", "Example", "--owner", "Alex Example <alex@example.org>"]);
    assert_eq!(doctor(&place, &[]).0, Some(0));
    place.script("update mails set next_at = 1").await;
    finds(&place, &[], "outbox", "warn", "1 mails wait to be sent, one of them has been due since 1970");
    place.script("update mails set next_at = null, status = 'undeliverable'").await;
    finds(&place, &[], "outbox", "warn", "1 mails could not be delivered");
}

#[tokio::test]
async fn overdue_cases_are_found() {
    let place = Place::installed();
    place.json(&["account", "create", "--name", "Example", "--owner", "Alex Example <alex@example.org>"]);
    place.script("update accounts set status = 'active'").await;
    place
        .script(
            "insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at,
                 state, pauses, extended, reminders, wake_at, version)
             select randomblob(16), accounts.id, users.id, users.id, 'add', '{}', zeroblob(32), 1, 1, 2, 'collecting', 0, 0, 0,
                 2, 1 from accounts, users",
        )
        .await;
    finds(&place, &[], "due cases", "fail", "1 recovery cases are overdue, first `case_");
}

#[test]
fn a_mail_server_that_does_not_answer_is_found() {
    let place = Place::installed();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let server = [
        ("QUORATE_SMTP_HOST", "127.0.0.1"),
        ("QUORATE_SMTP_PORT", port.as_str()),
        ("QUORATE_SMTP_TLS", "none"),
        ("QUORATE_SMTP_FROM", "Quorate <quorate@example.org>"),
    ];
    finds(&place, &server, "mail server", "fail", "connecting failed");
}

#[tokio::test]
async fn a_mail_server_that_answers_is_well() {
    let place = Place::installed();
    let server = crate::harness::smtp::MailServer::start().await;
    let port = server.address.port().to_string();
    let settings = [
        ("QUORATE_SMTP_HOST", "127.0.0.1"),
        ("QUORATE_SMTP_PORT", port.as_str()),
        ("QUORATE_SMTP_TLS", "none"),
        ("QUORATE_SMTP_FROM", "Quorate <quorate@example.org>"),
    ];
    let (code, lines) = tokio::task::spawn_blocking({
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
        move || {
            let settings: Vec<_> = settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            doctor(&place, &settings)
        }
    })
    .await
    .unwrap();
    assert_eq!(code, Some(0), "{lines:#?}");
    assert_eq!(server.connections(), 1);
    assert!(server.taken().is_empty());
}

#[test]
fn addresses_that_people_cannot_use_are_found() {
    let place = Place::installed();
    let address = |url: &'static str| [("QUORATE_PUBLIC_URL", url)];
    finds(&place, &address("http://quorate.example"), "public address", "warn", "not encrypted");
    finds(&place, &address("https://quorate.example"), "mail server", "fail", "there is no mail server");
    finds(&place, &[("QUORATE_LISTEN", "0.0.0.0:8400")], "public address", "warn", "only this machine");
}

#[test]
fn a_configuration_that_cannot_be_read_is_found() {
    let place = Place::installed();
    let wrong = [("QUORATE_LISTEN", "nowhere"), ("QUORATE_LITSEN", "127.0.0.1:1")];
    finds(&place, &wrong, "configuration", "fail", "`QUORATE_LITSEN`: no such variable");
    assert_eq!(doctor(&place, &wrong).1.len(), 2, "everything wrong is said at once");
}
