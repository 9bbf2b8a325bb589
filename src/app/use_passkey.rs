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
    id::{CeremonyId, UserId},
    mail::sign_in_facts::PasskeyNews,
    ownership::{
        actor::Actor,
        credential::{Proof, ProvenBy},
    },
    passkey::{assertion::Presented, refused::Refused},
    secret::Ceremony,
    store::{
        credentials,
        passkeys::{self, Stored},
        sessions,
        tx::Tx,
        users,
    },
};

/// What a browser says of a ceremony.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Which.
    pub ceremony: CeremonyId,
    /// What the passkey answered.
    pub answer: Value,
}

/// What came of it. Both are saved.
pub(super) enum Used {
    /// It is theirs, and has just shown them.
    By(Box<Stored>, Proof),
    /// It may have been copied, so it was ended.
    Copied,
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
    let theirs = match whose {
        Some(user) => found.user == user && said.is_none_or(|said| said == user),
        None => said == Some(found.user),
    };
    if !theirs {
        return Err(Refused::Unknown.into());
    }
    let question = Question::answered(tx, app, answer.ceremony, what, app.now()).await?;
    match question.service.shown(&question.challenge, &found.key, &answer.answer) {
        // Whoever it concerns is locked account by account, and the person last: so before anything else is.
        Err(Refused::Copied) => return end_copied(tx, app, &found).await,
        judged => judged?,
    };
    users::lock(tx, found.user).await?;
    let now = app.now();
    // Once more: meanwhile it may have been removed, or used.
    let passkey = passkeys::by_handle(tx, &handle, now).await?.ok_or(Refused::Unknown)?;
    let counted = match question.service.shown(&question.challenge, &passkey.key, &answer.answer) {
        // Two answers of one device overtook each other; that is no copy.
        Err(Refused::Copied) => return Err(Refused::Unfit.into()),
        judged => judged?,
    };
    let held = passkey.credential.held;
    passkeys::count(tx, held.id, counted).await?;
    credentials::use_now(tx, passkey.user, held.id, now).await?;
    let by = ProvenBy::Credential { id: held.id, mail_since: held.mail_since };
    Ok(Used::By(Box::new(passkey), Proof { at: now, by }))
}

/// Ends a passkey of which there may be a copy, with every session of its person, since nobody knows which of them the copy
/// began; and says so to whom it concerns.
async fn end_copied(tx: &mut Tx, app: &App, copied: &Stored) -> Result<Used, Error> {
    let (user, id) = (copied.user, copied.credential.held.id);
    let mut all = Everywhere::enter(tx, app, user).await?;
    let now = all.now;
    let held = passkeys::of_user(all.tx, user, now).await?;
    if held.iter().all(|one| one.credential.held.id != id) {
        return Err(Refused::Unknown.into());
    }
    credentials::end(all.tx, id, now).await?;
    sessions::end_all(all.tx, user, now).await?;
    let draft = Draft::new("member.passkey_copied", Actor::Service).user(user);
    tell(&mut all, app, &draft, &News::Passkey(copied.name.clone(), PasskeyNews::Copied), None).await?;
    Ok(Used::Copied)
}
