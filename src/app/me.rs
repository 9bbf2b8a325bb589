//! What a person sees about themselves.

use super::{app::App, error::Error, principal::Principal};
use crate::{
    id::{AccountId, SessionId},
    store::{
        error::DbError,
        members,
        users::{self, User},
    },
};

/// A person, as they see themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Who.
    pub user: User,
    /// The session that they call from.
    pub session: Option<SessionId>,
    /// The accounts in which they are a member, with their names, as far as their session goes.
    pub accounts: Vec<(AccountId, String)>,
}

/// What the caller sees about themselves.
///
/// # Errors
/// [`Access::PeopleOnly`](super::error::Access::PeopleOnly) for tokens.
pub async fn me(app: &App, principal: &Principal) -> Result<Me, Error> {
    let (user, within) = principal.person_and_reach()?;
    let mut tx = app.db.read().await?;
    let person = users::by_id(&mut tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
    let mut accounts = members::accounts_of(&mut tx, user).await?;
    accounts.retain(|(account, _)| within.is_none_or(|within| within == *account));
    Ok(Me { user: person, session: principal.session(), accounts })
}

/// Who the caller is, and nothing else: what every page needs.
///
/// # Errors
/// [`Access::PeopleOnly`](super::error::Access::PeopleOnly) for tokens.
pub async fn myself(app: &App, principal: &Principal) -> Result<User, Error> {
    let (user, _) = principal.person_and_reach()?;
    Ok(users::by_id(&mut app.db.read().await?, user).await?.ok_or_else(|| DbError::corrupt("users", user))?)
}
