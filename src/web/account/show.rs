//! Showing an account.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::account::{AccountDetail, account},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::Problem,
    },
};

/// Show an account, with its key people, its open cases and its policy
#[utoipa::path(get, path = "/v1/accounts/{account}", tag = "accounts", params(("account" = AccountId, Path)),
    responses((status = 200, body = AccountDetail)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<AccountId>,
) -> Result<Json<AccountDetail>, Problem> {
    Ok(Json(account(&app, &principal, id).await?))
}
