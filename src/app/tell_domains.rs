//! Who is written to when the domains change by which people join, and when somebody joins by one.

use super::{
    error::Error,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    id::UserId,
    mail::{
        facts::{DomainEvent, Person},
        message::Message,
    },
    ownership::settings::Domain,
    store::{mails::Contact, members::Stored},
};

/// Alerts all owners that something happened to a domain. Without `by`, time did it.
///
/// # Errors
/// When the database fails.
pub async fn changed(
    here: &mut Here<'_>,
    domain: &Domain,
    event: DomainEvent,
    by: Option<UserId>,
) -> Result<(), Error> {
    let by = match by {
        Some(user) => Some(named(here, user).await?),
        None => None,
    };
    let message = Message::DomainChanged {
        account: account_facts(here),
        domain: domain.as_str().to_owned(),
        event,
        by,
        at: here.now,
    };
    for to in readers(here, |person| person.member.owner) {
        here.mail(&to, &message).await?;
    }
    Ok(())
}

/// Tells owners and administrators that somebody has joined, in a role of that title.
///
/// # Errors
/// When the database fails.
pub async fn joined(here: &mut Here<'_>, person: Person, domain: &Domain, role: String) -> Result<(), Error> {
    let (account, domain) = (account_facts(here), domain.as_str().to_owned());
    let message = Message::MemberJoined { account, person, domain, role, at: here.now };
    for to in readers(here, |person| person.member.owner || person.member.is_active_administrator()) {
        here.mail(&to, &message).await?;
    }
    Ok(())
}

fn readers(here: &Here<'_>, reads: impl Fn(&&Stored) -> bool) -> Vec<Contact> {
    here.key_people.iter().filter(reads).map(Stored::contact).collect()
}
