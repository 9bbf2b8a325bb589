//! Renaming an account.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, rename_account::RenameAccount, view::account::AccountView},
    id::AccountId,
    web::{
        caller::Caller,
        etag::{IfMatch, tagged},
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// The new name, 1 to 100 characters.
    name: String,
}

/// Rename an account
///
/// By whoever has the permission `settings.manage`, with fresh proof.
#[utoipa::path(patch, path = "/v1/accounts/{account}", tag = "accounts", request_body = AccountChange,
    params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = AccountView), (status = 412, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(change): Json<AccountChange>,
) -> Result<Response, Problem> {
    let unit = RenameAccount { app: app.clone(), account, name: change.name, version, principal };
    let view = AccountView::from(&app.db.run(unit).await?);
    Ok(tagged(view.version, Json(view).into_response()))
}
