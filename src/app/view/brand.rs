//! How an account looks to its members. Everybody else learns nothing of it.

use crate::{
    app::{app::App, error::Error},
    id::{AccountId, CaseId, UserId},
    store::brands,
};

pub use crate::store::brands::Look;

/// How an account looks, for one of its members.
///
/// # Errors
/// When the database fails.
pub async fn of_account(app: &App, account: AccountId, reader: UserId) -> Result<Option<Look>, Error> {
    Ok(brands::of_account(&mut app.db.read().await?, account, reader).await?)
}

/// How the account of a case looks, for one of its members.
///
/// # Errors
/// When the database fails.
pub async fn of_case(app: &App, case: CaseId, reader: UserId) -> Result<Option<Look>, Error> {
    Ok(brands::of_case(&mut app.db.read().await?, case, reader).await?)
}
