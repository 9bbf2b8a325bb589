//! Showing a member.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    app::{
        app::App,
        view::member::{MemberView, member},
    },
    id::{AccountId, UserId},
    web::{
        caller::Caller,
        etag::tagged,
        extract::{Json, Path},
        problem::Problem,
    },
};

/// Show a member, with an `ETag` for a later change
#[utoipa::path(get, path = "/v1/accounts/{account}/members/{user}", tag = "members",
    params(("account" = AccountId, Path), ("user" = UserId, Path)), responses((status = 200, body = MemberView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
) -> Result<Response, Problem> {
    let view = member(&app, &principal, account, user).await?;
    Ok(tagged(view.version, Json(view).into_response()))
}
