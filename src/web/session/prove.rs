//! Fresh proof.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        prove::{ProofRequested, Prove, RequestProof},
    },
    mail::facts::ProofUse,
    moment::Moment,
    recovery::action::FRESH_FOR,
    web::{
        caller::Caller,
        extract::Json,
        problem::{Problem, ProblemBody},
    },
};

/// Nothing, to be mailed a code; or the code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofInput {
    /// The mailed code, as typed.
    code: Option<String>,
}

/// A code is on its way, or the one mailed earlier still works.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProofRequestedView {
    /// When the code stops working.
    expires_at: Moment,
}

/// The proof was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvenView {
    /// Until when it is fresh.
    proven_until: Moment,
}

/// Prove that it is you
///
/// Without a code, one is mailed to you (202). With it, this session has fresh proof for 5 minutes (200).
#[utoipa::path(post, path = "/v1/proof", tag = "sessions", request_body = ProofInput,
    responses((status = 200, body = ProvenView), (status = 202, body = ProofRequestedView),
        (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Json(input): Json<ProofInput>,
) -> Result<Response, Problem> {
    if let Some(code) = input.code {
        let proven_at = app.db.run(Prove { app: app.clone(), principal, code }).await?.at()?;
        return Ok(Json(ProvenView { proven_until: proven_at.after(FRESH_FOR) }).into_response());
    }
    let what = ProofUse::AnySensitiveAct;
    let (ProofRequested::Mailed { expires_at } | ProofRequested::UseEarlier { expires_at }) =
        app.db.run(RequestProof { app: app.clone(), principal, what }).await?;
    Ok((StatusCode::ACCEPTED, Json(ProofRequestedView { expires_at })).into_response())
}
