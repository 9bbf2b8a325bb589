//! An owner gives the account another name.

use super::{
    app::App,
    error::{Access, Error},
    here::Here,
    invite::name,
    principal::Principal,
};
use crate::{
    activity::entry::Draft,
    id::AccountId,
    ownership::account::Use,
    recovery::action::FreshProof,
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
        self.principal.person()?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        here.rights(&self.principal).await?.require_owner()?;
        FreshProof::of(self.principal.proven_at(), here.now)?;
        here.account.status.allows(Use::Arrange)?;
        if self.version.is_some_and(|version| version != here.account.version) {
            return Err(Access::Changed.into());
        }
        let name = name("/name", &self.name)?;
        if name != here.account.name {
            here.account.name.clone_from(&name);
            accounts::save(here.tx, &mut here.account).await?;
            here.record(Draft::new("account.renamed", self.principal.actor()).personal("account_name", name)).await?;
        }
        Ok(here.account)
    }
}
