//! The page of the recovery users, on which an owner chooses them.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        app::App,
        view::recovery_users::{RecoveryUsersHome, recovery_users},
    },
    id::AccountId,
    mail::plain_text,
    recovery::policy::Switch,
    web::{
        extract::{Filters, Path},
        page::{Head, page},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What was typed.
#[derive(Debug, Default, Deserialize)]
pub struct Draft {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The address.
    #[serde(default)]
    pub email: String,
    /// The second address; may be empty.
    #[serde(default)]
    pub second: String,
}

#[derive(Template)]
#[template(path = "recovery_users.html", config = "src/web/templates/askama.toml")]
struct RecoveryUsersPage {
    head: Head,
    account: AccountId,
    home: RecoveryUsersHome,
    draft: Draft,
    wrong: Wrong,
}

/// The page.
///
/// # Errors
/// 404 for whoever may not know of the account, 403 for everybody but its owners; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    Filters(draft): Filters<Draft>,
) -> Result<Response, Problem> {
    show(&app, person, account, draft, Wrong::default()).await
}

/// The same page, with what was typed and what is wrong with it.
pub(super) async fn show(
    app: &App,
    person: SignedIn,
    account: AccountId,
    draft: Draft,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let home = recovery_users(app, &person.principal, account).await?;
    let head =
        person.head.below("Accounts", "/").below(plain_text::name(&home.account_name), format!("/accounts/{account}"));
    let shown = page(&RecoveryUsersPage { head, account, home, draft, wrong: wrong.clone() })?;
    Ok(wrong.marked(shown.into_response()))
}
