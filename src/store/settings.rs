//! What owners have set: how the account is called and coloured, and whether accounts below it need a reference.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::AccountId,
    ownership::{preset::Reference, settings::Colour},
};

/// What owners have set. Everything is left open at first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The name shown in place of the account's own.
    pub brand_name: Option<String>,
    /// The colour of its pages and mails.
    pub brand_colour: Option<Colour>,
    /// Whether accounts below it need a reference; none where it is as the preset says.
    pub child_reference: Option<Reference>,
}

#[derive(FromRow)]
struct SettingsRow {
    brand_name: Option<String>,
    brand_colour: Option<String>,
    child_reference: Option<String>,
}

/// What owners of an account have set.
///
/// # Errors
/// When the database fails.
pub async fn load(tx: &mut Tx, account: AccountId) -> Result<Settings, DbError> {
    let row = tx
        .sql("select brand_name, brand_colour, child_reference from account_settings where account_id = $1")
        .bind(account)
        .maybe::<SettingsRow>()
        .await?;
    let Some(row) = row else { return Ok(Settings::default()) };
    let corrupt = || DbError::corrupt("account_settings", account);
    let reference = |text: String| reference(&text).ok_or_else(corrupt);
    Ok(Settings {
        brand_name: row.brand_name,
        brand_colour: row.brand_colour.map(|text| text.parse().map_err(|_| corrupt())).transpose()?,
        child_reference: row.child_reference.map(reference).transpose()?,
    })
}

/// Saves what owners have set.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, account: AccountId, settings: &Settings) -> Result<(), DbError> {
    tx.sql(
        "insert into account_settings (account_id, brand_name, brand_colour, child_reference) values ($1, $2, $3, $4)
         on conflict (account_id) do update set brand_name = excluded.brand_name, brand_colour = excluded.brand_colour,
             child_reference = excluded.child_reference",
    )
    .bind(account)
    .bind(settings.brand_name.clone())
    .bind(settings.brand_colour.map(|colour| colour.to_string()))
    .bind(settings.child_reference.map(word))
    .run()
    .await?;
    Ok(())
}

const fn word(reference: Reference) -> &'static str {
    match reference {
        Reference::Mandatory => "mandatory",
        Reference::Optional => "optional",
    }
}

fn reference(text: &str) -> Option<Reference> {
    [Reference::Mandatory, Reference::Optional].into_iter().find(|reference| word(*reference) == text)
}
