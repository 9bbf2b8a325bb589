//! Removing a member.

use axum::{extract::State, http::StatusCode};

use crate::{
    app::{
        app::App,
        change_member::{Asked, ChangeMember},
    },
    id::{AccountId, UserId},
    web::{caller::Caller, etag::IfMatch, extract::Path, problem::Problem},
};

/// Delete a member from an account
///
/// Their access ends at once. An administrator removed by anybody but an owner keeps their standing for a while, and
/// can contest the removal.
#[utoipa::path(delete, path = "/v1/accounts/{account}/members/{user}", tag = "members",
    params(("account" = AccountId, Path), ("user" = UserId, Path)), responses((status = 204)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let unit = ChangeMember { app: app.clone(), account, user, asked: Asked::Remove, version, principal };
    app.db.run(unit).await?;
    Ok(StatusCode::NO_CONTENT)
}
