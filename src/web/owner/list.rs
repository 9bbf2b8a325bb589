//! Listing owners.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::member::{OwnersView, owners},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::Problem,
    },
};

/// List the owners of an account, and which of them is the primary one
#[utoipa::path(get, path = "/v1/accounts/{account}/owners", tag = "owners", params(("account" = AccountId, Path)),
    responses((status = 200, body = OwnersView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Json<OwnersView>, Problem> {
    Ok(Json(owners(&app, &principal, account).await?))
}
