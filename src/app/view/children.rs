//! The accounts below another, as those above see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        error::{Access, Error},
        principal::{Principal, Scope},
        rights,
    },
    id::{AccountId, UserId},
    moment::Moment,
    ownership::{
        access::{self, Place},
        member::Status,
        permission::Permission,
        preset::{Children, RoleAccess},
    },
    store::{
        accounts::{self, Account},
        children::{self, Child},
        members,
        tx::Tx,
    },
};

pub use crate::store::children::Which;

/// An account below another. Whoever sees that it exists has not access to it by that.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChildView {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The preset that it was made from.
    pub preset: String,
    /// `pending`, `active`, `suspended`, `closing` or `closed`.
    pub status: &'static str,
    /// When it is closed for good, while it is `closing`.
    pub closing_until: Option<Moment>,
    /// What others file it under.
    pub reference: Option<String>,
    /// When it was created.
    pub created_at: Moment,
    /// Whether the caller has access to it.
    pub access: bool,
}

/// What stands below an account, for its page.
#[derive(Debug, Clone)]
pub struct Below {
    /// What one of them is called.
    pub called: String,
    /// What several are called.
    pub plural: String,
    /// The first of those that the reader may see.
    pub items: Vec<ChildView>,
    /// Whether there are more.
    pub more: bool,
    /// Whether the reader sees all of them, or only those in which they are a member.
    pub which: Which,
    /// Why the reader cannot create one; none when they can.
    pub no_creating: Option<Refused>,
}

/// Why the reader cannot create a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// They have not the permission.
    NotTheirs,
    /// They have, and it is not the time.
    NotNow(String),
}

/// How many children the page of an account shows.
const SHOWN: usize = 20;

/// Children of an account by id, after a given one: all of them for operators, tokens that may read, and members with the
/// permission to list them; for other members, those in which they are a member too.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn children(
    app: &App,
    principal: &Principal,
    parent: AccountId,
    after: Option<AccountId>,
    limit: u16,
) -> Result<Vec<ChildView>, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, parent).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, parent).await?;
    if principal.within().is_some() {
        // Each of them is another account than the one that the session is for.
        return Ok(Vec::new());
    }
    let reader = reader(principal)?;
    let which = which(tx, app, reader, &account).await?;
    let rows = children::list(tx, parent, reader, which, after, i64::from(limit)).await?;
    Ok(rows.iter().map(|child| view(app, reader, child)).collect())
}

/// What stands below an account, for the page that a person reads who may read the account; none where nothing can, and for
/// a session that is for the account alone.
///
/// # Errors
/// When the database fails.
pub(super) async fn below(
    tx: &mut Tx,
    app: &App,
    principal: &Principal,
    account: &Account,
) -> Result<Option<Below>, Error> {
    let (user, None) = principal.person_and_reach()? else { return Ok(None) };
    let Some(Children { called, plural, .. }) = app.preset_of(account)?.children_at(account.depth) else {
        return Ok(None);
    };
    let which = which(tx, app, Some(user), account).await?;
    let limit = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let rows = children::list(tx, account.id, Some(user), which, None, limit).await?;
    Ok(Some(Below {
        called: called.clone(),
        plural: plural.clone(),
        items: rows.iter().take(SHOWN).map(|child| view(app, Some(user), child)).collect(),
        more: rows.len() > SHOWN,
        which,
        no_creating: match decide(tx, app, user, account, Permission::ChildrenCreate).await? {
            access::Decision::Allow(_) => None,
            access::Decision::Deny(access::WhyNot::Account(refusal)) => Some(Refused::NotNow(refusal.to_string())),
            access::Decision::Deny(_) => Some(Refused::NotTheirs),
        },
    }))
}

/// The person whose access is told of; none for those who have it by their token.
fn reader(principal: &Principal) -> Result<Option<UserId>, Error> {
    match principal {
        Principal::Operator { .. } => Ok(None),
        Principal::Platform { scopes, .. } if !scopes.contains(&Scope::Read) => {
            Err(Access::NeedsScope { scope: Scope::Read.name() }.into())
        }
        Principal::Platform { on_behalf_of, .. } => Ok(*on_behalf_of),
        Principal::Person { user, .. } => Ok(Some(*user)),
    }
}

async fn which(tx: &mut Tx, app: &App, reader: Option<UserId>, account: &Account) -> Result<Which, Error> {
    let Some(user) = reader else { return Ok(Which::All) };
    let lists = decide(tx, app, user, account, Permission::ChildrenList).await?;
    Ok(if lists.is_allowed() { Which::All } else { Which::Theirs })
}

async fn decide(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    account: &Account,
    permission: Permission,
) -> Result<access::Decision, Error> {
    let member = members::find(tx, account.id, user).await?.map(|stored| stored.member);
    let place = Place { preset: app.preset_of(account)?, status: account.status, depth: account.depth };
    Ok(access::decide(permission.name(), member.as_ref(), place))
}

fn view(app: &App, reader: Option<UserId>, child: &Child) -> ChildView {
    let account = &child.account;
    ChildView {
        id: account.id,
        name: account.name.clone(),
        preset: account.preset.clone(),
        status: account.status.word(),
        closing_until: account.status.closing_until(),
        reference: account.reference.clone(),
        created_at: account.created_at,
        access: reader.is_none() || has_access(app, child),
    }
}

/// Whether the person whose place was read uses the account.
fn has_access(app: &App, child: &Child) -> bool {
    let role = |name: &str| app.presets.get(&child.account.preset).ok().and_then(|preset| preset.role(name));
    child.place.as_ref().is_some_and(|place| {
        place.status == Status::Active && role(&place.role).is_some_and(|role| role.access == RoleAccess::Given)
    })
}
