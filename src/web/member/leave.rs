//! Leaving an account.

use axum::{extract::State, http::StatusCode};

use crate::{
    app::{
        app::App,
        change_member::{Asked, ChangeMember},
    },
    id::{AccountId, UserId},
    web::{caller::Caller, extract::Path, member::require_self, problem::Problem},
};

/// Leave an account
///
/// An owner cannot leave before their ownership is revoked.
#[utoipa::path(post, path = "/v1/accounts/{account}/members/{user}/leave", tag = "members",
    params(("account" = AccountId, Path), ("user" = UserId, Path)), responses((status = 204)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
) -> Result<StatusCode, Problem> {
    require_self(&principal, account, user)?;
    let unit = ChangeMember { app: app.clone(), account, user, asked: Asked::Leave, version: None, principal };
    app.db.run(unit).await?;
    Ok(StatusCode::NO_CONTENT)
}
