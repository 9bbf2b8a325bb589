//! Granting ownership.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        owners::{Asked, ChangeOwners},
        view::member::{MemberView, member},
    },
    id::{AccountId, UserId},
    ownership::owner::Outcome,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Who becomes owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOwner {
    /// An active, confirmed member.
    user: UserId,
}

/// Grant ownership to a member
///
/// By an owner, with fresh proof. Where the account has exactly one owner, transfer it instead.
#[utoipa::path(post, path = "/v1/accounts/{account}/owners", tag = "owners", request_body = NewOwner,
    params(("account" = AccountId, Path)),
    responses((status = 201, body = MemberView), (status = 200, body = MemberView), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    Json(new): Json<NewOwner>,
) -> Result<(StatusCode, Json<MemberView>), Problem> {
    let unit =
        ChangeOwners { app: app.clone(), account, user: new.user, asked: Asked::Grant, principal: principal.clone() };
    let status = match app.db.run(unit).await? {
        Outcome::Changed => StatusCode::CREATED,
        Outcome::AlreadySo => StatusCode::OK,
    };
    Ok((status, Json(member(&app, &principal, account, new.user).await?)))
}
