//! Mails at the command line, as a mail server's pipe brings them.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::place::Place;
use crate::{
    harness::dkim::Terms,
    inbound::mails::{acme, mail},
};

const TAKES_MAIL: (&str, &str) = ("QUORATE_INBOUND_ADDRESS", "votes@quorate.example");

/// The exit code, and what was printed.
fn receive(place: &Place, environment: &[(&str, &str)], mail: &[u8]) -> (Option<i32>, String, String) {
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
