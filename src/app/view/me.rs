//! A person and their sessions, as they see them themselves.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::me::Me,
    id::{AccountId, CaseId, CredentialId, SessionId, UserId},
    moment::Moment,
    passkey::assertion::Copies,
    store::{credentials::Stored as Credential, docket::Threat, passkeys::Stored as Passkey, sessions::Session},
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
    /// The time zone in which mails to them write moments, by its name in the IANA database; none stands for UTC.
    pub time_zone: Option<String>,
    /// The accounts in which they are a member.
    pub accounts: Vec<AccountName>,
    /// The open recovery cases that would take their ownership. Whoever shows this person anything should show these first.
    pub threats: Vec<ThreatView>,
}

/// An open recovery case that would take somebody's ownership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ThreatView {
    /// The case.
    pub case: CaseId,
    /// The account.
    pub account: AccountName,
    /// `collecting`, `waiting` or `paused`.
    pub state: String,
    /// When ownership changes unless an owner objects; null while ballots are collected.
    pub due_at: Option<Moment>,
}

impl From<Threat> for ThreatView {
    fn from(threat: Threat) -> Self {
        let Threat { case, account, account_name, state, due_at } = threat;
        Self { case, account: AccountName { id: account, name: account_name }, state, due_at }
    }
}

/// An account, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
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
    /// When it ends by itself, unless it is used before.
    pub expires_at: Moment,
    /// When it ends in any case.
    pub until_at: Moment,
    /// When they last proved in it that it is them.
    pub proven_at: Option<Moment>,
    /// Whether it is the one that this call was made in.
    pub current: bool,
}

/// A password of the person who asks. Nothing shows the password itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PasswordView {
    /// Its id.
    pub id: CredentialId,
    /// When it was set.
    pub set_at: Moment,
    /// Until when nothing but a mailed code stands behind it; none where more does.
    pub mail_alone_until: Option<Moment>,
    /// When it stops working, because another one replaced it.
    pub ends_at: Option<Moment>,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
}

impl PasswordView {
    /// A password that works at that moment.
    #[must_use]
    pub fn of(stored: &Credential, now: Moment) -> Self {
        let Credential { held, last_used_at } = *stored;
        Self {
            id: held.id,
            set_at: held.enrolled_at,
            mail_alone_until: held.claimed_until(now),
            ends_at: held.ends_at,
            last_used_at,
        }
    }
}

/// A passkey of the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PasskeyView {
    /// Its id.
    pub id: CredentialId,
    /// What its holder calls it.
    pub name: String,
    /// When it was made.
    pub added_at: Moment,
    /// Until when nothing but a mailed code stands behind it; none where more does.
    pub mail_alone_until: Option<Moment>,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
    /// Whether other devices of its holder have it, or it is kept elsewhere too.
    pub shared: bool,
}

impl PasskeyView {
    /// A passkey that works at that moment.
    #[must_use]
    pub fn of(stored: &Passkey, now: Moment) -> Self {
        let Credential { held, last_used_at } = stored.credential;
        Self {
            id: held.id,
            name: stored.name.clone(),
            added_at: held.enrolled_at,
            mail_alone_until: held.claimed_until(now),
            last_used_at,
            shared: stored.key.counted.copies == Copies::Shared,
        }
    }
}

impl From<Me> for MeView {
    fn from(me: Me) -> Self {
        Self {
            id: me.user.id,
            name: me.user.name,
            email: me.user.email.as_str().to_owned(),
            confirmed: me.user.confirmed_at.is_some(),
            version: me.user.version,
            time_zone: me.time_zone,
            accounts: me.accounts.into_iter().map(|(id, name)| AccountName { id, name }).collect(),
            threats: me.threats.into_iter().map(ThreatView::from).collect(),
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
            expires_at: session.ends.idle,
            until_at: session.ends.latest,
            proven_at: session.proof.map(|proof| proof.at),
            current: current == Some(session.id),
        }
    }
}
