//! Whether accounts below this one need a reference: what somebody who may has set, or else what the preset says.

use super::{
    app::App,
    error::Error,
    principal::Principal,
    settings_act::{self, SettingsAct},
};
use crate::{
    activity::entry::Draft,
    id::AccountId,
    ownership::preset::{Children, Reference},
    store::{
        accounts,
        db::Unit,
        error::DbError,
        settings::{self, Settings},
        tx::Tx,
    },
};

/// The rule for the references of an account's children.
///
/// # Errors
/// When the database fails.
pub async fn reference_rule(tx: &mut Tx, account: AccountId, children: &Children) -> Result<Reference, DbError> {
    Ok(settings::load(tx, account).await?.child_reference.unwrap_or(children.reference))
}

/// Saying whether accounts below this one need a reference.
pub struct SetReference {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Whether they do.
    pub rule: Reference,
    /// The version of the account that they have read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for SetReference {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let act = settings_act::enter(tx, &self.app, self.account, &self.principal, self.version).await?;
        let SettingsAct { mut here, .. } = act;
        let preset = here.preset()?;
        let Some(children) = preset.children_at(here.account.depth) else {
            let detail = "there are no accounts below this one, so nothing needs a reference";
            return Err(Error::invalid("/child_reference", detail));
        };
        let before = settings::load(here.tx, self.account).await?;
        if before.child_reference.unwrap_or(children.reference) == self.rule {
            return Ok(());
        }
        let after = Settings { child_reference: Some(self.rule), ..before };
        settings::save(here.tx, self.account, &after).await?;
        accounts::touch(here.tx, &mut here.account).await?;
        let word = serde_json::to_value(self.rule).unwrap_or_default();
        here.record(Draft::new("settings.reference_changed", self.principal.actor()).with("rule", word)).await
    }
}
