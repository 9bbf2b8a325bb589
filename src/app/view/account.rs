//! An account, as its people and operators see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{member::MemberView, preset::ChildrenView};
use crate::{
    app::{
        app::App,
        error::{Access, Error},
        principal::{Principal, Scope},
        rights,
    },
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::account::Status,
    recovery::policy::Policy,
    store::{
        accounts::{self, Account},
        docket, members,
        tx::Tx,
    },
};

/// An account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The preset that it was made from.
    pub preset: String,
    /// `pending` until its first owner has confirmed their address, then `active`; `suspended`, `closing` or `closed` by
    /// an owner.
    pub status: &'static str,
    /// When it is closed for good, while it is `closing`.
    pub closing_until: Option<Moment>,
    /// The account that it stands below.
    pub parent: Option<AccountId>,
    /// What others file it under.
    pub reference: Option<String>,
    /// Which of its owners is the primary one; null where its preset has none.
    pub primary_owner: Option<UserId>,
    /// When it was created.
    pub created_at: Moment,
    /// Counts its edits; also the `ETag`.
    pub version: i64,
    /// What was created together with it, below it. Only in the answer to its creation, and only where its preset says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub customers: Vec<AccountRef>,
}

/// An account, by its id.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountRef {
    /// Its id.
    pub id: AccountId,
}

/// An account with its key people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountDetail {
    /// The account.
    pub account: AccountView,
    /// Who owns it.
    pub owners: Vec<MemberView>,
    /// Who administers it, owners left out.
    pub administrators: Vec<MemberView>,
    /// Its open recovery cases.
    pub open_cases: Vec<CaseId>,
    /// What stands below it; null where nothing can.
    pub children: Option<ChildrenView>,
    /// Its recovery policy in force. Lengths of time are ISO 8601, as in `PT72H`.
    #[schema(value_type = Object)]
    pub policy: Policy,
}

impl From<&Account> for AccountView {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            name: account.name.clone(),
            preset: account.preset.clone(),
            status: account.status.word(),
            closing_until: account.status.closing_until(),
            parent: account.parent,
            reference: account.reference.clone(),
            primary_owner: account.primary_owner,
            created_at: account.created_at,
            version: account.version,
            customers: Vec::new(),
        }
    }
}

/// One account, for whoever may read it. Its own fields, its people and its cases are read one after the other: each
/// tells how it was at a moment of its own.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn account(app: &App, principal: &Principal, id: AccountId) -> Result<AccountDetail, Error> {
    detail(&mut app.db.read().await?, app, principal, id).await
}

pub(super) async fn detail(
    tx: &mut Tx,
    app: &App,
    principal: &Principal,
    id: AccountId,
) -> Result<AccountDetail, Error> {
    let account = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    let people = members::key_people(tx, id).await?;
    rights::may_read_among(tx, principal, id, &people).await?;
    let (owners, administrators) = people.iter().partition::<Vec<_>, _>(|person| person.member.owner);
    Ok(AccountDetail {
        owners: owners.into_iter().map(MemberView::from).collect(),
        administrators: administrators.into_iter().map(MemberView::from).collect(),
        open_cases: docket::open_of(tx, id).await?,
        children: app.preset_of(&account)?.children_at(account.depth).map(ChildrenView::from),
        policy: account.policy.clone(),
        account: AccountView::from(&account),
    })
}

/// The name of an account, for whoever was shown something of it already.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub async fn name_of(app: &App, id: AccountId) -> Result<String, Error> {
    Ok(accounts::find(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)?.name)
}

/// What has become of an account, or of that of a case; for the pages of whoever reads it.
///
/// # Errors
/// When the database fails.
pub async fn status_of(
    app: &App,
    account: Option<AccountId>,
    case: Option<CaseId>,
) -> Result<Option<(AccountId, Status)>, Error> {
    Ok(accounts::status_of(&mut app.db.read().await?, account, case).await?)
}

/// Accounts by id, for operators and tokens that may read.
///
/// # Errors
/// When the caller is neither.
pub async fn accounts(
    app: &App,
    principal: &Principal,
    after: Option<AccountId>,
    limit: u16,
) -> Result<Vec<AccountView>, Error> {
    match principal {
        Principal::Operator { .. } => {}
        Principal::Platform { scopes, on_behalf_of: None, .. } if scopes.contains(&Scope::Read) => {}
        Principal::Platform { .. } => return Err(Access::NeedsScope { scope: Scope::Read.name() }.into()),
        Principal::Person { .. } => return Err(Access::OperatorsOnly.into()),
    }
    let rows = accounts::list(&mut app.db.read().await?, after, i64::from(limit)).await?;
    Ok(rows.iter().map(AccountView::from).collect())
}
