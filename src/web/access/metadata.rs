//! Where decisions are asked for, for programs that look it up.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::app::App, web::extract::Json};

/// Where decisions are asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Configuration {
    /// Who decides: this service.
    policy_decision_point: String,
    /// Where one question is asked.
    access_evaluation_endpoint: String,
    /// Where several are asked at once.
    access_evaluations_endpoint: String,
}

/// Show where permission decisions are asked for
///
/// The metadata of the OpenID Authorization API 1.0. It needs no token.
#[utoipa::path(get, path = "/.well-known/authzen-configuration", tag = "access", security(()),
    responses((status = 200, body = Configuration)))]
pub async fn api(State(app): State<App>) -> Response {
    let at = |path: &str| format!("{}{path}", app.public_url);
    let told = Configuration {
        policy_decision_point: app.public_url.clone(),
        access_evaluation_endpoint: at("/access/v1/evaluation"),
        access_evaluations_endpoint: at("/access/v1/evaluations"),
    };
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Json(told)).into_response()
}
