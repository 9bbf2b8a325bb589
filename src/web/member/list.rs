//! Listing members.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        app::App,
        view::{
            member::{MemberView, members},
            members_page::{Members, members_page},
        },
    },
    id::{AccountId, UserId},
    mail::plain_text,
    web::{
        caller::Caller,
        extract::{Filters, Json, List, Page, Path},
        list::{PageQuery, page},
        page::{self, Head, for_people},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// List the members of an account
#[utoipa::path(get, path = "/v1/accounts/{account}/members", tag = "members",
    params(("account" = AccountId, Path), PageQuery), responses((status = 200, body = List<MemberView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<MemberView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = members(&app, &principal, account, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |member| member.user.to_string())))
}

/// What was typed into the form that invites somebody.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Invitation {
    /// Their name.
    #[serde(default)]
    pub name: String,
    /// Their address.
    #[serde(default)]
    pub email: String,
    /// The name of the role.
    #[serde(default)]
    pub role: String,
}

/// Where the page begins.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct After {
    after: Option<UserId>,
}

#[derive(Template)]
#[template(path = "members.html", config = "src/web/templates/askama.toml")]
struct MembersPage {
    head: Head,
    wrong: Wrong,
    account: AccountId,
    reader: UserId,
    shown: Members,
    why_not: Option<String>,
    draft: Invitation,
}

/// The page of the members. What was typed before somebody had to prove who they are comes back with the address.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    Filters(after): Filters<After>,
    Filters(draft): Filters<Invitation>,
) -> Result<Response, Problem> {
    show(&app, person, account, after.after, draft, Wrong::default()).await
}

/// The page with what was typed, and what was wrong with it.
///
/// # Errors
/// As [`page_of`].
pub(super) async fn show(
    app: &App,
    person: SignedIn,
    account: AccountId,
    after: Option<UserId>,
    draft: Invitation,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let SignedIn { principal, user: reader, head, .. } = person;
    let shown = members_page(app, &principal, account, after).await?;
    let name = plain_text::name(&shown.account_name);
    let head = head.below("Accounts", "/").below(name, format!("/accounts/{account}"));
    let why_not = shown.why_not.as_ref().map(|refusal| for_people(&refusal.to_string()));
    let written = MembersPage { head, wrong: wrong.clone(), account, reader, shown, why_not, draft };
    Ok(wrong.marked(page::page(&written)?.into_response()))
}
