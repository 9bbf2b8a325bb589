//! The paper keys of a recovery user.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        view::paper_keys::{PaperKeyView, paper_keys},
    },
    id::{AccountId, RecoveryUserId},
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// All keys that a recovery user has or had. There are few of them, so they come at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperKeyList {
    /// They, the first issued first.
    items: Vec<PaperKeyView>,
    /// Always null.
    next: Option<String>,
}

/// List the paper keys of a recovery user
///
/// For owners only. Of none of them more than its number is known.
#[utoipa::path(get, path = "/v1/accounts/{account}/recovery-users/{user}/paper-keys", tag = "recovery users",
    params(("account" = AccountId, Path), ("user" = RecoveryUserId, Path)),
    responses((status = 200, body = PaperKeyList), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
) -> Result<Json<PaperKeyList>, Problem> {
    Ok(Json(PaperKeyList { items: paper_keys(&app, &principal, account, user).await?, next: None }))
}
