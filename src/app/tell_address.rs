//! Who is written to when a person's address has changed: both addresses, the owners of the accounts that the person
//! administers, and, once more, whoever has not accepted an invitation yet.

use super::{
    app::App,
    error::Error,
    here::Here,
    invite::send_invitation,
    tell_case::{account_facts, named},
};
use crate::{
    mail::{facts::Invitee, message::Message},
    moment::Moment,
    ownership::{address::Email, member::Status},
    store::{
        mails::{self, Contact, Outgoing},
        members::Stored,
        tx::Tx,
        users::User,
    },
};

/// Writes to the old address and to the new one.
///
/// # Errors
/// When the database fails.
pub async fn tell_themselves(tx: &mut Tx, app: &App, before: &User, email: &Email, at: Moment) -> Result<(), Error> {
    let old = before.contact();
    let new = Contact { email: email.as_str().to_owned(), ..old.clone() };
    let address = |to: &Contact| to.email.clone();
    for (to, message) in [
        (&old, Message::EmailChanged { address: address(&old), at }),
        (&new, Message::EmailConfirmed { address: address(&new), at }),
    ] {
        let id = app.chance.id(at);
        let outgoing = Outgoing { id, account: None, case: None, to, event: None, message: &message, at };
        mails::queue(tx, &outgoing).await?;
    }
    Ok(())
}

/// Alerts the owners of an account in which the person is an administrator. An invitation that the person has not
/// accepted goes to the new address, because its link died with the old one.
///
/// # Errors
/// When the database fails.
pub async fn tell_account(here: &mut Here<'_>, member: &Stored, before: &Email) -> Result<(), Error> {
    if member.member.administrator {
        alert_owners(here, member, before).await?;
    }
    match member.member.status {
        Status::Invited => {
            let invitee = match (member.member.owner, member.member.administrator) {
                (true, _) => Invitee::FirstOwner,
                (false, true) => Invitee::Administrator,
                (false, false) => Invitee::Member,
            };
            send_invitation(here, member, None, invitee).await
        }
        Status::Active | Status::Suspended => Ok(()),
    }
}

async fn alert_owners(here: &mut Here<'_>, member: &Stored, before: &Email) -> Result<(), Error> {
    let user = member.member.user;
    let person = named(here, user).await?;
    let until = here.now.after(here.account.policy.seasoning);
    let is_other_owner = |other: &&Stored| other.member.owner && other.member.user != user;
    let owners: Vec<Contact> = here.key_people.iter().filter(is_other_owner).map(Stored::contact).collect();
    for owner in owners {
        let (account, person, before) = (account_facts(here), person.clone(), before.as_str().to_owned());
        let message = Message::AdministratorEmailChanged { account, person, before, at: here.now, until };
        here.mail(&owner, &message).await?;
    }
    Ok(())
}
