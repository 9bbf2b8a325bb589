//! Showing an account.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    app::{
        app::App,
        view::account::{AccountDetail, account},
    },
    id::AccountId,
    web::{
        caller::Caller,
        etag::tagged,
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
) -> Result<Response, Problem> {
    let detail = account(&app, &principal, id).await?;
    Ok(tagged(detail.account.version, Json(detail).into_response()))
}
