//! Passing on the first place among owners.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        owners::{Asked, ChangeOwners},
        view::member::{OwnersView, owners},
    },
    id::{AccountId, UserId},
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Make another owner the primary one
///
/// By the primary owner, with fresh proof, in accounts that have one.
#[utoipa::path(post, path = "/v1/accounts/{account}/owners/{user}/primary", tag = "owners",
    params(("account" = AccountId, Path), ("user" = UserId, Path)),
    responses((status = 200, body = OwnersView), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
) -> Result<Json<OwnersView>, Problem> {
    let (asked, by) = (Asked::MakePrimary, principal.clone());
    app.db.run(ChangeOwners { app: app.clone(), account, user, asked, principal: by }).await?;
    Ok(Json(owners(&app, &principal, account).await?))
}
