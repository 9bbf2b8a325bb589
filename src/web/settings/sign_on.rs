//! Single sign-on of an account, as programs set it up.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::{
    app::{
        app::App,
        principal::Principal,
        set_sign_on::{ClientSecret, RemoveSignOn, SetSignOn},
        view::sign_on::{SignOnView, sign_on},
    },
    id::AccountId,
    web::{
        caller::Caller,
        etag::{IfMatch, tagged},
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// An identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOnInput {
    /// The address by which it names itself, letter by letter, with `https://`.
    issuer: String,
    /// By what it knows the account.
    client_id: String,
    /// By what the account shows that it is the one. Without it, the one before stays, if issuer and client are the same; an
    /// empty one takes it away, for a public client.
    client_secret: Option<String>,
}

/// What becomes of the secret, going by what was typed.
pub(super) fn typed(secret: Option<String>) -> ClientSecret {
    match secret.map(Zeroizing::new) {
        None => ClientSecret::Kept,
        Some(empty) if empty.is_empty() => ClientSecret::None,
        Some(typed) => ClientSecret::New(typed),
    }
}

/// Show single sign-on: the identity provider, and what it has to know of this account
#[utoipa::path(get, path = "/v1/accounts/{account}/sign-on", tag = "settings", params(("account" = AccountId, Path)),
    responses((status = 200, body = SignOnView)))]
pub async fn show(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Response, Problem> {
    answer(&app, &principal, account).await
}

/// Have people sign in through an identity provider
///
/// By an owner, with fresh proof. It speaks OpenID Connect (authorization code with PKCE), and vouches for addresses in the
/// account's proven domains only. Sessions that began in this way end. All owners are told.
#[utoipa::path(put, path = "/v1/accounts/{account}/sign-on", tag = "settings", request_body = SignOnInput,
    params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = SignOnView), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn set(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(SignOnInput { issuer, client_id, client_secret }): Json<SignOnInput>,
) -> Result<Response, Problem> {
    let client_secret = typed(client_secret);
    let asked = principal.clone();
    let unit = SetSignOn { app: app.clone(), account, issuer, client_id, client_secret, version, principal: asked };
    app.db.run(unit).await?;
    answer(&app, &principal, account).await
}

/// Turn single sign-on off
///
/// By an owner, with fresh proof. Sessions that began in this way end. All owners are told.
#[utoipa::path(delete, path = "/v1/accounts/{account}/sign-on", tag = "settings", params(("account" = AccountId, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<StatusCode, Problem> {
    app.db.run(RemoveSignOn { app: app.clone(), account, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn answer(app: &App, principal: &Principal, account: AccountId) -> Result<Response, Problem> {
    let view = sign_on(app, principal, account).await?;
    Ok(tagged(view.version, Json(view).into_response()))
}
