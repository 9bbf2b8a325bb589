//! Mails that pretend: each is refused, for its own reason.

use super::mails::{ADDRESS, SENTENCE, acme, evil, judge, judge_at, judge_signed, mail, mail_saying, now, published};
use crate::harness::dkim::{Signer, Terms};

/// Signed with SHA-1, and rightly so, by the key whose record stands beside it.
const SHA1: &str = include_str!("sha1.eml");
const SHA1_KEY: &str = include_str!("sha1.txt");

fn signed(terms: &Terms) -> String {
    acme().sign(&mail(), terms)
}

#[test]
fn what_nobody_changed_passes() {
    assert_eq!(judge(&signed(&Terms::default())), "passed");
}

#[test]
fn a_signature_of_somebody_else_proves_nothing() {
    assert_eq!(judge(&mail()), "not_signed");
    // The sender is forged, and the signature of another domain is valid.
    assert_eq!(judge(&evil().sign(&mail(), &Terms::default())), "not_aligned");
    for domain in ["mail.acme.example", "example", "acme.example.evil.example", "evil-acme.example"] {
        let signer = Signer { domain: domain.to_owned(), ..acme() };
        assert_eq!(judge(&signer.sign(&mail(), &Terms::default())), "not_aligned", "{domain}");
    }
    // It says that it is the sender's domain, and is made with another key.
    let forged = Signer { domain: "acme.example".to_owned(), ..evil() };
    assert_eq!(judge(&forged.sign(&mail(), &Terms::default())), "signature_wrong");
    let nowhere = Signer { selector: "nowhere", ..acme() };
    assert_eq!(judge(&nowhere.sign(&mail(), &Terms::default())), "key_missing");
}

#[test]
fn there_is_one_sender() {
    let mail = signed(&Terms::default());
    for second in ["From: Cleo Costa <cleo@acme.example>\r\n", "from: cleo@acme.example\r\n"] {
        assert_eq!(judge(&format!("{second}{mail}")), "several_senders");
        assert_eq!(judge(&mail.replace("\r\nTo:", &format!("\r\n{second}To:"))), "several_senders");
    }
    let of = |from: &str| judge_signed(&self::mail().replace("Ben Bauer <ben@acme.example>", from));
    assert_eq!(of("ben@acme.example, cleo@acme.example"), "several_senders");
    assert_eq!(of("Ben <ben@acme.example>, Cleo <cleo@acme.example>"), "several_senders");
    assert_eq!(of("Admins: ben@acme.example;"), "no_sender");
    assert_eq!(of("nobody"), "no_sender");
    for other in ["Subject: Another\r\n", "Date: Mon, 2 Mar 2026 08:00:00 +0000\r\n", "To: votes@quorate.example\r\n"] {
        assert_eq!(judge(&format!("{other}{mail}")), "header_twice", "{other}");
    }
    for name in ["To", "Subject", "Date"] {
        let line = mail.lines().find(|line| line.starts_with(name)).unwrap();
        assert_eq!(judge(&mail.replace(&format!("{line}\r\n"), "")), "header_missing", "{name}");
    }
}

#[test]
fn a_signature_covers_all_that_is_read() {
    for left_out in ["From", "To", "Subject", "Date"] {
        let names: Vec<_> = ["From", "To", "Subject", "Date"].into_iter().filter(|name| *name != left_out).collect();
        assert_eq!(judge(&signed(&Terms::covering(&names))), "signature_incomplete", "{left_out}");
    }
    // What could have the body read in another way.
    let encoded = mail().replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n");
    assert_eq!(
        judge_signed(&encoded.replace(SENTENCE, &data_encoding::BASE64.encode(SENTENCE.as_bytes()))),
        "signature_incomplete"
    );
    let parts = format!("Begin\n--b\n\n{SENTENCE}\n--b--\nEnd\n");
    let mixed = mail_saying(&parts).replace("\n\nBegin", "\nContent-Type: multipart/mixed; boundary=b\n\nBegin");
    assert_eq!(judge_signed(&mixed), "signature_incomplete");
}

#[test]
fn a_signature_of_a_beginning_is_none() {
    let length = Some(mail().split_once("\n\n").unwrap().1.replace('\n', "\r\n").len());
    let mail = signed(&Terms { length, ..Terms::default() });
    assert_eq!(judge(&mail), "signature_partial");
    assert_eq!(judge(&format!("{mail}I do not mean it.\r\n")), "signature_partial");
    assert_eq!(judge(&signed(&Terms { length: Some(0), ..Terms::default() })), "signature_partial");
}

#[test]
fn a_signature_has_its_time() {
    // 2026-03-02T09:00:00Z is 1772442000.
    assert_eq!(judge(&signed(&Terms::tags("t=1772438400; x=1772442000; "))), "signature_expired");
    assert_eq!(judge(&signed(&Terms::tags("x=1; "))), "signature_expired");
    assert_eq!(judge(&signed(&Terms::tags("t=1772442000; x=1772441000; "))), "signature_expired");
    assert_eq!(judge(&signed(&Terms::tags("t=1772445600; "))), "signature_from_the_future");
    assert_eq!(judge(&signed(&Terms::tags("x=1772442001; "))), "passed");
    assert_eq!(judge(&signed(&Terms::tags("t=soon; "))), "signature_unreadable");
}

#[test]
fn a_signature_that_can_be_forged_is_none() {
    let dns =
        |name: &str| if name == "old._domainkey.acme.example" { vec![SHA1_KEY.trim().to_owned()] } else { Vec::new() };
    assert_eq!(judge_at(SHA1.as_bytes(), &dns, now()).unwrap_err().code(), "signature_sha1");
    let named = |algorithm| signed(&Terms { algorithm: Some(algorithm), ..Terms::default() });
    assert_eq!(judge(&named("rsa-sha1")), "signature_sha1");
    assert_eq!(judge(&named("rsa-md5")), "signature_algorithm");
    assert_eq!(judge(&named("rsa-sha256")), "key_unfit");
}

#[test]
fn a_key_is_for_this() {
    let mail = Signer::rsa("acme.example").sign(&mail(), &Terms::default());
    let right = published("rsa._domainkey.acme.example").remove(0);
    let judge = |record: String| {
        judge_at(mail.as_bytes(), &|_| vec![record.clone()], now()).map_or_else(|it| it.code(), |_| "passed")
    };
    // A modulus of 512 bits.
    let short = format!(
        "v=DKIM1; p={}",
        data_encoding::BASE64.encode(&[&[0x30, 0x48, 2, 0x41, 0][..], &[0xab; 64], &[2, 3, 1, 0, 1]].concat())
    );
    for (record, why) in [
        (right.clone(), "passed"),
        (right.replace("v=DKIM1;", "v=DKIM1; t=y;"), "key_testing"),
        (right.replace("v=DKIM1;", "v=DKIM1; s=tlsrpt;"), "key_unfit"),
        (right.replace("v=DKIM1;", "v=DKIM1; h=sha1;"), "key_unfit"),
        (right.replace("k=rsa", "k=ed25519"), "key_unfit"),
        ("v=DKIM1; p=".to_owned(), "key_missing"),
        ("v=DKIM1; p=AAAA".to_owned(), "key_weak"),
        (short, "key_weak"),
        ("v=spf1 -all".to_owned(), "key_missing"),
    ] {
        assert_eq!(judge(record.clone()), why, "{record}");
    }
    let both = |_: &str| vec![right.clone(), right.clone()];
    assert_eq!(judge_at(mail.as_bytes(), &both, now()).unwrap_err().code(), "key_missing");
}

#[test]
fn nobody_looks_like_somebody_else() {
    let of = |from: &str| judge_signed(&mail().replace("Ben Bauer <ben@acme.example>", from));
    for from in [
        "ben@acm\u{435}.example",
        "Ben <=?utf-8?q?ben=40acme.example?=>",
        "\"ben@acme.example\" <ben@evil.example>",
        "=?utf-8?q?ben=40acme.example?= <ben@evil.example>",
        "=?utf-8?b?YmVuQGFjbWUuZXhhbXBsZQ==?= <ben@evil.example>",
    ] {
        assert_eq!(of(from), "look_alike", "{from}");
    }
    // What a browser would show with a Cyrillic letter is a domain like any other, and not the sender's.
    assert_eq!(of("ben@xn--acm-wkc.example"), "not_aligned");
    let words = SENTENCE.replace("cleo@acme.example", "cleo@acm\u{435}.example");
    assert_eq!(judge_signed(&mail_saying(&words)), "look_alike");
}

#[test]
fn a_mail_is_written_to_us() {
    let to = |to: &str| judge_signed(&mail().replace(&format!("To: {ADDRESS}"), &format!("To: {to}")));
    assert_eq!(to("\"Votes, please\" <Votes@Quorate.example>, cleo@acme.example"), "passed");
    assert_eq!(to("votes+x@quorate.example"), "passed");
    for other in [
        "cleo@acme.example",
        "votes@evil.example",
        "votesx@quorate.example",
        "undisclosed-recipients:;",
        "vote@quorate.example",
    ] {
        assert_eq!(to(other), "not_to_us", "{other}");
    }
    assert_eq!(to("votes+a@quorate.example, votes+b@quorate.example"), "several_votes");
}

#[test]
fn a_mail_is_of_today() {
    let at = |date: &str| judge_signed(&mail().replace("Mon, 2 Mar 2026 09:58:00 +0100", date));
    assert_eq!(at("Sun, 1 Mar 2026 09:00:01 +0000"), "passed");
    assert_eq!(at("Sun, 1 Mar 2026 09:00:00 +0000"), "too_old");
    assert_eq!(at("Mon, 2 Mar 2026 09:10:00 +0000 (GMT)"), "passed");
    assert_eq!(at("Mon, 2 Mar 2026 09:11:00 +0000"), "from_the_future");
    assert_eq!(at("today"), "broken");
}

#[test]
fn programs_do_not_vote() {
    for (field, why) in [
        ("Auto-Submitted: auto-replied", "autoreply"),
        ("X-Autoreply: yes", "autoreply"),
        ("Precedence: bulk", "mailing_list"),
        ("List-Id: <staff.acme.example>", "mailing_list"),
        ("Return-Path: <>", "bounce"),
        ("X-Quorate-Loop: quorate.example", "loop"),
    ] {
        assert_eq!(judge_signed(&mail().replace("Subject:", &format!("{field}\nSubject:"))), why, "{field}");
    }
    // A bounce with a signature, that brings the vote along as its first part.
    let bounce = format!(
        "--b\nContent-Type: text/plain\n\n{SENTENCE}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n--b--\n"
    );
    let bounce = mail_saying(&bounce)
        .replace("Subject:", "Content-Type: multipart/report; report-type=delivery-status; boundary=b\nSubject:");
    assert_eq!(judge_signed(&bounce), "bounce");
}

#[test]
fn a_mail_that_is_broken_is_none() {
    let part = |fields: &str, body: &str| {
        judge_signed(&mail_saying(body).replacen("\n\n", &format!("\nMIME-Version: 1.0\n{fields}\n\n"), 1))
    };
    for (fields, body) in [
        ("Content-Type: multipart/mixed", "--b\n\ntext\n--b--\n"),
        ("Content-Type: multipart/mixed; boundary=b", "no parts\n"),
        ("Content-Type: multipart/mixed; boundary=b", "--b\n\nno end\n"),
        ("Content-Type: multipart/mixed; boundary=b; boundary=c", "--b\n\ntext\n--b--\n"),
    ] {
        assert_eq!(part(fields, body), "broken_mime", "{fields}\n{body}");
    }
    let twice = "--b\n\none\n--b\n\ntwo\n--b--\n";
    assert_eq!(part("Content-Type: multipart/mixed; boundary=b", twice), "several_texts");
    assert_eq!(part("Content-Type: text/html", "<p>The sentence</p>\n"), "no_text");
    assert_eq!(part("Content-Type: text/plain; charset=utf-7", SENTENCE), "no_text");
    assert_eq!(part("Content-Type: text/plain\nContent-Type: text/plain", SENTENCE), "header_twice");
    let raw = signed(&Terms::default());
    assert_eq!(judge(&raw.replacen("\r\n", "\n", 1)), "broken");
    assert_eq!(judge(&raw.replace("New owner", "New\u{0} owner")), "broken");
    assert_eq!(judge(&raw.replace("Subject:", "Subject :")), "broken");
    assert_eq!(judge(""), "broken");
    assert_eq!(judge(&format!("{raw}{}", "x".repeat(30 * 1024 * 1024))), "too_large");
}

#[test]
fn a_vote_is_clear() {
    for (words, why) in
        [("I approve\n", "answer_to_nothing"), ("Hello, how does this work?\n", "no_vote"), ("", "no_vote")]
    {
        assert_eq!(judge_signed(&mail_saying(words)), why, "{words}");
    }
    assert_eq!(judge_signed(&mail_saying(&format!("I do not want this:\n\n{SENTENCE}"))), "more_than_a_vote");
    assert_eq!(judge_signed(&mail_saying(&format!("{SENTENCE}\n{SENTENCE}"))), "several_votes");
    assert_eq!(judge_signed(&mail_saying(&SENTENCE.replace("(cleo@acme.example)", ""))), "people_unclear");
}

#[test]
fn what_came_once_is_known_again() {
    let print = |mail: &str| judge_at(mail.as_bytes(), &published, now()).unwrap().fingerprint();
    let first = print(&signed(&Terms::default()));
    // Another name, another relay, another signature of the same key: it is the same mail.
    let names = Terms::covering(&["From", "To", "Subject", "Date"]);
    let again = acme().sign(&mail().replace("<1@acme.example>", "<2@acme.example>"), &names);
    assert_eq!(print(&format!("Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\n{again}")), first);
    assert_eq!(print(&Signer::rsa("acme.example").sign(&mail(), &names)), first);
    assert_ne!(print(&signed_at("Mon, 2 Mar 2026 09:58:01 +0100")), first);
}

fn signed_at(date: &str) -> String {
    acme().sign(&mail().replace("Mon, 2 Mar 2026 09:58:00 +0100", date), &Terms::default())
}
