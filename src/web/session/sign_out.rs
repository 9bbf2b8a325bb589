//! Signing out.

use axum::{extract::State, http::StatusCode};

use crate::{
    app::{app::App, sessions::sign_out},
    web::{caller::Caller, problem::Problem},
};

/// End the session that this call is made in
#[utoipa::path(post, path = "/v1/sign-out", tag = "sessions", responses((status = 204)))]
pub async fn api(State(app): State<App>, Caller(principal): Caller) -> Result<StatusCode, Problem> {
    sign_out(&app, principal).await?;
    Ok(StatusCode::NO_CONTENT)
}
