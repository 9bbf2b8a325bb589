//! Editing the policy.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    app::{
        app::App,
        propose_policy::ProposePolicy,
        view::policy::{EditView, policy},
    },
    id::AccountId,
    ownership::policy_change::Proposed,
    recovery::policy::Policy,
    web::{
        caller::Caller,
        etag::{IfMatch, tagged},
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Edit the recovery policy
///
/// By an owner, with fresh proof. The body is the whole policy, as `effective` shows it. What tightens it is in force at once
/// (200); what loosens it, or closes a way of recovery that is open, waits (202), and so does everything while a case is
/// open. One change waits at most: a new one takes its place, whatever becomes of the new one.
#[utoipa::path(put, path = "/v1/accounts/{account}/policy", tag = "policy",
    request_body(content = Object, description = "The whole policy"),
    params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = EditView), (status = 202, body = EditView), (status = 412, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(new): Json<Policy>,
) -> Result<Response, Problem> {
    let unit = ProposePolicy { app: app.clone(), account, policy: new, version, principal: principal.clone() };
    let proposed = app.db.run(unit).await?;
    let status = match &proposed {
        Proposed::Unchanged | Proposed::AtOnce => StatusCode::OK,
        Proposed::Later { .. } => StatusCode::ACCEPTED,
    };
    let view = EditView::of(&proposed, policy(&app, &principal, account).await?);
    Ok(tagged(view.policy.version, (status, Json(view)).into_response()))
}
