//! Your password, for programs.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App, my_passwords::my_passwords, remove_password::RemovePassword, set_password::set_password,
        view::me::PasswordView,
    },
    password::typed::Password,
    web::{
        caller::Caller,
        extract::{Json, List},
        problem::{Problem, ProblemBody},
    },
};

/// Show your password: since when you have it, never the password itself
///
/// Earlier ones that still work follow the newest; there are at most 3, on one page.
#[utoipa::path(get, path = "/v1/me/password", tag = "me", responses((status = 200, body = List<PasswordView>)))]
pub async fn show(State(app): State<App>, Caller(principal): Caller) -> Result<Json<List<PasswordView>>, Problem> {
    Ok(Json(List { items: my_passwords(&app, &principal).await?, next: None }))
}

/// The new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordInput {
    /// 10 to 200 characters that are hard to guess, also for somebody who knows you.
    #[schema(value_type = String)]
    password: Password,
}

/// Set your password, or another one
///
/// With fresh proof. Your other sessions end; you are told by mail, and so are the other owners of the accounts in which you
/// are an owner or an administrator. Where a mailed code is all that you have shown, an earlier password goes on working for
/// 14 days, and the new one counts for no more than your mailbox as long; except for your first one, within a day after you
/// first confirmed your address. Otherwise earlier ones end at once.
#[utoipa::path(put, path = "/v1/me/password", tag = "me", request_body = PasswordInput,
    responses((status = 200, body = PasswordView), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn set(
    State(app): State<App>,
    Caller(principal): Caller,
    Json(input): Json<PasswordInput>,
) -> Result<Json<PasswordView>, Problem> {
    Ok(Json(set_password(&app, principal, input.password).await?))
}

/// Remove your password, and every earlier one that still works
///
/// With fresh proof by a password; a mailed code is not enough. The same people are told, and your other sessions end.
#[utoipa::path(delete, path = "/v1/me/password", tag = "me",
    responses((status = 204), (status = 403, body = ProblemBody)))]
pub async fn remove(State(app): State<App>, Caller(principal): Caller) -> Result<StatusCode, Problem> {
    app.db.run(RemovePassword { app: app.clone(), principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}
