//! The members of an account, page by page, and into which roles a reader may invite somebody.

use super::{member::MemberView, member_home::RoleChoice};
use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, UserId},
    ownership::{member, preset::Role, refusal::Refusal},
    store::{accounts, members},
};

/// The members page of an account, or one page of it.
#[derive(Debug, Clone)]
pub struct Members {
    /// The account's name.
    pub account_name: String,
    /// The members on this page, in the order in which they came to be known here, each with what people call their role.
    pub rows: Vec<(MemberView, String)>,
    /// Where the next page begins.
    pub next: Option<UserId>,
    /// The primary owner, where there is one.
    pub primary: Option<UserId>,
    /// The roles into which the reader may invite people.
    pub roles: Vec<RoleChoice>,
    /// Why they may not invite anybody.
    pub why_not: Option<Refusal>,
}

/// How many members stand on one page.
const PAGE: usize = 50;

/// The members page, for a person who may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn members_page(
    app: &App,
    principal: &Principal,
    id: AccountId,
    after: Option<UserId>,
) -> Result<Members, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    let preset = app.preset_of(&account)?;
    let rights = rights::rights(tx, principal, id, preset).await?;
    let mut rows = members::list(tx, id, after, i64::try_from(PAGE + 1).unwrap_or(i64::MAX)).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let may_invite = |role: &Role| member::invite(&rights, account.status, role);
    let roles: Vec<RoleChoice> =
        preset.roles.iter().filter(|role| may_invite(role).is_ok()).map(RoleChoice::from).collect();
    let why_not = preset.roles.iter().find_map(|role| may_invite(role).err()).filter(|_| roles.is_empty());
    let next = rows.last().filter(|_| more).map(|row| row.member.user);
    let line = |row: &members::Stored| (MemberView::from(row), app.role_title(&account.preset, &row.member.role));
    Ok(Members {
        rows: rows.iter().map(line).collect(),
        next,
        primary: account.primary_owner,
        roles,
        why_not,
        account_name: account.name,
    })
}
