//! Who is written to about recovery users and their paper keys: all owners of every step.

use super::{
    error::Error,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    id::UserId,
    mail::{message::Message, paper_key_news::PaperKeyNews, recovery_user_news::RecoveryUserNews},
    ownership::recovery_user::RecoveryUser,
    store::{mails::Contact, members::Stored},
};

/// Alerts all owners. Without `by`, it was the recovery user.
///
/// # Errors
/// When the database fails.
pub async fn owners(
    here: &mut Here<'_>,
    user: &RecoveryUser,
    news: RecoveryUserNews,
    by: Option<UserId>,
) -> Result<(), Error> {
    let by = match by {
        Some(user) => Some(named(here, user).await?),
        None => None,
    };
    let addresses = user.addresses.iter().map(|address| address.email.as_str().to_owned()).collect();
    let (account, name, at) = (account_facts(here), user.name.clone(), here.now);
    let message = Message::RecoveryUserChanged { account, name, addresses, news, by, at };
    all(here, &message).await
}

/// Alerts all owners of what became of a paper key.
///
/// # Errors
/// When the database fails.
pub async fn of_keys(here: &mut Here<'_>, news: PaperKeyNews, by: Option<UserId>) -> Result<(), Error> {
    let by = match by {
        Some(user) => Some(named(here, user).await?),
        None => None,
    };
    let (account, at) = (account_facts(here), here.now);
    all(here, &Message::PaperKeyChanged { account, news, by, at }).await
}

async fn all(here: &mut Here<'_>, message: &Message) -> Result<(), Error> {
    let owners: Vec<Contact> =
        here.key_people.iter().filter(|person| person.member.owner).map(Stored::contact).collect();
    for to in owners {
        here.mail(&to, message).await?;
    }
    Ok(())
}
