//! Listing members.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::member::{MemberView, members},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        problem::Problem,
    },
};

/// List the members of an account
#[utoipa::path(get, path = "/v1/accounts/{account}/members", tag = "members",
    params(("account" = AccountId, Path), PageQuery), responses((status = 200, body = List<MemberView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<MemberView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = members(&app, &principal, account, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |member| member.user.to_string())))
}
