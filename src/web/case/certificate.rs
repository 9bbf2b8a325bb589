//! The certificate of a completed case.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use crate::{
    activity::certificate::form::Certificate,
    app::{app::App, view::certificate::certificate},
    id::CaseId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Get the certificate of a completed case
///
/// One file that anybody can check without this service, with `quorate certificate verify` or by a program of their own: terms,
/// entries, proofs, signatures. Its form is specified in `docs/certificate.md`.
#[utoipa::path(get, path = "/v1/cases/{case}/certificate", tag = "cases", params(("case" = CaseId, Path)),
    responses((status = 200, body = Certificate), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<CaseId>,
) -> Result<Response, Problem> {
    let certified = Json(certificate(&app, &principal, id).await?);
    let name = format!("attachment; filename=\"certificate-{id}.json\"");
    let mut headers = HeaderMap::new();
    headers.extend(name.parse().ok().map(|name| (header::CONTENT_DISPOSITION, name)));
    Ok((headers, certified).into_response())
}
