//! Somebody who may gives the account a logo, or takes it away; whoever may read the account gets to see it.

use super::{
    app::App,
    error::Error,
    principal::Principal,
    rights,
    settings_act::{self, SettingsAct},
};
use crate::{
    activity::entry::Draft,
    hash::Hash,
    id::AccountId,
    ownership::settings::Logo,
    store::{accounts, db::Unit, logos, tx::Tx},
};

/// Giving the account a logo, or taking it away.
pub struct SetLogo {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The file that somebody chose; none to take the logo away.
    pub file: Option<Vec<u8>>,
    /// The version of the account that they have read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for SetLogo {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let act = settings_act::enter(tx, &self.app, self.account, &self.principal, self.version).await?;
        let SettingsAct { mut here, .. } = act;
        let actor = self.principal.actor();
        let before = logos::png(here.tx, self.account).await?;
        let draft = match self.file.clone().map(Logo::read).transpose()? {
            Some(logo) if before.as_deref() == Some(logo.png()) => return Ok(()),
            Some(logo) => {
                logos::save(here.tx, self.account, &logo, here.now).await?;
                Draft::new("settings.logo_changed", actor).with("sha256", Hash::of_parts(&[logo.png()]).to_string())
            }
            None if before.is_none() => return Ok(()),
            None => {
                logos::delete(here.tx, self.account).await?;
                Draft::new("settings.logo_removed", actor)
            }
        };
        accounts::touch(here.tx, &mut here.account).await?;
        here.record(draft).await
    }
}

/// The picture, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, and where there is none.
pub async fn logo(app: &App, principal: &Principal, account: AccountId) -> Result<Vec<u8>, Error> {
    let mut tx = app.db.read().await?;
    accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account).await?;
    logos::shown(&mut tx, account).await?.ok_or(Error::NotFound)
}
