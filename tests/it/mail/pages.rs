//! Every mail as its reader sees it, and what all of them have in common.

use quorate::mail::message::Message;

use super::samples::{all, rendered, rendered_in};

#[test]
fn every_mail_says_what_it_should() {
    for (name, message) in all() {
        let mail = rendered(&message);
        insta::assert_snapshot!(name.clone(), format!("Subject: {}\n\n{}", mail.subject, mail.text));
        insta::assert_snapshot!(format!("{name}.html"), content(&mail.html));
    }
}

#[test]
fn the_html_layout() {
    let mail = rendered(&all().remove(0).1);
    insta::assert_snapshot!("layout.html", mail.html);
}

#[test]
fn every_moment_is_in_the_zone_of_its_reader() {
    for (name, message) in all() {
        let (plain, there) = (rendered(&message), rendered_in(&message, "Asia/Kolkata".parse().unwrap()));
        for (plain, there) in [(&plain.text, &there.text), (&plain.html, &there.html), (&plain.subject, &there.subject)]
        {
            assert_eq!(there.matches("UTC+5:30").count(), there.matches("UTC").count(), "{name}: {there}");
            assert_eq!(there.matches("UTC").count(), plain.matches("UTC").count(), "{name}");
        }
    }
}

#[test]
fn every_mail_survives_the_outbox_without_a_secret() {
    for (name, message) in all() {
        let stored = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&stored).unwrap(), message, "{name}");
        assert!(stored.contains(&format!("\"kind\":\"{}\"", message.kind())), "{name}: {stored}");
        assert!(name.starts_with(message.kind()), "{name}");
        assert!(!stored.contains("48151623") && !stored.contains("dGhpcyBpcyBub3Qg"), "{name}: {stored}");
    }
}

#[test]
fn a_link_or_code_is_in_both_bodies_exactly_when_the_message_has_one() {
    let (link, code) = ("https://quorate.example/link#dGhpcyBpcyBub3QgYSB0b2tlbg", "48151623");
    for (name, message) in all() {
        let mail = rendered(&message);
        let links = usize::from(message.link().is_some());
        // The link to a recovery address is named as a code is.
        let by_link = matches!(message, Message::RecoveryRequest { .. });
        let codes = usize::from(message.code().is_some() && !by_link);
        let long = matches!(message, Message::KeyCode { .. });
        let code = if long { "4815 1623 4210 8108" } else { code };
        for body in [&mail.text, &mail.html] {
            assert_eq!(
                body.matches("/recovery-address/link#dGhpcyBpcyBub3QgYSB0b2tlbg").count(),
                usize::from(by_link),
                "{name}"
            );
            assert_eq!(body.matches(link).count(), links, "{name}: {body}");
            assert_eq!(body.matches(code).count(), codes, "{name}: {body}");
        }
        assert!(!mail.subject.contains(link) && !mail.subject.contains(code), "{name}");
        assert!(!format!("{mail:?}").contains(code), "{name}");
    }
}

#[test]
fn every_mail_is_plain() {
    for (name, message) in all() {
        let mail = rendered(&message);
        for forbidden in ["<img", "<script", "url(", "@import", "http://"] {
            assert!(!mail.html.contains(forbidden), "{name}: {forbidden}");
        }
        assert!(mail.subject.chars().count() <= 180, "{name}: {}", mail.subject);
        assert!(!mail.text.contains("{{") && !mail.html.contains("{{"), "{name}");
        assert!(!mail.text.contains('{') && !mail.text.contains("&#"), "{name}: {}", mail.text);
    }
}

#[test]
fn an_answer_is_kept_without_what_the_mail_revealed() {
    for (name, message) in all() {
        let mail = rendered(&message);
        let answer = mail.without_secrets(&format!("554 rejected: {}", mail.text));
        assert!(!answer.contains("48151623") && !answer.contains("dGhpcyBpcyBub3Qg"), "{name}: {answer}");
    }
}

/// The part of the page that differs from mail to mail.
fn content(html: &str) -> String {
    let start = html.find("<h1").unwrap();
    html[start..].lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
