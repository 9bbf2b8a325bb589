//! Mails at the command line, as a mail server's pipe brings them.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::place::Place;
use crate::{
    harness::{TestDb, dkim::Terms, on_both},
    inbound::mails::{acme, mail},
};

on_both!(what_came_in_is_listed);

pub const TAKES_MAIL: (&str, &str) = ("QUORATE_INBOUND_ADDRESS", "votes@quorate.example");

/// The exit code, and what was printed.
pub fn receive(place: &Place, environment: &[(&str, &str)], mail: &[u8]) -> (Option<i32>, String, String) {
    let mut command: Command = place.command(&["mail", "receive", "--json"]);
    command.envs(environment.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(mail).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_mail_that_was_judged_is_done_with() {
    let place = Place::installed();
    let large = [mail().into_bytes(), vec![b'x'; 30 * 1024 * 1024]].concat();
    for (mail, why) in [(mail().as_bytes(), "not_signed"), (b"", "broken"), (&large, "too_large")] {
        let (code, out, err) = receive(&place, &[TAKES_MAIL], mail);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{why}: {out}");
        let judged: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((judged["verdict"].as_str(), judged["reason"].as_str()), (Some("refused"), Some(why)));
    }
}

async fn what_came_in_is_listed(test: TestDb) {
    let bare = test.bare_sibling().await;
    let place = Place::with_database(&bare.url);
    assert_eq!(place.run(&["init"]).code, Some(0));
    assert_eq!(place.run(&["mail", "list"]).out, "no mail came in to vote\n");
    for mail in [mail().as_bytes(), b""] {
        assert_eq!(receive(&place, &[TAKES_MAIL], mail).0, Some(0));
    }
    let said = place.run(&["mail", "list"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines.len() == 4 && lines[0].ends_with("  refused  broken  (nobody)"), "{lines:#?}");
    assert!(lines[2].ends_with("  refused  not_signed  ben@acme.example"), "{lines:#?}");
    assert_eq!(lines[3], "    your company's mail server did not sign the mail (DKIM), so it could be anybody's");
    let first = place.json(&["mail", "list", "--limit", "1"]);
    let next = first["next"].as_str().unwrap();
    assert_eq!((&first["items"][0]["reason"], first["items"][0]["id"].as_str()), (&"broken".into(), Some(next)));
    assert!(place.run(&["mail", "list", "--limit", "1"]).out.ends_with(&format!("there are more: `--after {next}`\n")));
    let rest = place.json(&["mail", "list", "--after", next]);
    assert_eq!((&rest["items"][0]["reason"], rest["next"].is_null()), (&"not_signed".into(), true));
    place.run(&["mail", "list", "--after", "acct_1"]).refused(2, "is not an id of a mail");
}

#[test]
fn a_mail_that_cannot_be_judged_now_comes_again() {
    let signed = acme().sign(&mail(), &Terms::default());
    let (code, out, err) = receive(&Place::new(), &[TAKES_MAIL], signed.as_bytes());
    assert_eq!((code, out.as_str()), (Some(75), ""), "{err}");
    let place = Place::installed();
    for (environment, words) in [
        (&[][..], "`inbound_address`"),
        (&[("QUORATE_INBOUND_ADDRESS", "nobody")], "`inbound_address`"),
        (&[TAKES_MAIL, ("QUORATE_CONFIG", "/nowhere")], "/nowhere"),
    ] {
        let (code, out, err) = receive(&place, environment, signed.as_bytes());
        assert_eq!((code, out.as_str()), (Some(75), ""), "{err}");
        assert!(err.contains(words), "{err}");
    }
    let config = place.write("quorate.toml", "dns_servers = []\ninbound_address = 'votes@quorate.example'\n");
    let (code, out, err) = receive(&place, &[("QUORATE_CONFIG", config.to_str().unwrap())], signed.as_bytes());
    assert_eq!((code, out.as_str()), (Some(75), ""), "{err}");
    assert!(err.contains("the DNS does not answer"), "{err}");
}
