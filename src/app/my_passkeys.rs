//! The passkeys of a person that work, as they see them.

use super::{app::App, error::Error, principal::Principal, view::me::PasskeyView};
use crate::store::passkeys;

/// The caller's passkeys that work, the oldest first.
///
/// # Errors
/// [`Access::PeopleOnly`](super::error::Access::PeopleOnly) for tokens.
pub async fn my_passkeys(app: &App, principal: &Principal) -> Result<Vec<PasskeyView>, Error> {
    let (user, now) = (principal.person_everywhere()?, app.now());
    let stored = passkeys::of_user(&mut app.db.read().await?, user, now).await?;
    Ok(stored.iter().map(|one| PasskeyView::of(one, now)).collect())
}
