//! A person's address changes: they have typed the code that went to the new one, and shown by the old one that it is them.
//!
//! Everything that was mailed to the old address stops working, and so do their other sessions.

use super::{
    app::App,
    error::{Access, Error},
    everywhere::Everywhere,
    fresh_proof,
    principal::Principal,
    prove::session_of,
    tell_address,
};
use crate::{
    activity::entry::Draft,
    id::SessionId,
    ownership::{address::Email, identity},
    recovery::proof::Shown,
    store::{
        codes::{self, Purpose},
        db::Unit,
        links, sessions,
        tx::Tx,
        users,
    },
};

/// Changing one's own address, with the code that went to the new one.
pub struct ChangeAddress {
    /// The service.
    pub app: App,
    /// The code, as typed.
    pub code: String,
    /// Who asks.
    pub principal: Principal,
}

/// What became of it. Both are saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// The address is theirs.
    To(Email),
    /// The code was wrong.
    Refused(Access),
}

impl Changed {
    /// The new address, or the refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// The refusal.
    pub fn to(self) -> Result<Email, Error> {
        match self {
            Self::To(email) => Ok(email),
            Self::Refused(access) => Err(access.into()),
        }
    }
}

impl Unit for ChangeAddress {
    type Out = Changed;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Changed, Error> {
        let (user, session) = session_of(&self.principal)?;
        let mut all = Everywhere::enter(tx, &self.app, user).await?;
        // Before the code is tried: whoever has but the session tries none.
        let holds = fresh_proof::holds(all.tx, user, all.now).await?;
        let shown = Shown::of_themselves(self.principal.proof(), holds, all.now)?;
        identity::change(shown, &all.ties().await?)?;
        match self.shown(&mut all, session).await? {
            Some(email) if users::by_email(all.tx, &email).await?.is_none() => {
                self.change(&mut all, session, &email).await?;
                Ok(Changed::To(email))
            }
            // Somebody else has it by now, which is not told apart from a wrong code.
            Some(_) | None => Ok(Changed::Refused(Access::WrongCode)),
        }
    }
}

impl ChangeAddress {
    /// The address to which the typed code had gone. Nobody says which of the codes was meant, so a wrong one counts
    /// against each.
    async fn shown(&self, all: &mut Everywhere<'_>, session: SessionId) -> Result<Option<Email>, Error> {
        let codes = codes::for_addresses(all.tx, all.user.id, all.now).await?;
        let now = all.now;
        let live = || codes.iter().filter(|code| code.purpose == Purpose::Email { session } && code.is_live(now));
        if let Some(code) = live().find(|code| self.app.secret.is_code(code.id, &self.code)) {
            let used = codes::use_up(all.tx, code.id, now).await?;
            return Ok(code.email.clone().filter(|_| used));
        }
        for code in live() {
            codes::mistype(all.tx, code.id).await?;
        }
        Ok(None)
    }

    async fn change(&self, all: &mut Everywhere<'_>, session: SessionId, email: &Email) -> Result<(), Error> {
        let (before, now) = (all.user.clone(), all.now);
        match users::change_email(all.tx, before.id, email, now).await {
            Err(error) if error.is_unique_violation() => return Err(Access::WrongCode.into()),
            written => written?,
        }
        sessions::end_others(all.tx, before.id, session, now).await?;
        // What the old mailbox proved here, it proves no longer.
        sessions::forget_proof(all.tx, session).await?;
        codes::kill_of_user(all.tx, before.id, now).await?;
        links::kill_of_user(all.tx, before.id, now).await?;
        tell_address::tell_themselves(all.tx, &self.app, &before, email, now).await?;
        while let Some((mut here, member)) = all.next().await? {
            let draft = Draft::new("member.address_changed", self.principal.actor()).user(before.id);
            let draft = draft.personal("email", email.as_str()).personal("email_before", before.email.as_str());
            here.record(draft).await?;
            tell_address::tell_account(&mut here, &member, &before.email).await?;
        }
        Ok(())
    }
}
