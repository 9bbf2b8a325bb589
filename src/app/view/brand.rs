//! How an account looks to its members. Everybody else learns nothing of it.

use crate::{
    app::{app::App, error::Error, principal::Principal},
    id::{AccountId, CaseId},
    store::brands,
};

pub use crate::store::brands::Look;

/// How an account looks, for one of its members.
///
/// # Errors
/// [`Access::PeopleOnly`](crate::app::error::Access::PeopleOnly) for tokens; when the database fails.
pub async fn of_account(app: &App, account: AccountId, principal: &Principal) -> Result<Option<Look>, Error> {
    let (reader, _) = principal.person_and_reach()?;
    Ok(there(principal, brands::of_account(&mut app.db.read().await?, account, reader).await?))
}

/// How the account of a case looks, for one of its members.
///
/// # Errors
/// [`Access::PeopleOnly`](crate::app::error::Access::PeopleOnly) for tokens; when the database fails.
pub async fn of_case(app: &App, case: CaseId, principal: &Principal) -> Result<Option<Look>, Error> {
    let (reader, _) = principal.person_and_reach()?;
    Ok(there(principal, brands::of_case(&mut app.db.read().await?, case, reader).await?))
}

/// The same, if the account is there for whoever looks.
fn there(principal: &Principal, look: Option<Look>) -> Option<Look> {
    look.filter(|look| principal.reaches(look.account).is_ok())
}
