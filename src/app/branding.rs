//! Somebody who may says how the account looks: its name for people, and its colour. The logo is a matter of its own.

use super::{
    app::App,
    error::Error,
    principal::Principal,
    settings_act::{self, SettingsAct},
};
use crate::{
    activity::entry::Draft,
    id::AccountId,
    ownership::settings::{Branding, Colour},
    store::{
        accounts,
        db::Unit,
        settings::{self, Settings},
        tx::Tx,
    },
};

/// Saying how the account looks.
pub struct SetBranding {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The name shown in place of the account's own, as typed; none for that one.
    pub name: Option<String>,
    /// The colour, as typed; none for the service's own.
    pub colour: Option<String>,
    /// The version of the account that they have read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for SetBranding {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let act = settings_act::enter(tx, &self.app, self.account, &self.principal, self.version).await?;
        let SettingsAct { mut here, .. } = act;
        let typed =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let name = typed(&self.name).map(|name| Branding::name(&name)).transpose()?;
        let colour: Option<Colour> = typed(&self.colour).map(|colour| colour.parse()).transpose()?;
        let before = settings::load(here.tx, self.account).await?;
        let after = Settings { brand_name: name, brand_colour: colour, ..before.clone() };
        if after == before {
            return Ok(());
        }
        settings::save(here.tx, self.account, &after).await?;
        accounts::touch(here.tx, &mut here.account).await?;
        let draft = Draft::new("settings.branding_changed", self.principal.actor())
            .with("name", after.brand_name)
            .with("colour", after.brand_colour.map(|colour| colour.to_string()));
        here.record(draft).await
    }
}
