//! Revoking a token.

use axum::{extract::State, http::StatusCode};

use crate::{
    app::{app::App, tokens::RevokeToken},
    id::TokenId,
    web::{
        caller::Caller,
        extract::Path,
        problem::{Problem, ProblemBody},
    },
};

/// Revoke a token
///
/// For operators. Revoking it again changes nothing.
#[utoipa::path(delete, path = "/v1/tokens/{token}", tag = "tokens", params(("token" = TokenId, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(token): Path<TokenId>,
) -> Result<StatusCode, Problem> {
    app.db.run(RevokeToken { app: app.clone(), principal, token }).await?;
    Ok(StatusCode::NO_CONTENT)
}
