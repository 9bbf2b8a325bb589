//! Showing the roster.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::roster::{RosterView, roster},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::Problem,
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
