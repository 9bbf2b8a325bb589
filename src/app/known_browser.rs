//! Whether a browser is known of anybody: of somebody, that is, who has signed in there.

use super::{app::App, error::Error};
use crate::{secret::TokenHash, store::known_browsers};

/// Whether it is.
///
/// # Errors
/// When the database fails.
pub async fn is_known(app: &App, browser: &TokenHash) -> Result<bool, Error> {
    Ok(known_browsers::is_known(&mut app.db.read().await?, browser).await?)
}
