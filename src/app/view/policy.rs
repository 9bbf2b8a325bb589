//! The policy of an account, and the change of it that waits.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, UserId},
    moment::Moment,
    ownership::policy_change::{Because, Comparison, FieldChange, Pending, Proposed},
    recovery::policy::Policy,
    store::{
        accounts::{self, Account},
        members, policies,
        tx::Tx,
        users,
    },
};

/// The policy of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyView {
    /// The policy in force. Lengths of time are ISO 8601, as in `PT72H`.
    #[schema(value_type = Object)]
    pub effective: Policy,
    /// The change that waits, if one does.
    pub pending: Option<PendingView>,
    /// Counts the edits of the account; also the `ETag`.
    pub version: i64,
}

/// A change of the policy that waits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PendingView {
    /// The policy as it will be.
    #[schema(value_type = Object)]
    pub policy: Policy,
    /// What changes.
    pub changes: Vec<ChangeView>,
    /// Who wants it.
    pub proposed_by: UserId,
    /// Since when.
    pub proposed_at: Moment,
    /// From when it takes effect; later if a case is open then.
    pub effective_at: Moment,
}

/// One field that changes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its name.
    pub field: &'static str,
    /// What it says now.
    #[schema(value_type = Object)]
    pub from: Value,
    /// What it will say.
    #[schema(value_type = Object)]
    pub to: Value,
    /// `tightening` or `loosening`.
    pub way: &'static str,
    /// Why that is so.
    pub why: &'static str,
}

/// What became of an edit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EditView {
    /// `unchanged`, `in_force` or `waiting`.
    pub outcome: &'static str,
    /// What it waits for: `waiting_period`, because it loosens the policy; `seasoning`, because it closes a way of recovery
    /// that is open now; `case`, because one is open.
    pub waits_for: Vec<&'static str>,
    /// The policy after the edit.
    pub policy: PolicyView,
}

/// What the page of the policy shows besides.
#[derive(Debug, Clone)]
pub struct PolicyHome {
    /// The policy.
    pub view: PolicyView,
    /// The account's name.
    pub account_name: String,
    /// The name of whoever wants the change that waits.
    pub proposed_by: Option<String>,
    /// Whether the reader may edit it.
    pub reader: Reader,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// An owner, who can edit it.
    Owner,
    /// Somebody else.
    Other,
}

impl PolicyView {
    async fn of(tx: &mut Tx, account: &Account) -> Result<Self, Error> {
        let pending = policies::pending(tx, account.id).await?;
        let pending = pending.map(|pending| PendingView::of(&account.policy, pending));
        Ok(Self { effective: account.policy.clone(), pending, version: account.version })
    }
}

impl PendingView {
    fn of(effective: &Policy, pending: Pending) -> Self {
        let Pending { policy, by, proposed_at, effective_at } = pending;
        Self { changes: changes(effective, &policy), policy, proposed_by: by, proposed_at, effective_at }
    }
}

impl EditView {
    /// What became of an edit, beside the policy after it.
    #[must_use]
    pub fn of(proposed: &Proposed, policy: PolicyView) -> Self {
        let (outcome, waits_for) = match proposed {
            Proposed::Unchanged => ("unchanged", Vec::new()),
            Proposed::AtOnce => ("in_force", Vec::new()),
            Proposed::Later { because, .. } => ("waiting", because.iter().map(word).collect()),
        };
        Self { outcome, waits_for, policy }
    }
}

const fn word(because: &Because) -> &'static str {
    match because {
        Because::Loosens => "waiting_period",
        Because::ClosesRoute => "seasoning",
        Because::CaseOpen(_) => "case",
    }
}

fn changes(old: &Policy, new: &Policy) -> Vec<ChangeView> {
    let values = |policy: &Policy| serde_json::to_value(policy).unwrap_or_default();
    let (old_values, new_values) = (values(old), values(new));
    let value = |all: &Value, field: &str| all.get(field).cloned().unwrap_or_default();
    let view = |change: FieldChange| ChangeView {
        field: change.field,
        from: value(&old_values, change.field),
        to: value(&new_values, change.field),
        way: change.way.word(),
        why: change.why,
    };
    Comparison::of(old, new).changes.into_iter().map(view).collect()
}

/// The policy, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn policy(app: &App, principal: &Principal, account: AccountId) -> Result<PolicyView, Error> {
    let mut tx = app.db.snapshot().await?;
    let account = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account.id).await?;
    PolicyView::of(&mut tx, &account).await
}

/// The same for the page.
///
/// # Errors
/// As [`policy`].
pub async fn policy_home(app: &App, principal: &Principal, account: AccountId) -> Result<PolicyHome, Error> {
    let user = principal.person_in(account)?;
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, account.id).await?;
    let owns = members::owners(tx, account.id).await?.contains(&user);
    let view = PolicyView::of(tx, &account).await?;
    let proposed_by = match &view.pending {
        Some(pending) => Some(users::contact(tx, pending.proposed_by).await?.name),
        None => None,
    };
    let reader = if owns { Reader::Owner } else { Reader::Other };
    Ok(PolicyHome { view, account_name: account.name, proposed_by, reader })
}
