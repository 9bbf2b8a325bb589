//! Who is written to when something became of a person's password or passkey: they themselves, and in each account in which
//! they are an owner or an administrator whoever watches over it.

use super::{
    app::App,
    error::Error,
    everywhere::Everywhere,
    here::Here,
    tell_case::{account_facts, named},
};
use crate::{
    activity::entry::Draft,
    id::CredentialId,
    mail::{
        facts::{AccountFacts, Person},
        message::Message,
        sign_in_facts::{PasskeyNews, PasswordNews},
    },
    moment::Moment,
    ownership::credential::watchers,
    store::{
        mails::{self, Contact, Outgoing},
        members::Stored,
    },
};

/// What became of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    /// Of the password.
    Password(PasswordNews),
    /// Of the passkey of that name.
    Passkey(String, PasskeyNews),
}

impl News {
    fn to_themselves(&self, at: Moment) -> Message {
        match self.clone() {
            Self::Password(news) => Message::PasswordChanged { news, at },
            Self::Passkey(name, news) => Message::PasskeyChanged { name, news, at },
        }
    }

    fn to_watchers(&self, account: AccountFacts, person: Person, at: Moment) -> Message {
        match self {
            Self::Password(news) => Message::MemberPasswordChanged { account, person, news: *news, at },
            Self::Passkey(_, news) => Message::MemberPasskeyChanged { account, person, news: *news, at },
        }
    }
}

/// Writes to the person; and in each account in which they are an owner or an administrator, into its log and to whoever
/// watches over it.
///
/// The mark of the mails names the credential that was enrolled: by it one can ask later whether all of them were told.
pub(super) async fn tell(
    all: &mut Everywhere<'_>,
    app: &App,
    draft: &Draft,
    news: &News,
    enrolled: Option<CredentialId>,
) -> Result<(), Error> {
    let mark = enrolled.map(|id| id.to_string());
    let (id, at, to) = (app.chance.id(all.now), all.now, all.user.contact());
    let message = news.to_themselves(at);
    // Where they are an owner, this is also the alert to them as one.
    let event = mark.as_deref();
    let outgoing = Outgoing { id, account: None, case: None, to: &to, event, message: &message, at };
    mails::queue(all.tx, &outgoing).await?;
    while let Some((mut here, member)) = all.next().await? {
        if member.member.owner || member.member.administrator {
            here.record(draft.clone()).await?;
            tell_watchers(&mut here, &member, news, mark.as_deref()).await?;
        }
    }
    Ok(())
}

async fn tell_watchers(here: &mut Here<'_>, member: &Stored, news: &News, mark: Option<&str>) -> Result<(), Error> {
    let user = member.member.user;
    let person = named(here, user).await?;
    let watchers = watchers(user, here.key_people.iter().map(|stored| &stored.member));
    let watches = |other: &&Stored| watchers.contains(&other.member.user);
    let readers: Vec<Contact> = here.key_people.iter().filter(watches).map(Stored::contact).collect();
    for reader in readers {
        let message = news.to_watchers(account_facts(here), person.clone(), here.now);
        here.mail_about(&reader, &message, None, mark).await?;
    }
    Ok(())
}
