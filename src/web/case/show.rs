//! Showing a case.

use axum::{extract::State, response::Response};

use super::page::case_page;
use crate::{
    app::{
        app::App,
        view::{
            case::{CaseView, case},
            dossier::dossier,
        },
    },
    id::CaseId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
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

/// The same as a page, with what its reader may do.
///
/// # Errors
/// When the reader may not know of the case.
pub async fn page_of(State(app): State<App>, person: SignedIn, Path(id): Path<CaseId>) -> Result<Response, Problem> {
    case_page(person.head, &dossier(&app, &person.principal, id).await?, Wrong::default())
}
