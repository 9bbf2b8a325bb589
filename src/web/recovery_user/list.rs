//! The recovery users of an account.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        view::recovery_users::{RecoveryUserView, recovery_users},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// All recovery users of an account. There are few of them, so they come at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryUserList {
    /// They, the first chosen first.
    items: Vec<RecoveryUserView>,
    /// Always null.
    next: Option<String>,
}

/// List the recovery users
///
/// For owners only.
#[utoipa::path(get, path = "/v1/accounts/{account}/recovery-users", tag = "recovery users",
    params(("account" = AccountId, Path)),
    responses((status = 200, body = RecoveryUserList), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Json<RecoveryUserList>, Problem> {
    let items = recovery_users(&app, &principal, account).await?.users;
    Ok(Json(RecoveryUserList { items, next: None }))
}
