//! Signing in with the mailed code.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{app::App, confirm_sign_in::ConfirmSignIn},
    id::{CodeId, UserId},
    moment::Moment,
    ownership::address::Email,
    web::{
        extract::Json,
        problem::{Problem, ProblemBody},
    },
};

/// The mailed code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmInput {
    /// The address that it went to.
    email: Email,
    /// The code, as typed. Spaces and dashes do not matter.
    code: String,
    /// The request that it belongs to.
    #[schema(value_type = Option<String>)]
    request: Option<CodeId>,
}

/// A new session.
#[derive(Serialize, ToSchema)]
pub struct SignedInView {
    /// The session's token, to be sent as `Authorization: Bearer <token>`. Nobody can read it again.
    token: String,
    /// When the session ends by itself.
    expires_at: Moment,
    /// Who signed in.
    user: UserId,
}

/// Sign in with the mailed code
#[utoipa::path(post, path = "/v1/sign-in/confirm", tag = "sessions", request_body = ConfirmInput, security(()),
    responses((status = 200, body = SignedInView), (status = 422, body = ProblemBody)))]
pub async fn api(State(app): State<App>, Json(input): Json<ConfirmInput>) -> Result<Json<SignedInView>, Problem> {
    let ConfirmInput { email, code, request } = input;
    let signed_in = app.db.run(ConfirmSignIn { app: app.clone(), email, code, request }).await?.signed_in()?;
    let token = signed_in.token.reveal().to_owned();
    Ok(Json(SignedInView { token, expires_at: signed_in.expires_at, user: signed_in.user }))
}
