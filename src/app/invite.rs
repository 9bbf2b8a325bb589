//! Inviting a member, and accepting an invitation.

use super::{
    app::App,
    error::Error,
    here::{Bound, Here},
    onboard,
    principal::Principal,
    standing,
    tell_case::{account_facts, named},
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, UserId},
    mail::{
        facts::{Invitee, NewOwnership},
        message::Message,
    },
    ownership::{
        account,
        address::Email,
        member::{self, Member, Status},
        owner::Outcome,
        preset::{Preset, Role},
        refusal::Refusal,
        rights::Rights,
    },
    recovery::roster::Joined,
    store::{
        accounts,
        db::Unit,
        links::Purpose,
        members::{self, Stored},
        roster,
        tx::Tx,
        users,
    },
};

/// A person's name and address, as an inviter gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Email,
}

/// The longest name of a person or an account, in characters.
pub const LONGEST_NAME: usize = 100;

/// Checks a name that somebody typed, and removes white space around it.
///
/// # Errors
/// When it is empty, too long, or holds control characters.
pub fn name(pointer: &str, text: &str) -> Result<String, Error> {
    let name = text.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits {
        Ok(name.to_owned())
    } else {
        Err(Error::invalid(pointer, format!("a name has 1 to {LONGEST_NAME} characters, all of them printable")))
    }
}

/// Inviting a member.
pub struct Invite {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Who is invited.
    pub person: NewPerson,
    /// Into which role.
    pub role: String,
    /// Who invites.
    pub principal: Principal,
}

impl Unit for Invite {
    type Out = Stored;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Stored, Error> {
        let parent = onboard::lock_parent(tx, &self.principal, self.account).await?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let rights = onboard::rights(&mut here, &self.principal, parent.as_ref()).await?;
        invite(&mut here, self, &rights).await
    }
}

/// Invites a member into an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub async fn invite(here: &mut Here<'_>, asked: &Invite, rights: &Rights) -> Result<Stored, Error> {
    rights.may_invite()?;
    let preset = here.preset()?;
    let role = role_of(preset, "/role", &asked.role)?;
    member::invite(rights, here.account.status, role)?;
    let administrator = role.administrator;
    let person = NewPerson { name: name("/name", &asked.person.name)?, email: asked.person.email.clone() };
    let user =
        users::find_or_create(here.tx, here.app.chance.id(here.now), &person.email, &person.name, here.now).await?.id;
    if members::find(here.tx, here.account.id, user).await?.is_some() {
        return Err(Refusal::AlreadyMember.into());
    }
    // Before anything is written: whoever adds an administrator as an owner proves that it is them.
    let by = if administrator { Some(standing::authority(here, &asked.principal, rights, user).await?) } else { None };
    let member = Member {
        user,
        role: asked.role.clone(),
        administrator,
        status: Status::Invited,
        confirmed: false,
        owner: false,
    };
    members::insert(here.tx, here.account.id, &member, here.now).await?;
    let draft = Draft::new("member.invited", asked.principal.actor()).user(user).with("role", asked.role.clone());
    here.record(draft.personal("name", person.name).personal("email", person.email.as_str())).await?;
    let stored = members::find(here.tx, here.account.id, user).await?.ok_or(Error::NotFound)?;
    if let Some(by) = by {
        standing::added(here, user, Joined::NotYet, by, &asked.principal).await?;
        here.look_again().await?;
    }
    let inviter = match &asked.principal {
        Principal::Person { user, .. } => Some(named(here, *user).await?),
        Principal::Operator { .. } | Principal::Platform { .. } => None,
    };
    let invitee = if administrator { Invitee::Administrator } else { Invitee::Member };
    send_invitation(here, &stored, inviter, invitee).await?;
    Ok(stored)
}

/// The role of that name.
///
/// # Errors
/// When there is no such role.
pub fn role_of<'p>(preset: &'p Preset, pointer: &str, role: &str) -> Result<&'p Role, Error> {
    let unknown = || {
        let known: Vec<&str> = preset.roles.iter().map(|role| role.name.as_str()).collect();
        Error::invalid(pointer, format!("there is no role `{role}` here; choose one of {}", known.join(", ")))
    };
    preset.role(role).ok_or_else(unknown)
}

/// Mails somebody the link that accepts their invitation.
///
/// # Errors
/// When the database fails.
pub async fn send_invitation(
    here: &mut Here<'_>,
    stored: &Stored,
    inviter: Option<crate::mail::facts::Person>,
    invitee: Invitee,
) -> Result<(), Error> {
    let preset = here.preset()?;
    let role = preset.role(&stored.member.role).map_or_else(|| stored.member.role.clone(), |role| role.title.clone());
    let link = here.link(Purpose::Accept, stored.member.user, Bound::Account).await?;
    let message = Message::Invitation { account: account_facts(here), inviter, role, invitee, link };
    here.mail(&stored.contact(), &message).await
}

/// Accepting an invitation.
pub struct Accept {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Who accepts.
    pub principal: Principal,
}

impl Unit for Accept {
    type Out = Stored;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Stored, Error> {
        let user = self.principal.person_in(self.account)?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        accept(&mut here, user, &self.principal).await
    }
}

/// Accepts an invitation to an account that is locked already. Whoever gets here has proven that the address is theirs,
/// by signing in or by the link that was sent to it.
///
/// # Errors
/// When the person is not invited.
pub async fn accept(here: &mut Here<'_>, user: UserId, principal: &Principal) -> Result<Stored, Error> {
    let stored = members::find(here.tx, here.account.id, user).await?.ok_or(Error::NotFound)?;
    match member::accept(here.account.status, &stored.member)? {
        Outcome::AlreadySo => return Ok(stored),
        Outcome::Changed => {}
    }
    users::confirm(here.tx, user, here.now).await?;
    let mut member = stored.member.clone();
    member.status = Status::Active;
    members::save(here.tx, here.account.id, &member).await?;
    let before = roster::load(here.tx, here.account.id).await?;
    let mut after = before.clone();
    after.join(user);
    roster::save(here.tx, here.account.id, &before, &after).await?;
    here.record(Draft::new("member.accepted", principal.actor()).user(user)).await?;
    if member.owner && here.account.status == account::Status::Pending {
        here.account.status = account::Status::Active;
        accounts::save(here.tx, &mut here.account).await?;
        here.record(Draft::new("account.activated", principal.actor())).await?;
        let message = Message::NewOwnerWelcome {
            account: account_facts(here),
            how: NewOwnership::First,
            at: here.now,
            enrol: None,
        };
        here.mail(&stored.contact(), &message).await?;
        accept_below(here, user, principal).await?;
    }
    here.look_again().await?;
    members::find(here.tx, here.account.id, user).await?.ok_or(Error::NotFound)
}

/// The account that was created together with this one begins with it: its first owner is the same, and nobody else could
/// create one below an account that had not begun.
async fn accept_below(here: &mut Here<'_>, user: UserId, principal: &Principal) -> Result<(), Error> {
    for child in accounts::pending_below(here.tx, here.account.id, user).await? {
        let mut below = Here::enter(here.tx, here.app, child).await?;
        Box::pin(accept(&mut below, user, principal)).await?;
    }
    Ok(())
}
