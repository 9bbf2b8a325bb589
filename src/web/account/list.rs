//! Listing accounts.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::account::{AccountView, accounts},
    },
    web::{
        caller::Caller,
        extract::{Json, List, Page},
        list::{PageQuery, page},
        problem::Problem,
    },
};

/// List accounts
///
/// For operators, and tokens with the scope `read`.
#[utoipa::path(get, path = "/v1/accounts", tag = "accounts", params(PageQuery),
    responses((status = 200, body = List<AccountView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    wanted: Page,
) -> Result<Json<List<AccountView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = accounts(&app, &principal, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |account| account.id.to_string())))
}
