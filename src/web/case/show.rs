//! Showing a case.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::case::{CaseView, case},
    },
    id::CaseId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::Problem,
    },
};

/// Show a recovery case: the live count, the exact terms, who has voted, and what happened
#[utoipa::path(get, path = "/v1/cases/{case}", tag = "cases", params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<CaseView>, Problem> {
    Ok(Json(case(&app, &principal, id).await?))
}
