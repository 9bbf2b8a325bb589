//! A person has their device make a passkey, with which they sign in and show who they are from then on.
//!
//! What it is worth depends on how they showed who they are, as with a password; `ownership::credential` decides. It
//! replaces nothing: a person has one on each of their devices.

use serde_json::Value;

use super::{
    app::App,
    ceremony::Question,
    error::{Access, Error},
    everywhere::Everywhere,
    invite::name,
    principal::Principal,
    prove::session_of,
    set_password::{claim, proof_in},
    tell_credential::{News, tell},
};
use crate::{
    activity::entry::Draft,
    id::{CeremonyId, CredentialId},
    mail::sign_in_facts::PasskeyNews,
    moment::Moment,
    ownership::credential::{CLAIMED_FOR, Held, MOST_PASSKEYS, ProvenBy},
    passkey::{enrolment::Holder, refused::Refused},
    recovery::proof::Shown,
    secret::Ceremony,
    store::{
        credentials::Stored as Credential,
        db::Unit,
        error::DbError,
        passkeys::{self, Stored},
        tx::Tx,
        users::{self, User},
    },
};

/// Asks the browser to make a passkey. Says which ceremony that is, and what the browser needs to know.
///
/// # Errors
/// [`Access::NoPasskeysHere`]; where nobody has just shown who they are; [`Access::TooManyPasskeys`].
pub async fn ask_passkey(app: &App, principal: &Principal) -> Result<(CeremonyId, Value), Error> {
    let (user, session) = session_of(principal)?;
    let now = app.now();
    Shown::of(principal.proof(), now)?;
    let question = Question::ask(app, Ceremony::Enrolment(session))?;
    let mut tx = app.db.read().await?;
    let person = users::by_id(&mut tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
    let held = passkeys::of_user(&mut tx, user, now).await?;
    room(held.len())?;
    let handles: Vec<_> = held.into_iter().map(|one| one.handle).collect();
    Ok((question.id, question.service.creation(&question.challenge, holder(&person), &handles)?))
}

pub(super) fn holder(person: &User) -> Holder<'_> {
    Holder { user: person.id, email: person.email.as_str(), name: &person.name }
}

pub(super) fn room(held: usize) -> Result<(), Error> {
    if held < MOST_PASSKEYS { Ok(()) } else { Err(Access::TooManyPasskeys { most: MOST_PASSKEYS }.into()) }
}

/// Until when nothing but mail would stand behind a passkey that the caller adds now; nothing where more would.
///
/// # Errors
/// Where nobody has just shown who they are; when the database fails.
pub async fn claimed_until(app: &App, principal: &Principal) -> Result<Option<Moment>, Error> {
    let (user, _) = session_of(principal)?;
    let now = app.now();
    let proof = Shown::of(principal.proof(), now)?.proof();
    let mut tx = app.db.read().await?;
    let person = users::by_id(&mut tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
    Ok(claim(&mut tx, &person, proof, now).await?.map(|since| since.after(CLAIMED_FOR)))
}

/// Keeping the passkey that a device has made.
pub struct AddPasskey {
    /// The service.
    pub app: App,
    /// The ceremony.
    pub ceremony: CeremonyId,
    /// What the browser says of it.
    pub answer: Value,
    /// What its holder calls it.
    pub name: String,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for AddPasskey {
    type Out = Stored;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Stored, Error> {
        let (user, session) = session_of(&self.principal)?;
        let name = name("/name", &self.name)?;
        let mut all = Everywhere::enter(tx, &self.app, user).await?;
        let now = all.now;
        let proof = proof_in(all.tx, session, now).await?;
        let question = Question::answered(all.tx, &self.app, self.ceremony, Ceremony::Enrolment(session), now).await?;
        let made = question.service.made(&question.challenge, holder(&all.user), &self.answer)?;
        if passkeys::is_known(all.tx, &made.handle).await? {
            return Err(Refused::Known.into());
        }
        room(passkeys::of_user(all.tx, user, now).await?.len())?;
        let claim = claim(all.tx, &all.user, proof, now).await?;
        let id: CredentialId = self.app.chance.id(now);
        let held = Held { id, enrolled_at: now, mail_since: claim, ends_at: None };
        let stored = Stored {
            credential: Credential { held, last_used_at: None },
            user,
            name,
            handle: made.handle,
            key: made.key,
        };
        passkeys::insert(all.tx, &stored, None).await?;
        let shown = match proof.by {
            ProvenBy::Code => "mailed_code",
            ProvenBy::Credential { .. } => "credential",
        };
        let draft = Draft::new("member.passkey_added", self.principal.actor()).user(user).with("shown", shown);
        let draft = match claim {
            Some(since) => draft.with("mail_since", since.to_string()),
            None => draft,
        };
        let news = PasskeyNews::Added { claimed_until: claim.map(|since| since.after(CLAIMED_FOR)) };
        tell(&mut all, &self.app, &draft, &News::Passkey(stored.name.clone(), news), Some(id)).await?;
        Ok(stored)
    }
}
