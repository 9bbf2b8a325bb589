//! Revoking ownership.

use axum::{extract::State, http::StatusCode};

use crate::{
    app::{
        app::App,
        owners::{Asked, ChangeOwners},
    },
    id::{AccountId, UserId},
    web::{
        caller::Caller,
        extract::Path,
        problem::{Problem, ProblemBody},
    },
};

/// Revoke a member's ownership, or your own
///
/// By an owner, with fresh proof. The last owner who can act stays.
#[utoipa::path(delete, path = "/v1/accounts/{account}/owners/{user}", tag = "owners",
    params(("account" = AccountId, Path), ("user" = UserId, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
) -> Result<StatusCode, Problem> {
    app.db.run(ChangeOwners { app: app.clone(), account, user, asked: Asked::Revoke, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}
