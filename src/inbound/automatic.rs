//! Mails that no person wrote just now: bounces, autoreplies, mailing lists, and our own coming back.

use super::{header::Header, mailbox, refused::Refused};

/// A field that every mail of ours has; whatever comes in with it was ours once.
pub const LOOP: &str = "X-Quorate-Loop";

/// More stations than any mail has on its way.
const MOST_STATIONS: usize = 50;

/// Recognises what no person wrote.
///
/// # Errors
/// What it is.
pub fn recognise(header: &Header<'_>) -> Result<(), Refused> {
    if header.all(LOOP).next().is_some() || header.all("Received").count() > MOST_STATIONS {
        return Err(Refused::Loop);
    }
    let of = |name: &'static str| header.all(name).map(|field| field.text().to_ascii_lowercase());
    let report = |kind: String| {
        ["multipart/report", "message/delivery-status", "message/disposition-notification"]
            .iter()
            .any(|known| kind.starts_with(known))
    };
    let nobody = |path: String| path.chars().filter(|letter| !letter.is_whitespace()).eq("<>".chars());
    if of("Return-Path").any(nobody) || of("Content-Type").any(report) || of("From").any(|from| of_machine(&from)) {
        return Err(Refused::Bounce);
    }
    let automatic = |word: String| !word.starts_with("no") || word.chars().nth(2).is_some_and(char::is_alphanumeric);
    let reply = ["X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Mail-Autoreply"];
    if of("Auto-Submitted").any(automatic) || reply.into_iter().any(|name| of(name).next().is_some()) {
        return Err(Refused::Autoreply);
    }
    let precedence = |word: String| matches!(word.as_str(), "bulk" | "junk" | "list" | "auto_reply");
    let list = ["List-Id", "List-Post", "List-Unsubscribe", "List-Help", "Mailing-List"];
    if of("Precedence").any(precedence) || list.into_iter().any(|name| of(name).next().is_some()) {
        return Err(Refused::MailingList);
    }
    Ok(())
}

/// The addresses under which mail servers write.
fn of_machine(from: &str) -> bool {
    let addresses = mailbox::recipients(from);
    addresses.iter().any(|address| {
        let local = address.as_str().split('@').next().unwrap_or_default();
        matches!(local, "mailer-daemon" | "postmaster" | "noreply" | "no-reply")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &str) -> Result<(), Refused> {
        let mail = format!("From: Kim <kim@example.org>\r\n{fields}\r\n\r\n");
        recognise(&Header::read(mail.as_bytes()).unwrap())
    }

    #[test]
    fn what_a_person_wrote_passes() {
        for fields in ["X: 1", "Auto-Submitted: no", "Auto-Submitted: No (really)", "Precedence: normal"] {
            assert_eq!(of(fields), Ok(()), "{fields}");
        }
        assert_eq!(of("Return-Path: <kim@example.org>"), Ok(()));
    }

    #[test]
    fn what_no_person_wrote_is_recognised() {
        for (fields, why) in [
            ("Return-Path: <>", Refused::Bounce),
            ("Return-Path: < >", Refused::Bounce),
            ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", Refused::Bounce),
            ("Content-Type: Message/Delivery-Status", Refused::Bounce),
            ("Auto-Submitted: auto-replied", Refused::Autoreply),
            ("Auto-Submitted: auto-generated (vacation)", Refused::Autoreply),
            ("Auto-Submitted: nobody", Refused::Autoreply),
            ("X-Autoreply: yes", Refused::Autoreply),
            ("Precedence: Bulk", Refused::MailingList),
            ("List-Id: <staff.example.org>", Refused::MailingList),
            ("X-Quorate-Loop: quorate.example", Refused::Loop),
        ] {
            assert_eq!(of(fields), Err(why), "{fields}");
        }
        let stations = "Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\n".repeat(51);
        assert_eq!(of(stations.trim_end()), Err(Refused::Loop));
        let daemon = Header::read(b"From: Mail Delivery System <MAILER-DAEMON@example.org>\r\n\r\n").unwrap();
        assert_eq!(recognise(&daemon), Err(Refused::Bounce));
    }
}
