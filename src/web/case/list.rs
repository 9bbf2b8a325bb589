//! Listing cases.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::case::{CaseView, cases},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        problem::Problem,
    },
};

/// List the recovery cases of an account
#[utoipa::path(get, path = "/v1/accounts/{account}/cases", tag = "cases",
    params(("account" = AccountId, Path), PageQuery), responses((status = 200, body = List<CaseView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<CaseView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = cases(&app, &principal, account, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |case| case.id.to_string())))
}
