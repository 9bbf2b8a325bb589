//! What alerts about joining by e-mail domain say.

use super::{
    facts::{DomainEvent, Person},
    plain_text,
    wording::{person, sentence},
};

/// A few words, for the subject and above.
pub(super) const fn headline(event: &DomainEvent) -> &'static str {
    match event {
        DomainEvent::Added { .. } => "a domain for joining was added",
        DomainEvent::RoleChanged { .. } => "people join by domain in another role",
        DomainEvent::Proven { .. } => "people can join by their address",
        DomainEvent::Lapsed => "people can no longer join by their address",
        DomainEvent::Removed => "a domain for joining was taken away",
    }
}

/// What happened, and what it means.
pub(super) fn told(event: &DomainEvent, domain: &str, by: Option<&Person>) -> String {
    let who = by.map_or_else(|| "the service".to_owned(), person);
    let domain = plain_text::name(domain);
    let text = match event {
        DomainEvent::Added { role } => format!(
            "{who} wants people with an address in {domain} to join in the role \"{}\". Nobody can before its record is \
             found in the DNS.",
            plain_text::name(role)
        ),
        DomainEvent::RoleChanged { role } => format!(
            "{who} has those who join by an address in {domain} get the role \"{}\". Who has joined already keeps theirs.",
            plain_text::name(role)
        ),
        DomainEvent::Proven { role } => format!(
            "the record of {domain} was found. Everybody with an address there can join from now on, without an \
             invitation, in the role \"{}\".",
            plain_text::name(role)
        ),
        DomainEvent::Lapsed => format!(
            "the record of {domain} has not been found for too long. Nobody joins by it any more; who has joined stays. To \
             let people join again, publish the record, and press \"Look for the record\"."
        ),
        DomainEvent::Removed => format!("{who} took {domain} away. Nobody joins by it any more; who has joined stays."),
    };
    sentence(&text)
}
