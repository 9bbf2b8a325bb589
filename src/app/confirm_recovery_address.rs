//! Somebody confirms a recovery address, by the link that was mailed there: shown first, and done by one button. They need no account
//! and no session.
//!
//! Where no script runs, a code of ten minutes is mailed to the same address, which does with the link's id what its token does. It
//! is looked at when the link is shown, and used when the address is confirmed, so that nobody types it twice.

use super::{
    add_recovery_user::{entry, owners_addresses},
    app::App,
    error::{Access, Error},
    here::Here,
    link_code::Proof,
    sign_in::{self, CODES},
    tell_case::account_facts,
    tell_recovery_user,
};
use crate::{
    id::{AccountId, CodeId, RecoveryUserId},
    mail::{facts::LinkUse, message::Message, recovery_user_news::RecoveryUserNews},
    ownership::{
        account::Use,
        actor::Actor,
        recovery_user::{self, Address},
    },
    store::{
        accounts,
        db::Unit,
        recovery_codes::{self, Code, Kind},
        recovery_users::{self, Stored},
        tx::Tx,
        users,
    },
};

/// What a link confirms, before anything is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Who was chosen.
    pub user: RecoveryUserId,
    /// Their name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The name of the owner who chose them.
    pub chosen_by: String,
}

/// Reads what a link confirms, for somebody who may know it. A wrong code is counted; nothing else changes.
///
/// # Errors
/// [`Access::DeadLink`], [`Access::WrongCode`].
pub async fn show(app: &App, link: CodeId, proof: &Proof) -> Result<Meaning, Error> {
    match proof {
        Proof::Token(token) => genuine(app, link, token)?,
        Proof::Code(code) => {
            app.db.run(CheckRecoveryCode { app: app.clone(), link, code: code.clone() }).await?.done()?;
        }
    }
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let (stored, address) = meant(tx, app, link).await?;
    let account = accounts::find(tx, stored.account).await?.ok_or(Error::NotFound)?;
    Ok(Meaning {
        account: stored.account,
        account_name: account.name,
        user: stored.user.id,
        name: stored.user.name,
        email: address.email.as_str().to_owned(),
        chosen_by: users::contact(tx, stored.user.added_by).await?.name,
    })
}

/// Confirms the address. Says what was confirmed.
///
/// # Errors
/// Those of [`show`], and why it is refused.
pub async fn confirm(app: &App, link: CodeId, proof: Proof) -> Result<Meaning, Error> {
    let meaning = show(app, link, &proof).await?;
    app.db.run(ConfirmRecoveryAddress { app: app.clone(), link, proof }).await?.done()?;
    Ok(meaning)
}

fn genuine(app: &App, link: CodeId, token: &str) -> Result<(), Error> {
    if app.secret.recovery_of(token) == Some(link) { Ok(()) } else { Err(Access::DeadLink.into()) }
}

/// The address that a live link confirms, and whose it is.
async fn meant(tx: &mut Tx, app: &App, link: CodeId) -> Result<(Stored, Address), Error> {
    let found = recovery_codes::find(tx, link).await?;
    let link = found.filter(|link| link.kind == Kind::Link && link.is_live(app.now())).ok_or(Access::DeadLink)?;
    let stored = recovery_users::whose(tx, link.address).await?.ok_or(Access::DeadLink)?;
    let address = stored.address(link.address).cloned().ok_or(Access::DeadLink)?;
    Ok((stored, address))
}

/// The same in its account, which is locked.
async fn enter<'t>(tx: &'t mut Tx, app: &'t App, link: CodeId) -> Result<(Here<'t>, Stored, Address), Error> {
    let account = meant(tx, app, link).await?.0.account;
    let here = Here::enter(tx, app, account).await?;
    // Read again under the lock: of two requests with one link, the second finds it dead.
    let (stored, address) = meant(here.tx, app, link).await?;
    Ok((here, stored, address))
}

/// What became of a code. Both are saved: a wrong one was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is right.
    Right,
    /// It is wrong, used, or too old.
    Wrong,
}

impl Checked {
    /// The refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// [`Access::WrongCode`].
    pub fn done(self) -> Result<(), Error> {
        match self {
            Self::Right => Ok(()),
            Self::Wrong => Err(Access::WrongCode.into()),
        }
    }
}

/// Asks for a code, to the address that got the link. Whether a mail goes out is not told.
pub struct SendRecoveryCode {
    /// The service.
    pub app: App,
    /// The link.
    pub link: CodeId,
}

impl Unit for SendRecoveryCode {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (mut here, stored, address) = match enter(tx, &self.app, self.link).await {
            Err(Error::Access(Access::DeadLink)) => return Ok(()),
            entered => entered?,
        };
        let now = here.now;
        if recovery_codes::unexpired(here.tx, address.id, now).await?.len() >= CODES {
            return Ok(());
        }
        let (id, kind, expires_at) = (self.app.chance.id(now), Kind::Code, sign_in::expiry(now));
        let code = Code { id, address: address.id, kind, created_at: now, expires_at, wrong: 0, used_at: None };
        recovery_codes::insert(here.tx, &code).await?;
        let (what, account) = (LinkUse::ConfirmRecoveryAddress, account_facts(&here));
        let message = Message::LinkCode { code: id, minutes: sign_in::MINUTES, what, account };
        here.mail(&stored.contact(&address), &message).await
    }
}

/// Looks at a code that somebody typed.
pub struct CheckRecoveryCode {
    /// The service.
    pub app: App,
    /// The link for which it was mailed.
    pub link: CodeId,
    /// The code, as typed.
    pub code: String,
}

impl Unit for CheckRecoveryCode {
    type Out = Checked;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Checked, Error> {
        match enter(tx, &self.app, self.link).await {
            // A link that works no more is not told from a wrong code.
            Err(Error::Access(Access::DeadLink)) => Ok(Checked::Wrong),
            Err(error) => Err(error),
            Ok((mut here, _, address)) => check(&mut here, &address, &self.code).await,
        }
    }
}

/// Nobody says which of the codes was meant, so a wrong one counts against each.
async fn check(here: &mut Here<'_>, address: &Address, typed: &str) -> Result<Checked, Error> {
    let codes = recovery_codes::unexpired(here.tx, address.id, here.now).await?;
    let live = || codes.iter().filter(|code| code.is_live(here.now));
    if live().any(|code| here.app.secret.is_code(code.id, typed)) {
        return Ok(Checked::Right);
    }
    let live: Vec<CodeId> = live().map(|code| code.id).collect();
    for code in live {
        recovery_codes::mistype(here.tx, code).await?;
    }
    Ok(Checked::Wrong)
}

/// Confirming the address to which a link was mailed.
pub struct ConfirmRecoveryAddress {
    /// The service.
    pub app: App,
    /// The link.
    pub link: CodeId,
    /// By what somebody shows that they read the address.
    pub proof: Proof,
}

impl Unit for ConfirmRecoveryAddress {
    type Out = Checked;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Checked, Error> {
        if let Proof::Token(token) = &self.proof {
            genuine(&self.app, self.link, token)?;
        }
        let (mut here, mut stored, address) = enter(tx, &self.app, self.link).await?;
        if let Proof::Code(code) = &self.proof
            && check(&mut here, &address, code).await? == Checked::Wrong
        {
            return Ok(Checked::Wrong);
        }
        here.account.status.allows(Use::Arrange)?;
        recovery_user::confirm(&address.email, &owners_addresses(&here)?)?;
        recovery_users::confirm(here.tx, address.id, here.now).await?;
        recovery_codes::end_all(here.tx, address.id, here.now).await?;
        let at = here.now;
        stored
            .user
            .addresses
            .iter_mut()
            .filter(|other| other.id == address.id)
            .for_each(|it| it.confirmed_at = Some(at));
        here.record(entry("recovery_user.address_confirmed", Actor::Service, &stored.user)).await?;
        let (address, all) = (address.email.as_str().to_owned(), stored.user.is_confirmed());
        tell_recovery_user::owners(&mut here, &stored.user, RecoveryUserNews::Confirmed { address, all }, None).await?;
        Ok(Checked::Right)
    }
}
