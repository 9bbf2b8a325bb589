//! Members of an account, as they are listed.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, UserId},
    moment::Moment,
    store::{
        accounts,
        members::{self, Stored},
    },
};

/// A member of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MemberView {
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they have confirmed it.
    pub confirmed: bool,
    /// The name of their role.
    pub role: String,
    /// Whether that role makes them an administrator.
    pub administrator: bool,
    /// Whether they own the account.
    pub owner: bool,
    /// `invited`, `active` or `suspended`.
    pub status: &'static str,
    /// When they were invited.
    pub created_at: Moment,
    /// Counts the edits; also the `ETag`.
    pub version: i64,
}

impl From<&Stored> for MemberView {
    fn from(stored: &Stored) -> Self {
        let member = &stored.member;
        Self {
            user: member.user,
            name: stored.name.clone(),
            email: stored.email.clone(),
            confirmed: member.confirmed,
            role: member.role.clone(),
            administrator: member.administrator,
            owner: member.owner,
            status: member.status.word(),
            created_at: stored.created_at,
            version: stored.version,
        }
    }
}

/// Members by id, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn members(
    app: &App,
    principal: &Principal,
    account: AccountId,
    after: Option<UserId>,
    limit: u16,
) -> Result<Vec<MemberView>, Error> {
    let mut tx = app.db.read().await?;
    accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account).await?;
    let rows = members::list(&mut tx, account, after, i64::from(limit)).await?;
    Ok(rows.iter().map(MemberView::from).collect())
}

/// One member, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn member(app: &App, principal: &Principal, account: AccountId, user: UserId) -> Result<MemberView, Error> {
    let mut tx = app.db.read().await?;
    accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account).await?;
    let stored = members::find(&mut tx, account, user).await?.ok_or(Error::NotFound)?;
    Ok(MemberView::from(&stored))
}

/// The owners of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnersView {
    /// All of them.
    pub items: Vec<MemberView>,
    /// Always null: there are never so many that they come in pages.
    pub next: Option<String>,
    /// Which of them is the primary owner; null where the account's preset has none.
    pub primary_owner: Option<UserId>,
}

/// The owners, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn owners(app: &App, principal: &Principal, account: AccountId) -> Result<OwnersView, Error> {
    let mut tx = app.db.snapshot().await?;
    let primary_owner = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?.primary_owner;
    rights::may_read(&mut tx, principal, account).await?;
    let people = members::key_people(&mut tx, account).await?;
    let items = people.iter().filter(|person| person.member.owner).map(MemberView::from).collect();
    Ok(OwnersView { items, next: None, primary_owner })
}
