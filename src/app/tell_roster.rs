//! Who is written to when the set of administrators changes, and what they are told.

use super::{
    error::Error,
    here::{Bound, Here},
    principal::Principal,
    tell_case::{account_facts, contact, named},
};
use crate::{
    id::{ChangeId, UserId},
    mail::{
        facts::{self, Reader, RosterEvent, Standing},
        message::Message,
    },
    store::{links::Purpose, mails::Contact, tokens},
};

/// A change of the set of administrators, as those concerned are told of it.
#[derive(Debug, Clone)]
pub struct News {
    /// What happened.
    pub event: RosterEvent,
    /// Whom it is about.
    pub person: UserId,
    /// What it means for recovery votes.
    pub standing: Standing,
    /// The change, if it can still be contested.
    pub contestable: Option<ChangeId>,
}

/// Alerts all owners, all administrators and the person concerned.
///
/// # Errors
/// When the database fails.
pub async fn tell(here: &mut Here<'_>, news: &News, principal: &Principal) -> Result<(), Error> {
    let by = who(here, principal, news.person).await?;
    let person = named(here, news.person).await?;
    let concerned = contact(here, news.person).await?;
    let mut readers: Vec<(Reader, UserId, Contact)> = vec![(Reader::Concerned, news.person, concerned)];
    for other in &here.key_people {
        let reader = if other.member.owner {
            Reader::Owner
        } else if other.member.is_active_administrator() {
            Reader::Administrator
        } else {
            continue;
        };
        if other.member.user != news.person {
            readers.push((reader, other.member.user, other.contact()));
        }
    }
    for (reader, user, to) in readers {
        let contest = match (news.contestable, reader) {
            (Some(change), Reader::Concerned | Reader::Administrator) => {
                Some(here.link(Purpose::Contest, user, Bound::Change(change)).await?)
            }
            (Some(_), Reader::Owner) | (None, _) => None,
        };
        let message = Message::RosterChanged {
            account: account_facts(here),
            reader,
            event: news.event,
            person: person.clone(),
            by: by.clone(),
            at: here.now,
            standing: news.standing.clone(),
            contest,
        };
        here.mail(&to, &message).await?;
    }
    Ok(())
}

/// How mails name the one who did it.
///
/// # Errors
/// When the database fails.
pub async fn who(here: &mut Here<'_>, principal: &Principal, concerned: UserId) -> Result<facts::Actor, Error> {
    Ok(match principal {
        Principal::Person { user, .. } if *user == concerned => facts::Actor::Themselves,
        Principal::Person { user, .. } => facts::Actor::Person(named(here, *user).await?),
        Principal::Operator { .. } => facts::Actor::Operator,
        Principal::Platform { token, .. } => {
            facts::Actor::Platform { token: tokens::name(here.tx, *token).await?.unwrap_or_default() }
        }
    })
}
