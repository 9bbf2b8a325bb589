//! Withdrawing a case.

use axum::{extract::State, response::Response};

use super::{
    confirm::{self, Deed},
    object::act,
};
use crate::{
    app::{act::Asked, app::App, view::case::CaseView},
    id::CaseId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
        site::Site,
    },
};

/// Withdraw your case, while it collects ballots
#[utoipa::path(post, path = "/v1/cases/{case}/withdraw", tag = "cases", params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView), (status = 409, body = ProblemBody)))]
pub async fn api(state: State<App>, caller: Caller, path: Path<CaseId>) -> Result<Json<CaseView>, Problem> {
    act(state, caller, path, Asked::Withdraw).await
}

/// The page with the button that withdraws.
pub async fn ask(State(site): State<Site>, person: SignedIn, Path(id): Path<CaseId>) -> Result<Response, Problem> {
    confirm::show(&site, person, id, Deed::Withdraw).await
}

/// Withdraws.
pub async fn send(State(site): State<Site>, person: SignedIn, Path(id): Path<CaseId>) -> Result<Response, Problem> {
    confirm::press(&site, person, id, Deed::Withdraw).await
}
