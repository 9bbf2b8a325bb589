//! Owners object to a case.

use axum::extract::State;

use crate::{
    app::{
        act::{Act, Asked, ask},
        app::App,
        view::case::CaseView,
    },
    id::CaseId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Pause a case for one waiting period
///
/// By an owner named in the terms, at most as often as the policy allows.
#[utoipa::path(post, path = "/v1/cases/{case}/pause", tag = "cases", params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView), (status = 409, body = ProblemBody)))]
pub async fn pause(state: State<App>, caller: Caller, path: Path<CaseId>) -> Result<Json<CaseView>, Problem> {
    act(state, caller, path, Asked::Pause).await
}

/// Veto a case
///
/// By an owner named in the terms, with fresh proof. It ends the case.
#[utoipa::path(post, path = "/v1/cases/{case}/veto", tag = "cases", params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView), (status = 403, body = ProblemBody)))]
pub async fn veto(state: State<App>, caller: Caller, path: Path<CaseId>) -> Result<Json<CaseView>, Problem> {
    act(state, caller, path, Asked::Veto).await
}

pub(super) async fn act(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<CaseId>,
    asked: Asked,
) -> Result<Json<CaseView>, Problem> {
    Ok(Json(ask(Act { app, case: id, asked, principal }).await?.into()))
}
