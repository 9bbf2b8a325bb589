//! Changing a member's role or status.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        change_member::{Asked, ChangeMember},
        error::Error,
        view::member::MemberView,
    },
    id::{AccountId, UserId},
    ownership::member::Status,
    web::{
        caller::Caller,
        etag::{IfMatch, tagged},
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// What to change: the role or the status, one at a time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// The name of the new role.
    role: Option<String>,
    /// `active` or `suspended`.
    #[schema(value_type = Option<String>)]
    status: Option<Status>,
}

/// Change a member's role or status
///
/// An owner is protected: revoke their ownership first.
#[utoipa::path(patch, path = "/v1/accounts/{account}/members/{user}", tag = "members", request_body = MemberChange,
    params(("account" = AccountId, Path), ("user" = UserId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = MemberView), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
    IfMatch(version): IfMatch,
    Json(change): Json<MemberChange>,
) -> Result<Response, Problem> {
    let asked = match (change.role, change.status) {
        (Some(role), None) => Asked::Role(role),
        (None, Some(status)) => Asked::Status(status),
        (Some(_), Some(_)) | (None, None) => {
            return Err(Error::invalid("", "name either `role` or `status`, one at a time").into());
        }
    };
    let unit = ChangeMember { app: app.clone(), account, user, asked, version, principal };
    let stored = app.db.run(unit).await?.ok_or(Error::NotFound)?;
    let view = MemberView::from(&stored);
    Ok(tagged(view.version, Json(view).into_response()))
}
