//! Showing yourself.

use axum::extract::State;

use crate::{
    app::{app::App, me::me, view::me::MeView},
    web::{caller::Caller, extract::Json, problem::Problem},
};

/// Show who you are, and the accounts in which you are a member
#[utoipa::path(get, path = "/v1/me", tag = "me", responses((status = 200, body = MeView)))]
pub async fn api(State(app): State<App>, Caller(principal): Caller) -> Result<Json<MeView>, Problem> {
    Ok(Json(me(&app, &principal).await?.into()))
}
