//! Somebody came to own an account by paper keys, and has their device make the passkey with which they act: with a link that only
//! they got, and without a session. It signs nobody in; the passkey does that afterwards.
//!
//! Mail alone stands behind it, as behind anything that is enrolled so: elsewhere it counts as that. In this account it counts at
//! once, because everybody who could object to its holder was told of them, and had the waiting period for it.

use jiff::SignedDuration;
use serde_json::Value;

use super::{
    add_passkey::{holder, room},
    app::App,
    ceremony::Question,
    error::{Access, Error},
    everywhere::Everywhere,
    invite::name,
    redeem::live,
    tell_credential::{News, tell},
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, CeremonyId, CredentialId, LinkId},
    mail::sign_in_facts::PasskeyNews,
    moment::Moment,
    ownership::{
        actor::Actor,
        credential::{CLAIMED_FOR, Held},
    },
    passkey::refused::Refused,
    secret::Ceremony,
    store::{
        accounts,
        credentials::Stored as Credential,
        db::Unit,
        links::{self, Link, Purpose},
        members::{self, Stored as Member},
        passkeys::{self, Stored},
        tx::Tx,
        users,
    },
};

/// For how long the link works. Whoever comes later adds a passkey with a mailed code, and waits until it counts.
pub const OPEN_FOR: SignedDuration = CLAIMED_FOR;

/// Who enrols, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOwner {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// The new owner's name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Reads whose first passkey a link is for, and changes nothing.
///
/// # Errors
/// [`Access::DeadLink`].
pub async fn new_owner(app: &App, token: &str) -> Result<NewOwner, Error> {
    let mut tx = app.db.snapshot().await?;
    let (link, member) = entitled(&mut tx, genuine(app, token)?, app.now()).await?;
    let account = accounts::find(&mut tx, link.account).await?.ok_or(Error::NotFound)?;
    Ok(NewOwner { account: account.id, account_name: account.name, name: member.name, email: member.email })
}

/// Asks the browser to make the passkey. Says which ceremony that is, and what the browser needs to know.
///
/// # Errors
/// [`Access::DeadLink`], [`Access::NoPasskeysHere`], [`Access::TooManyPasskeys`].
pub async fn ask_first_passkey(app: &App, token: &str) -> Result<(CeremonyId, Value), Error> {
    let (id, now) = (genuine(app, token)?, app.now());
    let mut tx = app.db.snapshot().await?;
    let (link, _) = entitled(&mut tx, id, now).await?;
    let question = Question::ask(app, Ceremony::FirstDevice(id))?;
    let person = users::by_id(&mut tx, link.user).await?.ok_or(Error::NotFound)?;
    let held = passkeys::of_user(&mut tx, link.user, now).await?;
    room(held.len())?;
    let handles: Vec<_> = held.into_iter().map(|one| one.handle).collect();
    Ok((question.id, question.service.creation(&question.challenge, holder(&person), &handles)?))
}

/// Keeping the passkey that a new owner's device has made.
pub struct EnrolOwner {
    /// The service.
    pub app: App,
    /// The link's token.
    pub token: String,
    /// The ceremony.
    pub ceremony: CeremonyId,
    /// What the browser says of it.
    pub answer: Value,
    /// What its holder calls it.
    pub name: String,
}

impl Unit for EnrolOwner {
    type Out = AccountId;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<AccountId, Error> {
        let id = genuine(&self.app, &self.token)?;
        let name = name("/name", &self.name)?;
        let user = live(tx, id).await?.user;
        let mut all = Everywhere::enter(tx, &self.app, user).await?;
        let now = all.now;
        // Read again under the lock: of two requests with one link, the second finds it dead.
        let (link, _) = entitled(all.tx, id, now).await?;
        let question = Question::answered(all.tx, &self.app, self.ceremony, Ceremony::FirstDevice(id), now).await?;
        let made = question.service.made(&question.challenge, holder(&all.user), &self.answer)?;
        if passkeys::is_known(all.tx, &made.handle).await? {
            return Err(Refused::Known.into());
        }
        room(passkeys::of_user(all.tx, user, now).await?.len())?;
        let id: CredentialId = self.app.chance.id(now);
        let held = Held { id, enrolled_at: now, mail_since: Some(now), ends_at: None };
        let credential = Credential { held, last_used_at: None };
        let stored = Stored { credential, user, name, handle: made.handle, key: made.key };
        passkeys::insert(all.tx, &stored, Some(link.account)).await?;
        links::kill(all.tx, link.id, now).await?;
        let draft = Draft::new("member.passkey_added", Actor::User { user })
            .user(user)
            .with("shown", "link")
            .with("mail_since", now.to_string());
        let news = PasskeyNews::Enrolled { claimed_until: now.after(CLAIMED_FOR) };
        tell(&mut all, &self.app, &draft, &News::Passkey(stored.name.clone(), news), Some(id)).await?;
        Ok(link.account)
    }
}

fn genuine(app: &App, token: &str) -> Result<LinkId, Error> {
    Ok(app.secret.link_of(token).ok_or(Access::DeadLink)?)
}

/// The link, and whose it is, if it still works: they own the account, and it is not too old.
async fn entitled(tx: &mut Tx, link: LinkId, now: Moment) -> Result<(Link, Member), Error> {
    let link = live(tx, link).await?;
    if link.purpose != Purpose::Enrol {
        return Err(Access::WrongLink.into());
    }
    let member = members::find(tx, link.account, link.user).await?;
    let member = member.filter(|it| it.member.is_effective_owner() && now < link.created_at.after(OPEN_FOR));
    Ok((link, member.ok_or(Access::DeadLink)?))
}
