//! Opening a case.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        answer::{Answer, Answering, key_for},
        app::App,
        idempotent::once,
        open_case::OpenCase,
        view::case::CaseView,
    },
    id::{AccountId, UserId},
    recovery::terms::Kind,
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// A case to be opened.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// `replace` (all owners lose ownership and are suspended) or `add` (the nominee joins them).
    #[schema(value_type = String)]
    kind: Kind,
    /// Who would become owner: an active, confirmed member.
    nominee: UserId,
    /// Why, in your words: 1 to 2000 characters.
    statement: String,
}

/// Open a recovery case
///
/// By an administrator with standing. Opening is not a ballot: vote as well.
#[utoipa::path(post, path = "/v1/accounts/{account}/cases", tag = "cases", request_body = NewCase,
    params(("account" = AccountId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = CaseView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    key: IdempotencyKey,
    Json(new): Json<NewCase>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("open_case {account}"), &new)?;
    let NewCase { kind, nominee, statement } = new;
    let unit = OpenCase { app: app.clone(), account, kind, nominee, statement, principal };
    Ok((StatusCode::CREATED, Json(once(&app, key, Answering(unit)).await?)))
}
