//! Who is written to when a person's password was set or removed: they themselves, and the owners of the accounts in which
//! they are an owner or an administrator.

use super::{
    app::App,
    error::Error,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    mail::{facts::PasswordNews, message::Message},
    moment::Moment,
    store::{
        mails::{self, Contact, Outgoing},
        members::Stored,
        tx::Tx,
        users::User,
    },
};

/// Writes to the person. Where they are an owner, this is also the alert to them as one, so it carries the same mark.
///
/// # Errors
/// When the database fails.
pub async fn tell_themselves(
    tx: &mut Tx,
    app: &App,
    user: &User,
    news: PasswordNews,
    mark: Option<&str>,
    at: Moment,
) -> Result<(), Error> {
    let (id, to) = (app.chance.id(at), user.contact());
    let message = Message::PasswordChanged { news, at };
    let outgoing = Outgoing { id, account: None, case: None, to: &to, event: mark, message: &message, at };
    Ok(mails::queue(tx, &outgoing).await?)
}

/// Alerts the owners of an account, those who are not the person. The mark names the credential that was set: by it one can
/// ask later whether all of them were told.
///
/// # Errors
/// When the database fails.
pub async fn tell_owners(
    here: &mut Here<'_>,
    member: &Stored,
    news: PasswordNews,
    mark: Option<&str>,
) -> Result<(), Error> {
    let user = member.member.user;
    let person = named(here, user).await?;
    let is_other_owner = |other: &&Stored| other.member.owner && other.member.user != user;
    let owners: Vec<Contact> = here.key_people.iter().filter(is_other_owner).map(Stored::contact).collect();
    for owner in owners {
        let (account, person) = (account_facts(here), person.clone());
        let message = Message::MemberPasswordChanged { account, person, news, at: here.now };
        here.mail_about(&owner, &message, None, mark).await?;
    }
    Ok(())
}
