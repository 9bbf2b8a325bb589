//! Listing the accounts below another.

use askama::Template;
use axum::{extract::State, response::Html};

use crate::{
    app::{
        app::App,
        view::{
            account::account,
            children::{ChildView, children},
        },
    },
    id::AccountId,
    mail::{plain_text, wording::sentence},
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        page::{self, Head},
        problem::Problem,
        signed_in::SignedIn,
    },
};

/// List the accounts below an account
///
/// All of them for operators, tokens with the scope `read`, and members with the permission `children.list`; for other
/// members, those in which they are a member too. Seeing that one exists gives no access to it: `access` says who has.
#[utoipa::path(get, path = "/v1/accounts/{account}/children", tag = "accounts",
    params(("account" = AccountId, Path), PageQuery), responses((status = 200, body = List<ChildView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<ChildView>>, Problem> {
    let rows = children(&app, &principal, account, wanted.cursor()?, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |child| child.id.to_string())))
}

#[derive(Template)]
#[template(path = "children.html", config = "src/web/templates/askama.toml")]
struct ChildrenPage {
    head: Head,
    id: AccountId,
    account: String,
    /// What several of them are called, as a headline.
    plural: String,
    items: Vec<ChildView>,
    next: Option<String>,
}

/// The same as a page.
///
/// # Errors
/// 404 where nothing can stand below the account, and for whoever may not know of it.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(id): Path<AccountId>,
    wanted: Page,
) -> Result<Html<String>, Problem> {
    let detail = account(&app, &person.principal, id).await?;
    let Some(below) = detail.children else { return Err(Problem::not_found()) };
    let rows = children(&app, &person.principal, id, wanted.cursor()?, wanted.fetch()).await?;
    let List { items, next } = page(rows, &wanted, |child| child.id.to_string());
    let name = plain_text::name(&detail.account.name);
    page::page(&ChildrenPage {
        head: person.head.below("Accounts", "/").below(name.as_str(), format!("/accounts/{id}")),
        id,
        account: name,
        plural: sentence(&plain_text::name(&below.plural)),
        items,
        next,
    })
}
