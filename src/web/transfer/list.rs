//! Listing the transfers of an account.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::transfer::{TransferView, transfers_of},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        problem::Problem,
    },
};

/// List the offers of ownership of an account, the first first
#[utoipa::path(get, path = "/v1/accounts/{account}/transfers", tag = "transfers",
    params(("account" = AccountId, Path), PageQuery), responses((status = 200, body = List<TransferView>)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<TransferView>>, Problem> {
    let rows = transfers_of(&app, &principal, account, wanted.cursor()?, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |transfer| transfer.id.to_string())))
}
