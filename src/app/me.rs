//! What a person sees about themselves.

use super::{app::App, error::Error, principal::Principal};
use crate::{
    id::{AccountId, SessionId},
    store::{
        docket::{self, Threat},
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
    /// The zone in which mails to them write moments; none where they have not said.
    pub time_zone: Option<String>,
    /// The session that they call from.
    pub session: Option<SessionId>,
    /// The accounts in which they are a member, with their names, as far as their session goes.
    pub accounts: Vec<(AccountId, String)>,
    /// The open cases that would take their ownership, as far as their session goes.
    pub threats: Vec<Threat>,
}

/// What the caller sees about themselves.
///
/// # Errors
/// [`Access::PeopleOnly`](super::error::Access::PeopleOnly) for tokens.
pub async fn me(app: &App, principal: &Principal) -> Result<Me, Error> {
    let (user, within) = principal.person_and_reach()?;
    let mut tx = app.db.read().await?;
    let person = users::by_id(&mut tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
    let time_zone = users::time_zone(&mut tx, user).await?;
    let mut accounts = members::accounts_of(&mut tx, user).await?;
    accounts.retain(|(account, _)| within.is_none_or(|within| within == *account));
    let mut threats = docket::threats(&mut tx, user, THREATS).await?;
    threats.retain(|threat| within.is_none_or(|within| within == threat.account));
    Ok(Me { user: person, time_zone, session: principal.session(), accounts, threats })
}

/// As many cases are named. Nobody needs more of them to take alarm.
const THREATS: i64 = 20;

/// The open cases that would take the caller's ownership, as far as their session goes: what every page warns of.
///
/// # Errors
/// [`Access::PeopleOnly`](super::error::Access::PeopleOnly) for tokens.
pub async fn threats(app: &App, principal: &Principal) -> Result<Vec<Threat>, Error> {
    let (user, within) = principal.person_and_reach()?;
    let mut threats = docket::threats(&mut app.db.read().await?, user, THREATS).await?;
    threats.retain(|threat| within.is_none_or(|within| within == threat.account));
    Ok(threats)
}

/// Who the caller is, and nothing else: what every page needs.
///
/// # Errors
/// [`Access::PeopleOnly`](super::error::Access::PeopleOnly) for tokens.
pub async fn myself(app: &App, principal: &Principal) -> Result<User, Error> {
    let (user, _) = principal.person_and_reach()?;
    Ok(users::by_id(&mut app.db.read().await?, user).await?.ok_or_else(|| DbError::corrupt("users", user))?)
}
