//! Showing the roster.

use askama::Template;
use axum::{extract::State, response::Html};

use crate::{
    app::{
        app::App,
        view::{
            account::name_of,
            roster::{RosterView, roster},
        },
    },
    id::AccountId,
    mail::plain_text,
    web::{
        caller::Caller,
        extract::{Json, Path},
        page::{Head, page},
        problem::Problem,
        roster::words,
        signed_in::SignedIn,
    },
};

/// Show who has standing for recovery by vote, and what is about to change and when
#[utoipa::path(get, path = "/v1/accounts/{account}/roster", tag = "roster", params(("account" = AccountId, Path)),
    responses((status = 200, body = RosterView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Json<RosterView>, Problem> {
    Ok(Json(roster(&app, &principal, account).await?))
}

#[derive(Template)]
#[template(path = "roster.html", config = "src/web/templates/askama.toml")]
struct RosterPage {
    head: Head,
    account: AccountId,
    roster: RosterView,
}

/// The page of the roster.
///
/// # Errors
/// 404 for whoever may not know of it; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
) -> Result<Html<String>, Problem> {
    let SignedIn { principal, head, .. } = person;
    let mut roster = roster(&app, &principal, account).await?;
    // What is under way comes first, because it may need somebody.
    roster.people.sort_by_key(|place| (place.change.is_none(), place.name.clone()));
    let name = plain_text::name(&name_of(&app, account).await?);
    let head = head.below("Accounts", "/").below(name, format!("/accounts/{account}"));
    page(&RosterPage { head, account, roster })
}
