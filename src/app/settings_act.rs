//! How a change of the settings begins: the account is locked, and whoever asks may configure it and has just shown that it
//! is them.

use super::{
    app::App,
    error::{Access, Error},
    here::Here,
    principal::Principal,
};
use crate::{
    id::{AccountId, UserId},
    ownership::{account::Use, rights::Rights},
    store::tx::Tx,
};

/// An account under its lock, and the person who changes its settings.
pub struct SettingsAct<'t> {
    /// The account.
    pub here: Here<'t>,
    /// Who changes them.
    pub person: UserId,
    /// What they may do besides.
    pub rights: Rights,
}

/// Locks the account for a change of its settings. `version` is the one that the person has read, if they care.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not know of the account; why it is refused.
pub async fn enter<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    account: AccountId,
    principal: &Principal,
    version: Option<i64>,
) -> Result<SettingsAct<'t>, Error> {
    let person = principal.person_in(account)?;
    let mut here = Here::enter(tx, app, account).await?;
    let rights = here.rights(principal).await?;
    rights.may_configure(here.preset()?)?;
    here.fresh_proof(principal).await?;
    here.account.status.allows(Use::Arrange)?;
    if version.is_some_and(|version| version != here.account.version) {
        return Err(Access::Changed.into());
    }
    Ok(SettingsAct { here, person, rights })
}
