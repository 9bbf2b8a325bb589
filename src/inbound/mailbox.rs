//! The mailboxes in a field of the header, read strictly.

use std::collections::BTreeSet;

use super::refused::{NoSender, Refused};
use crate::ownership::address::Email;

/// Whose mail it says it is: the one mailbox of a `From` field.
///
/// # Errors
/// Where it is no mailbox, or not one, or pretends to be another.
pub fn sender(field: &str) -> Result<Email, Refused> {
    if !field.is_ascii() || encoded_address(field) {
        // There are letters of other alphabets that look like ours.
        return Err(Refused::LookAlike);
    }
    let mut boxes = mailboxes(field).ok_or(NoSender::Unreadable)?;
    let one = boxes.pop().ok_or(NoSender::Unreadable)?;
    if !boxes.is_empty() {
        return Err(NoSender::Several.into());
    }
    let email: Email = one.address.parse().map_err(|_| NoSender::Unreadable)?;
    // A name that is an address of somebody else is what most programs show.
    let shown = one.name.split(|letter: char| letter.is_whitespace() || "<>()\"',;:".contains(letter));
    if shown.filter(|word| word.contains('@')).any(|word| !word.eq_ignore_ascii_case(email.as_str())) {
        return Err(Refused::LookAlike);
    }
    Ok(email)
}

/// The addresses of a field with recipients. What is none of ours may be written in any way.
#[must_use]
pub fn recipients(field: &str) -> BTreeSet<Email> {
    let boxes = mailboxes(field).unwrap_or_default();
    boxes.into_iter().filter_map(|one| one.address.parse().ok()).collect()
}

/// Where an encoded word stands in the place of an address, or tells of one.
fn encoded_address(field: &str) -> bool {
    let inside = |text: &str| text.contains("=?");
    let angle = field.rsplit_once('<').map(|(_, rest)| inside(rest));
    angle.unwrap_or_else(|| inside(field))
}

struct Mailbox {
    name: String,
    address: String,
}

#[derive(Default)]
struct Reading {
    name: String,
    words: String,
    address: Option<String>,
}

impl Reading {
    fn done(self) -> Mailbox {
        match self.address {
            Some(address) => Mailbox { name: [self.name, self.words].concat(), address },
            None => Mailbox { name: self.name, address: self.words.trim().to_owned() },
        }
    }

    fn is_empty(&self) -> bool {
        self.address.is_none() && self.name.is_empty() && self.words.trim().is_empty()
    }
}

/// The mailboxes of a list; `None` where it is none, or has groups.
fn mailboxes(field: &str) -> Option<Vec<Mailbox>> {
    let (mut boxes, mut now, mut letters) = (Vec::new(), Reading::default(), field.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '"' => now.name.push_str(&quoted(&mut letters)?),
            '(' => now.name.push_str(&comment(&mut letters)?),
            '<' if now.address.is_none() => now.address = Some(angle(&mut letters)?),
            ',' => boxes.push(std::mem::take(&mut now).done()),
            '<' | '>' | ')' | ':' | ';' | '\\' => return None,
            _ if now.address.is_some() && !letter.is_whitespace() => return None,
            _ => now.words.push(letter),
        }
    }
    if !now.is_empty() || !boxes.is_empty() {
        boxes.push(now.done());
    }
    Some(boxes)
}

fn quoted(letters: &mut std::str::Chars<'_>) -> Option<String> {
    let mut text = String::from(" ");
    loop {
        match letters.next()? {
            '"' => break,
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
    text.push(' ');
    Some(text)
}

fn comment(letters: &mut std::str::Chars<'_>) -> Option<String> {
    let (mut text, mut depth) = (String::from(" "), 1);
    loop {
        match letters.next()? {
            ')' if depth == 1 => break,
            ')' => depth -= 1,
            '(' => depth += 1,
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
    text.push(' ');
    Some(text)
}

fn angle(letters: &mut std::str::Chars<'_>) -> Option<String> {
    let mut text = String::new();
    loop {
        match letters.next()? {
            '>' => return Some(text.trim().to_owned()),
            '<' | '(' | '"' | ',' | ':' => return None,
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_one_mailbox() {
        for good in [
            "kim@example.org",
            " Kim Example <Kim@Example.org> ",
            "\"Example, Kim\" <kim@example.org>",
            "<kim@example.org> (at work)",
            "=?utf-8?q?K=C3=ADm?= <kim@example.org>",
            "kim@example.org (Kim (the (first)))",
            "\"kim@example.org\" <kim@example.org>",
        ] {
            assert_eq!(sender(good).unwrap().as_str(), "kim@example.org", "{good}");
        }
    }

    #[test]
    fn what_is_not_one_mailbox_is_no_sender() {
        let (unreadable, several) = (NoSender::Unreadable.into(), NoSender::Several.into());
        for (bad, why) in [
            ("", &unreadable),
            ("Kim", &unreadable),
            ("Kim <kim@example.org", &unreadable),
            ("Staff: kim@example.org;", &unreadable),
            ("<kim@example.org> <kim@example.com>", &unreadable),
            ("<kim@example.org> kim@example.com", &unreadable),
            ("<@example.com:kim@example.org>", &unreadable),
            ("\"kim\"@example.org", &unreadable),
            ("kim@example.org, ben@example.org", &several),
            ("Kim <kim@example.org>, Ben <ben@example.org>", &several),
            ("kim@example.org,", &several),
            ("kim@ex\u{430}mple.org", &Refused::LookAlike),
            ("Kim <=?utf-8?q?kim=40example.org?=>", &Refused::LookAlike),
            ("=?utf-8?q?kim=40example.org?=", &Refused::LookAlike),
            ("\"kim@example.org\" <kim@example.com>", &Refused::LookAlike),
            ("kim@example.org <kim@example.com>", &Refused::LookAlike),
            ("<kim@example.com> (kim@example.org)", &Refused::LookAlike),
        ] {
            assert_eq!(sender(bad).as_ref(), Err(why), "{bad}");
        }
    }

    #[test]
    fn recipients_are_found_among_others() {
        let found = recipients("\"Support, please\" <Votes+abc@Quorate.example>, kim@example.org, undisclosed");
        let found: Vec<&str> = found.iter().map(Email::as_str).collect();
        assert_eq!(found, ["kim@example.org", "votes+abc@quorate.example"]);
        assert!(recipients("undisclosed-recipients:;").is_empty());
    }
}
