//! The passwords of a person that work, as they see them.

use super::{app::App, error::Error, principal::Principal, view::me::PasswordView};
use crate::store::credentials;

/// The caller's passwords that work, the newest first.
///
/// # Errors
/// [`Access::PeopleOnly`](super::error::Access::PeopleOnly) for tokens.
pub async fn my_passwords(app: &App, principal: &Principal) -> Result<Vec<PasswordView>, Error> {
    let (user, now) = (principal.person_everywhere()?, app.now());
    let stored = credentials::in_force(&mut app.db.read().await?, user, now).await?;
    Ok(stored.iter().map(|one| PasswordView::of(one, now)).collect())
}
