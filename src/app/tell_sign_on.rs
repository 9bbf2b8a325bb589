//! Who is written to about an account's single sign-on: all owners of every change, and people when they first sign in by it.

use super::{
    error::Error,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    id::UserId,
    mail::{message::Message, sign_in_facts::SignOnNews},
    ownership::sign_on::Issuer,
    store::{mails::Contact, members::Stored, users},
};

/// Alerts all owners that an owner has changed it.
///
/// # Errors
/// When the database fails.
pub async fn changed(here: &mut Here<'_>, news: &SignOnNews, by: UserId) -> Result<(), Error> {
    let by = named(here, by).await?;
    let message = Message::SignOn { account: account_facts(here), news: news.clone(), by, at: here.now };
    let owners: Vec<Contact> =
        here.key_people.iter().filter(|person| person.member.owner).map(Stored::contact).collect();
    for to in owners {
        here.mail(&to, &message).await?;
    }
    Ok(())
}

/// Tells somebody that a provider has vouched for them for the first time.
///
/// # Errors
/// When the database fails.
pub async fn first_time(here: &mut Here<'_>, user: UserId, issuer: &Issuer) -> Result<(), Error> {
    let by = named(here, user).await?;
    let news = SignOnNews::First { provider: issuer.host().to_owned() };
    let message = Message::SignOn { account: account_facts(here), news, by, at: here.now };
    let to = users::contact(here.tx, user).await?;
    here.mail(&to, &message).await
}
