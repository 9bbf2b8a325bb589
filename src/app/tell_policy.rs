//! Who is written to when the policy changes, or is about to: all owners.

use super::{
    error::Error,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    id::UserId,
    mail::{facts::PolicyEvent, message::Message},
    recovery::policy::Policy,
};

/// What happened to the policy.
#[derive(Debug, Clone)]
pub struct News {
    /// What happened.
    pub event: PolicyEvent,
    /// Who did it, or had wanted it; none where a recovery did.
    pub by: Option<UserId>,
    /// The policy before, or the one that stays.
    pub old: Policy,
    /// The policy that somebody wants.
    pub new: Policy,
    /// Whether another change waited, which this one replaces.
    pub replaces: bool,
}

/// Alerts all owners.
///
/// # Errors
/// When the database fails.
pub async fn tell(here: &mut Here<'_>, news: News) -> Result<(), Error> {
    let News { event, by, old, new, replaces } = news;
    let by = match by {
        Some(user) => Some(named(here, user).await?),
        None => None,
    };
    let owners = here.key_people.iter().filter(|person| person.member.owner);
    let owners: Vec<_> = owners.map(crate::store::members::Stored::contact).collect();
    for to in owners {
        let message = Message::PolicyChanged {
            account: account_facts(here),
            event: event.clone(),
            by: by.clone(),
            at: here.now,
            old: Box::new(old.clone()),
            new: Box::new(new.clone()),
            replaces,
        };
        here.mail(&to, &message).await?;
    }
    Ok(())
}
