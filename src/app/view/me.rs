//! A person and their sessions, as they see them themselves.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::me::Me,
    id::{AccountId, SessionId, UserId},
    moment::Moment,
    store::sessions::Session,
};

/// A person, as they see themselves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeView {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they have confirmed it.
    pub confirmed: bool,
    /// Counts the edits of name and address; also the `ETag`.
    pub version: i64,
    /// The accounts in which they are a member.
    pub accounts: Vec<AccountName>,
}

/// An account, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountName {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
}

/// A session of the person who asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// Since when.
    pub created_at: Moment,
    /// When it ends by itself.
    pub expires_at: Moment,
    /// When they last proved in it that it is them.
    pub proven_at: Option<Moment>,
    /// Whether it is the one that this call was made in.
    pub current: bool,
}

impl From<Me> for MeView {
    fn from(me: Me) -> Self {
        Self {
            id: me.user.id,
            name: me.user.name,
            email: me.user.email.as_str().to_owned(),
            confirmed: me.user.confirmed_at.is_some(),
            version: me.user.version,
            accounts: me.accounts.into_iter().map(|(id, name)| AccountName { id, name }).collect(),
        }
    }
}

impl SessionView {
    /// A session, seen from the session of the call.
    #[must_use]
    pub fn of(session: &Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id,
            created_at: session.created_at,
            expires_at: session.expires_at,
            proven_at: session.proven_at,
            current: current == Some(session.id),
        }
    }
}
