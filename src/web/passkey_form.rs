//! What the script of a page sends of a passkey.

use serde::Deserialize;

use super::next::Next;
use crate::{
    app::{
        error::{Access, Error},
        use_passkey::Answer,
    },
    passkey::refused::Refused,
};

/// What the script of a page puts into its form, beside where to go afterwards.
#[derive(Debug, Clone, Deserialize)]
pub struct PasskeyForm {
    /// Where to go afterwards.
    #[serde(default)]
    pub next: Next,
    /// The ceremony.
    #[serde(default)]
    pub ceremony: String,
    /// What the passkey answered, as JSON.
    #[serde(default)]
    pub answer: String,
}

/// What the passkey answered.
///
/// # Errors
/// Where a script of ours cannot have sent this.
pub fn answered(ceremony: &str, answer: &str) -> Result<Answer, Error> {
    let ceremony = ceremony.parse().map_err(|_| Access::CeremonyOver)?;
    let answer = serde_json::from_str(answer).map_err(|_| Refused::Unfit)?;
    Ok(Answer { ceremony, answer })
}
