//! Who is written to about an account's webhooks: all owners of every change.

use super::{
    error::Error,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    id::UserId,
    mail::{message::Message, webhook_news::WebhookNews},
    store::{mails::Contact, members::Stored, webhooks::Endpoint},
};

/// Alerts all owners. Without `by`, no owner did it.
///
/// # Errors
/// When the database fails.
pub async fn owners(
    here: &mut Here<'_>,
    endpoints: &[Endpoint],
    news: WebhookNews,
    by: Option<UserId>,
) -> Result<(), Error> {
    let by = match by {
        Some(user) => Some(named(here, user).await?),
        None => None,
    };
    let receivers = endpoints.iter().map(|endpoint| endpoint.address.host().to_owned()).collect();
    let message = Message::WebhookChanged { account: account_facts(here), receivers, news, by, at: here.now };
    let owners: Vec<Contact> =
        here.key_people.iter().filter(|person| person.member.owner).map(Stored::contact).collect();
    for to in owners {
        here.mail(&to, &message).await?;
    }
    Ok(())
}
