//! Making a token.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        answer::key_for,
        app::App,
        error::Error,
        idempotent::once_with_secret,
        tokens::{CreateToken, TokenPower},
        view::token::NewTokenView,
    },
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json},
        problem::{Problem, ProblemBody},
    },
};

/// A token to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is called, 1 to 100 characters.
    name: String,
    /// `operator`, or `platform` for the vendor's product.
    kind: TokenKind,
    /// For a platform token: `accounts.create`, `read`, `members.manage`, `access.evaluate`, `mail.receive`, `act_for`.
    #[serde(default)]
    scopes: Vec<String>,
}

/// Who will hold a token.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// An operator.
    Operator,
    /// The vendor's product.
    Platform,
}

/// Make a token
///
/// For operators. The secret is in this answer and nowhere else; a repeat with the same `Idempotency-Key` gets
/// `already_issued`.
#[utoipa::path(post, path = "/v1/tokens", tag = "tokens", request_body = NewToken,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat harmless")),
    responses((status = 201, body = NewTokenView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    key: IdempotencyKey,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<NewTokenView>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), "create_token", &new)?;
    let power = power(&new)?;
    let unit = CreateToken { app: app.clone(), principal, name: new.name, power };
    Ok((StatusCode::CREATED, Json(once_with_secret(&app, key, unit).await?.into())))
}

fn power(new: &NewToken) -> Result<TokenPower, Error> {
    match new.kind {
        TokenKind::Operator if new.scopes.is_empty() => Ok(TokenPower::Operator),
        TokenKind::Operator => Err(Error::invalid("/scopes", "an operator token has no scopes; leave them out")),
        TokenKind::Platform => {
            let scope = |(place, name): (usize, &String)| {
                name.parse().map_err(|unknown: String| Error::invalid(format!("/scopes/{place}"), unknown))
            };
            Ok(TokenPower::Platform(new.scopes.iter().enumerate().map(scope).collect::<Result<_, _>>()?))
        }
    }
}
