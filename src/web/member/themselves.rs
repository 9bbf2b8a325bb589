//! Acts that only the member themselves does.

use crate::{
    app::{error::Error, principal::Principal},
    id::{AccountId, UserId},
    ownership::refusal::Refusal,
    web::problem::Problem,
};

/// Refuses everybody but the member named in the path.
pub(super) fn require_self(principal: &Principal, account: AccountId, user: UserId) -> Result<(), Problem> {
    if principal.person_in(account)? == user { Ok(()) } else { Err(Error::from(Refusal::OnlyThemselves).into()) }
}
