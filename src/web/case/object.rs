//! Owners object to a case.

use axum::{extract::State, response::Response};

use super::confirm::{self, Deed};
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
        signed_in::SignedIn,
        site::Site,
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

/// The page with the button that pauses.
pub async fn ask_pause(site: State<Site>, person: SignedIn, path: Path<CaseId>) -> Result<Response, Problem> {
    confirm::show(&site, person, path.0, Deed::Pause).await
}

/// Pauses.
pub async fn send_pause(site: State<Site>, person: SignedIn, path: Path<CaseId>) -> Result<Response, Problem> {
    confirm::press(&site, person, path.0, Deed::Pause).await
}

/// The page with the button that vetoes. Whose proof is not fresh is led to prove who they are, and comes back.
pub async fn ask_veto(site: State<Site>, person: SignedIn, path: Path<CaseId>) -> Result<Response, Problem> {
    confirm::show(&site, person, path.0, Deed::Veto).await
}

/// Vetoes.
pub async fn send_veto(site: State<Site>, person: SignedIn, path: Path<CaseId>) -> Result<Response, Problem> {
    confirm::press(&site, person, path.0, Deed::Veto).await
}

pub(super) async fn act(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<CaseId>,
    asked: Asked,
) -> Result<Json<CaseView>, Problem> {
    Ok(Json(ask(Act { app, case: id, asked, principal }).await?.into()))
}
