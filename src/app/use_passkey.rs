//! A passkey is shown, be it to sign in or in a session: looked up, checked, and counted.

use serde_json::Value;

use super::{
    app::App,
    ceremony::Question,
    error::Error,
    everywhere::Everywhere,
    tell_credential::{News, tell},
};
use crate::{
    activity::entry::Draft,
    id::{CeremonyId, CredentialId, UserId},
    mail::facts::PasskeyNews,
    ownership::{
        actor::Actor,
        credential::{Proof, ProvenBy},
    },
    passkey::{assertion::Presented, refused::Refused},
    secret::Ceremony,
    store::{credentials, db::Unit, passkeys, tx::Tx, users},
};

/// What a browser says of a ceremony.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Which.
    pub ceremony: CeremonyId,
    /// What the passkey answered.
    pub answer: Value,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Used {
    /// It is theirs, and has just shown them.
    By(UserId, Proof),
    /// It may have been copied. Nothing was changed yet: [`EndCopied`] ends it.
    Copied(CredentialId, UserId),
}

/// Uses it. In a session, `whose` says who must be there; without, the device says it.
pub(super) async fn used(
    tx: &mut Tx,
    app: &App,
    what: Ceremony,
    whose: Option<UserId>,
    answer: &Answer,
) -> Result<Used, Error> {
    let Presented { handle, user: said } = Presented::of(&answer.answer)?;
    let found = passkeys::by_handle(tx, &handle, app.now()).await?.ok_or(Refused::Unknown)?;
    users::lock(tx, found.user).await?;
    let now = app.now();
    // Once more: meanwhile it may have been removed, or used.
    let passkey = passkeys::by_handle(tx, &handle, now).await?.ok_or(Refused::Unknown)?;
    let theirs = match whose {
        Some(user) => passkey.user == user && said.is_none_or(|said| said == user),
        None => said == Some(passkey.user),
    };
    if !theirs {
        return Err(Refused::Unknown.into());
    }
    let question = Question::answered(tx, app, answer.ceremony, what, now).await?;
    let held = passkey.credential.held;
    let counted = match question.service.shown(&question.challenge, &passkey.key, &answer.answer) {
        Ok(counted) => counted,
        Err(Refused::Copied) => return Ok(Used::Copied(held.id, passkey.user)),
        Err(refused) => return Err(refused.into()),
    };
    passkeys::count(tx, held.id, counted).await?;
    credentials::use_now(tx, passkey.user, held.id, now).await?;
    let by = ProvenBy::Credential { id: held.id, mail_since: held.mail_since };
    Ok(Used::By(passkey.user, Proof { at: now, by }))
}

/// Ends a passkey of which there may be a copy, and says so to whom it concerns.
pub struct EndCopied {
    /// The service.
    pub app: App,
    /// Which.
    pub passkey: CredentialId,
    /// Whose.
    pub user: UserId,
}

impl Unit for EndCopied {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let mut all = Everywhere::enter(tx, &self.app, self.user).await?;
        let now = all.now;
        let held = passkeys::of_user(all.tx, self.user, now).await?;
        let Some(copied) = held.into_iter().find(|one| one.credential.held.id == self.passkey) else {
            return Ok(());
        };
        credentials::end(all.tx, self.passkey, now).await?;
        let draft = Draft::new("member.passkey_copied", Actor::Service).user(self.user);
        tell(&mut all, &self.app, &draft, &News::Passkey(copied.name, PasskeyNews::Copied), None).await
    }
}
