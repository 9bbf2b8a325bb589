//! Showing an offer of ownership.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::transfer::{TransferView, transfer},
    },
    id::TransferId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::Problem,
    },
};

/// Show an offer of ownership
#[utoipa::path(get, path = "/v1/transfers/{transfer}", tag = "transfers", params(("transfer" = TransferId, Path)),
    responses((status = 200, body = TransferView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<TransferId>,
) -> Result<Json<TransferView>, Problem> {
    Ok(Json(transfer(&app, &principal, id).await?))
}
