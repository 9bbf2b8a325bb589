//! Somebody who may gives the account another name.

use super::{
    app::App,
    error::Error,
    invite::name,
    principal::Principal,
    settings_act::{self, SettingsAct},
};
use crate::{
    activity::entry::Draft,
    id::AccountId,
    store::{
        accounts::{self, Account},
        db::Unit,
        tx::Tx,
    },
};

/// Renaming an account.
pub struct RenameAccount {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Its new name.
    pub name: String,
    /// The version that the caller has read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RenameAccount {
    type Out = Account;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Account, Error> {
        let act = settings_act::enter(tx, &self.app, self.account, &self.principal, self.version).await?;
        let SettingsAct { mut here, .. } = act;
        let name = name("/name", &self.name)?;
        if name != here.account.name {
            here.account.name.clone_from(&name);
            accounts::save(here.tx, &mut here.account).await?;
            here.record(Draft::new("account.renamed", self.principal.actor()).personal("account_name", name)).await?;
        }
        Ok(here.account)
    }
}
