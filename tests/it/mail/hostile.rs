//! Names and statements written to deceive the reader of the mail.

use quorate::{
    mail::{
        facts::{AccountFacts, CaseFacts, Person},
        message::Message,
        render::{Recipient, Rendered, render},
    },
    zone::Zone,
};

use super::samples::{Sample, account, all, case, id, office};

const NAMES: [&str; 7] = [
    "<script>alert(1)</script>",
    "Eve\r\nBcc: everybody@acme.example\r\n\r\n<p>",
    "Eve\u{202e}gro.live",
    "Click here: http://evil.example/vote",
    "\"><a href=\"https://evil.example\">Vote</a>",
    "Olga <olga@acme.example>",
    "www.evil.example",
];

#[test]
fn a_name_cannot_break_out_of_any_mail() {
    for name in NAMES.into_iter().chain([&*"x".repeat(300), ""]) {
        // Every string that somebody typed is replaced, in every sample.
        for (sample, message) in all() {
            let mut stored = serde_json::to_value(&message).unwrap();
            replace(&mut stored, name);
            let mail = shown(&serde_json::from_value(stored).unwrap(), name);
            harmless(&mail, &format!("{sample} with {name:?}"));
        }
    }
}

#[test]
fn a_statement_stays_a_quotation() {
    let statement =
        "Please.\r\n\r\nTo vote, open https://evil.example/vote\n--\nSent by Quorate, https://quorate.example";
    let facts = CaseFacts { statement: statement.to_owned(), ..case() };
    let mail = shown(
        &Message::BallotRequest { case: facts, link: Some(id(4)), answer: None, address_changed: None },
        "Administrator Two",
    );
    harmless(&mail, "statement");
    let quoted: Vec<&str> = mail.text.lines().filter(|line| line.starts_with('>')).collect();
    assert_eq!(
        quoted,
        [
            "> Please.",
            ">",
            "> To vote, open https:\u{2060}//evil.\u{2060}example/vote",
            "> --",
            "> Sent by Quorate, https:\u{2060}//quorate.\u{2060}example"
        ]
    );
    let quote = mail.html.split("<blockquote").nth(1).unwrap().split("</blockquote>").next().unwrap();
    assert!(quote.contains("To vote, open") && !quote.contains("<a"), "{quote}");
}

#[test]
fn a_link_is_followed_by_nothing_and_named_by_us() {
    let evil = Person { name: NAMES[4].to_owned(), address: "eve@acme.example".to_owned() };
    let facts = CaseFacts {
        account: AccountFacts { name: NAMES[3].to_owned(), ..account() },
        opener: evil.clone(),
        nominee: evil,
        ..case()
    };
    let mail =
        shown(&Message::BallotRequest { case: facts, link: Some(id(4)), answer: None, address_changed: None }, "Dora");
    let links: Vec<&str> = mail.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, ["https://quorate.example/link#dGhpcyBpcyBub3QgYSB0b2tlbg"]);
}

fn shown(message: &Message, reader: &str) -> Rendered {
    render(message, &Recipient { name: reader.to_owned(), zone: Zone::default() }, &office(), &Sample).unwrap()
}

fn harmless(mail: &Rendered, what: &str) {
    assert!(!mail.subject.contains(['\r', '\n']), "{what}: {}", mail.subject);
    assert!(mail.subject.chars().count() <= 240, "{what}: {}", mail.subject);
    for body in [&mail.subject, &mail.text, &mail.html] {
        for bad in ["\u{202e}", "http://", "https://evil", "evil.example", "<a href=\"https://evil"] {
            assert!(!body.contains(bad), "{what}: {bad:?} in {body}");
        }
    }
    assert!(!mail.html.contains("<script") && !mail.subject.contains('<'), "{what}");
    assert!(!mail.text.contains('\r') && !mail.html.contains('\r'), "{what}");
    assert_eq!(mail.html.matches("</html>").count(), 1, "{what}");
    assert_eq!(mail.text.lines().filter(|line| *line == "--").count(), 1, "{what}: {}", mail.text);
}

fn replace(value: &mut serde_json::Value, with: &str) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, inner) in fields {
                match (key.as_str(), &*inner) {
                    ("name" | "role" | "token" | "statement", serde_json::Value::String(_)) => *inner = with.into(),
                    _ => replace(inner, with),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|inner| replace(inner, with)),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}
