//! Accepting an invitation.

use axum::extract::State;

use crate::{
    app::{app::App, invite::Accept, view::member::MemberView},
    id::{AccountId, UserId},
    web::{
        caller::Caller,
        extract::{Json, Path},
        member::require_self,
        problem::Problem,
    },
};

/// Accept your own invitation
#[utoipa::path(post, path = "/v1/accounts/{account}/members/{user}/accept", tag = "members",
    params(("account" = AccountId, Path), ("user" = UserId, Path)), responses((status = 200, body = MemberView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
) -> Result<Json<MemberView>, Problem> {
    require_self(&principal, account, user)?;
    let stored = app.db.run(Accept { app: app.clone(), account, principal }).await?;
    Ok(Json(MemberView::from(&stored)))
}
