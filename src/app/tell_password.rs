//! Who is written to when a person's password was set or removed: they themselves, and in each account in which they are an
//! owner or an administrator whoever watches over it.

use super::{
    app::App,
    error::Error,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    mail::{facts::PasswordNews, message::Message},
    moment::Moment,
    ownership::credential::watchers,
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

/// Alerts the others in an account who watch over it. The mark names the credential that was set: by it one can ask later
/// whether all of them were told.
///
/// # Errors
/// When the database fails.
pub async fn tell_watchers(
    here: &mut Here<'_>,
    member: &Stored,
    news: PasswordNews,
    mark: Option<&str>,
) -> Result<(), Error> {
    let user = member.member.user;
    let person = named(here, user).await?;
    let watchers = watchers(user, here.key_people.iter().map(|stored| &stored.member));
    let watches = |other: &&Stored| watchers.contains(&other.member.user);
    let readers: Vec<Contact> = here.key_people.iter().filter(watches).map(Stored::contact).collect();
    for reader in readers {
        let (account, person) = (account_facts(here), person.clone());
        let message = Message::MemberPasswordChanged { account, person, news, at: here.now };
        here.mail_about(&reader, &message, None, mark).await?;
    }
    Ok(())
}
