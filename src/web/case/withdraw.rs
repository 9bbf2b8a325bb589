//! Withdrawing a case.

use axum::extract::State;

use super::object::act;
use crate::{
    app::{act::Asked, app::App, view::case::CaseView},
    id::CaseId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Withdraw your case, while it collects ballots
#[utoipa::path(post, path = "/v1/cases/{case}/withdraw", tag = "cases", params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView), (status = 409, body = ProblemBody)))]
pub async fn api(state: State<App>, caller: Caller, path: Path<CaseId>) -> Result<Json<CaseView>, Problem> {
    act(state, caller, path, Asked::Withdraw).await
}
