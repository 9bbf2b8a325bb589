//! Asking to sign in.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{app::App, sign_in::SignIn},
    id::CodeId,
    moment::Moment,
    ownership::address::Email,
    web::{extract::Json, problem::Problem},
};

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInInput {
    /// Their address.
    email: Email,
}

/// The request was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestedView {
    /// Names the request. Sent back with the code, it keeps the tries of others apart from yours.
    request: CodeId,
    /// When its code stops working.
    expires_at: Moment,
}

/// Ask for a code to sign in with
///
/// A code of 8 digits goes to the address, if it is one that we know. The answer is the same for every address.
#[utoipa::path(post, path = "/v1/sign-in", tag = "sessions", request_body = SignInInput, security(()),
    responses((status = 202, body = RequestedView)))]
pub async fn api(
    State(app): State<App>,
    Json(input): Json<SignInInput>,
) -> Result<(StatusCode, Json<RequestedView>), Problem> {
    let asked = app.db.run(SignIn { app: app.clone(), email: input.email }).await?;
    Ok((StatusCode::ACCEPTED, Json(RequestedView { request: asked.request, expires_at: asked.expires_at })))
}
