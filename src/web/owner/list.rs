//! Listing owners.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::member::{MemberView, owners},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, List, Path},
        problem::Problem,
    },
};

/// List the owners of an account
#[utoipa::path(get, path = "/v1/accounts/{account}/owners", tag = "owners", params(("account" = AccountId, Path)),
    responses((status = 200, body = List<MemberView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Json<List<MemberView>>, Problem> {
    Ok(Json(List { items: owners(&app, &principal, account).await?, next: None }))
}
