//! Reports as mail servers write them, and what only looks like one.

use proptest::prelude::*;
use quorate::inbound::bounce::{LONGEST, NotAReport, Report, Verdict, read};

/// A report as Postfix writes it, with these fields about the recipient.
pub fn report(fields: &str) -> String {
    let fields = fields.replace('\n', "\r\n");
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.acme.example (Mail Delivery System)\r\n\
         To: bounces+token@quorate.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"b1\"\r\n\r\n\
         This is a MIME-encapsulated message.\r\n\r\n--b1\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         I'm sorry to have to inform you that your message could not be delivered.\r\n\r\n--b1\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.acme.example\r\n\
         Arrival-Date: Tue, 24 Nov 2026 09:30:00 +0000\r\n\r\n{fields}\r\n\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n\
         From: quorate@quorate.example\r\nTo: olga@acme.example\r\nSubject: A recovery\r\n\r\nHello.\r\n\r\n--b1--\r\n"
    )
}

const FAILED: &str = "Final-Recipient: rfc822; olga@acme.example\nAction: failed\nStatus: 5.1.1\n\
     Diagnostic-Code: smtp; 550 5.1.1 <olga@acme.example>: Recipient address\n rejected: User unknown";

fn says(raw: &str) -> Result<(Verdict, String), NotAReport> {
    read(raw.as_bytes()).map(|Report { verdict, why }| (verdict, why))
}

fn found(verdict: Verdict, why: &str) -> (Verdict, String) {
    (verdict, why.to_owned())
}

#[test]
fn reports_are_read_as_the_standard_has_them() {
    let refused = "550 5.1.1 <olga@acme.example>: Recipient address rejected: User unknown";
    assert_eq!(says(&report(FAILED)), Ok(found(Verdict::Failed, refused)));
    for (fields, verdict, why) in [
        ("Action: delayed\nStatus: 4.4.1\nWill-Retry-Until: x", Verdict::Delayed, "4.4.1, without further words"),
        ("Action: relayed\nStatus: 2.0.0", Verdict::Delivered, "2.0.0, without further words"),
        ("ACTION: Delivered (to mailbox)\nStatus: 2.1.5 (ok)", Verdict::Delivered, "2.1.5, without further words"),
        ("action:failed\nDiagnostic-Code: X-Unix; full disk", Verdict::Failed, "full disk"),
        ("Status: 5.2.2\nDiagnostic-Code: smtp; mailbox full", Verdict::Failed, "5.2.2 mailbox full"),
        ("Action: of its own\nStatus: 4.2.2", Verdict::Delayed, "4.2.2, without further words"),
        ("Action: failed", Verdict::Failed, "the report gives no reason"),
        // The worst counts.
        (
            "Action: delivered\nStatus: 2.0.0\n\nAction: failed\nStatus: 5.7.1",
            Verdict::Failed,
            "5.7.1, without further words",
        ),
        (
            "Action: failed\nStatus: 5.7.1\n\nAction: delivered\nStatus: 2.0.0",
            Verdict::Failed,
            "5.7.1, without further words",
        ),
    ] {
        assert_eq!(says(&report(fields)), Ok(found(verdict, why)), "{fields}");
    }
    let lf = report(FAILED).replace("\r\n", "\n");
    assert_eq!(says(&lf), Ok(found(Verdict::Failed, refused)), "a pipe may have ends of lines of its own");
    let other_alphabet = report(FAILED).replace("message/delivery-status", "message/global-delivery-status");
    assert_eq!(says(&other_alphabet), Ok(found(Verdict::Failed, refused)));
    let encoded = report("").replace(
        "Content-Type: message/delivery-status\r\n",
        "Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: quoted-printable\r\n",
    );
    let encoded = encoded.replace("+0000\r\n\r\n", "+0000\r\n\r\nAction: fai=\r\nled\r\nStatus: 5.0=2E0\r\n");
    assert_eq!(says(&encoded), Ok(found(Verdict::Failed, "5.0.0, without further words")));
}

fn plain(from: &str, text: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: {from}\r\nTo: bounces@quorate.example\r\nSubject: failure notice\r\n\r\n{text}\r\n"
    )
}

#[test]
fn reports_in_words_count_where_they_are_clear() {
    let words = "Hi. This is the mail system.\r\n\r\n<olga@acme.example>:\r\n198.51.100.7 does not like recipient.\r\n\
                 Remote host said: 550 5.1.1 unknown user\r\nGiving up.";
    let heard = Ok(found(Verdict::Failed, "Remote host said: 550 5.1.1 unknown user"));
    for from in ["MAILER-DAEMON@acme.example", "Postmaster <postmaster@acme.example>", "<mailer-daemon>"] {
        assert_eq!(says(&plain(from, words)), heard, "{from}");
    }
    // The same words from a person are a person's.
    assert_eq!(says(&plain("Olga <olga@acme.example>", words)), Err(NotAReport::SomethingElse));
    for unclear in [
        "I am away until the 5.12. and read no mail.",
        "Your mail is delayed: 451 4.4.1 no answer. It is tried for 5 days.",
        "Call 0555 123 or write to room 1550.",
        "version 5.1 of 10.5.1.1",
        "Read chapter 5.a.b.",
        "Call 55512.",
        "It is tried for 512 hours.",
        "",
    ] {
        assert_eq!(says(&plain("postmaster@acme.example", unclear)), Err(NotAReport::SomethingElse), "{unclear}");
    }
}

#[test]
fn a_holiday_notice_is_no_report() {
    let notice = "Return-Path: <>\r\nFrom: Olga <olga@acme.example>\r\nAuto-Submitted: auto-replied\r\n\
                  Subject: Away\r\n\r\nI am away. In urgent cases call 550 5123.\r\n";
    assert_eq!(says(notice), Err(NotAReport::SomethingElse));
    let receipt = report("").replace("delivery-status", "disposition-notification");
    assert_eq!(says(&receipt), Err(NotAReport::SomethingElse), "whoever read it, got it");
    for other in ["text/delivery-status", "message/feedback-report"] {
        let other = report(FAILED).replace("message/delivery-status", other);
        assert_eq!(says(&other), Err(NotAReport::SomethingElse), "{other}");
    }
    assert_eq!(says(&report("Reporting-MTA: dns; x")), Err(NotAReport::SomethingElse), "no recipient");
}

#[test]
fn what_a_report_quotes_of_the_mail_is_not_kept() {
    let quoting = "Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 554 5.7.1 bad link\n \
                   https://quorate.example/l/link_01h455vb4pex5vsknk084sn02q#dGhpcyBpcyBub3Q and code 48151623 \u{202e}in it";
    let Ok((_, why)) = says(&report(quoting)) else { panic!() };
    assert!(!why.contains("dGhpcyBpcyBub3Q") && !why.contains("48151623"), "{why}");
    assert!(why.starts_with("554 5.7.1 bad link [removed] and code [removed]"), "{why}");
    // Each of the signs by itself: a link, the proof of one, a return path.
    for secret in ["http://quorate.example/l", "link_1#proof", "bounces+token@quorate.example"] {
        let quoting = format!("Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 554 5.7.1 bad {secret} in it");
        assert_eq!(says(&report(&quoting)), Ok(found(Verdict::Failed, "554 5.7.1 bad [removed] in it")), "{secret}");
    }
    let long = format!("Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; {}", "word ".repeat(500));
    let Ok((_, why)) = says(&report(&long)) else { panic!() };
    assert_eq!(why.chars().count(), 300);
}

#[test]
fn size_and_form_are_bounded() {
    let mut large = report(FAILED);
    large.push_str(&"x".repeat(LONGEST));
    assert_eq!(says(&large), Err(NotAReport::TooLarge));
    assert_eq!(read(b""), Err(NotAReport::Unreadable));
    let many = |parts: usize| {
        let before = "--b1\r\nContent-Type: text/plain\r\n\r\nword\r\n".repeat(parts);
        report(FAILED).replacen("--b1\r\n", &format!("{before}--b1\r\n"), 1)
    };
    assert!(says(&many(10)).is_ok());
    assert_eq!(says(&many(60)), Err(NotAReport::SomethingElse), "so many parts are not looked through");
    let words =
        |lines: usize| plain("postmaster@acme.example", &format!("{}550 no such user", "word\r\n".repeat(lines)));
    assert!(says(&words(300)).is_ok());
    assert_eq!(says(&words(500)), Err(NotAReport::SomethingElse), "nor so many lines");
    let unending = report(FAILED).replace("--b1--", "");
    assert!(says(&unending).is_ok(), "a report that was cut off says as much");
    let mut deep = String::from("From: mailer-daemon@x.example\r\nMIME-Version: 1.0\r\n");
    for level in 0..2_000 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=\"d{level}\"\r\n\r\n--d{level}\r\n"));
    }
    deep.push_str("Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.0.0\r\n");
    drop(says(&deep));
}

proptest! {
    #[test]
    fn nothing_makes_it_fall_over(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        drop(read(&raw));
    }

    #[test]
    fn nor_does_a_report_with_something_in_it(at in 0_usize..1_200, what in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut raw = report(FAILED).into_bytes();
        let at = at.min(raw.len());
        raw.splice(at..at, what);
        if let Ok(Report { why, .. }) = read(&raw) {
            prop_assert!(!why.chars().any(char::is_control), "{why:?}");
        }
    }
}
