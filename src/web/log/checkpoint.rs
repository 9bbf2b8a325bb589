//! The signed checkpoints of the log.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    app::{
        app::App,
        error::Error,
        view::log::{AccountCheckpoint, account_checkpoint, checkpoint},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Get the last signed checkpoint of the log
///
/// For everybody, after C2SP `tlog-checkpoint`: the name of the log, the number of its entries, the root of the tree over them, and
/// the signatures of the keys that `GET /v1/log/keys` lists. Keep it: nobody can then rewrite what it covers unseen.
#[utoipa::path(get, path = "/log/checkpoint", tag = "log", security(()),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = ProblemBody)))]
pub async fn api(State(app): State<App>) -> Result<Response, Problem> {
    let last = checkpoint(&app).await.map_err(Error::from)?.ok_or(Error::NotFound)?;
    let plain = (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Ok(([plain], last.note).into_response())
}

/// Get the last checkpoint, and how far the account's log is in it
#[utoipa::path(get, path = "/v1/accounts/{account}/activity/checkpoint", tag = "activity",
    params(("account" = AccountId, Path)), responses((status = 200, body = AccountCheckpoint)))]
pub async fn of_account(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Json<AccountCheckpoint>, Problem> {
    Ok(Json(account_checkpoint(&app, &principal, account).await?))
}
