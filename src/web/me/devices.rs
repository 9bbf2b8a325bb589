//! Your passkeys, for programs and for the script of our pages.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    app::{
        add_passkey::{AddPasskey, ask_passkey},
        app::App,
        my_passkeys::my_passkeys,
        remove_passkey::RemovePasskey,
        rename_passkey::RenamePasskey,
        view::me::PasskeyView,
    },
    id::{CeremonyId, CredentialId},
    web::{
        caller::Caller,
        extract::{Json, List, Path},
        problem::{Problem, ProblemBody},
    },
};

/// What a browser is to ask a passkey.
#[derive(Debug, Serialize, ToSchema)]
pub struct CeremonyView {
    /// Which ceremony that is. It comes back with the answer, within 5 minutes, and once.
    ceremony: CeremonyId,
    /// `{"publicKey": …}`, as `navigator.credentials` takes it, with bytes as base64url without padding.
    #[schema(value_type = Object)]
    options: Value,
}

impl From<(CeremonyId, Value)> for CeremonyView {
    fn from((ceremony, options): (CeremonyId, Value)) -> Self {
        Self { ceremony, options }
    }
}

/// List your passkeys, the oldest first
///
/// There are at most 10, on one page.
#[utoipa::path(get, path = "/v1/me/devices", tag = "me", responses((status = 200, body = List<PasskeyView>)))]
pub async fn list(State(app): State<App>, Caller(principal): Caller) -> Result<Json<List<PasskeyView>>, Problem> {
    Ok(Json(List { items: my_passkeys(&app, &principal).await?, next: None }))
}

/// Begin to add a passkey
///
/// With fresh proof. Hand the options to `navigator.credentials.create`, and its answer to `POST /v1/me/devices`.
#[utoipa::path(post, path = "/v1/me/devices/options", tag = "me",
    responses((status = 200, body = CeremonyView), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn options(State(app): State<App>, Caller(principal): Caller) -> Result<Json<CeremonyView>, Problem> {
    Ok(Json(ask_passkey(&app, &principal).await?.into()))
}

/// A passkey that a browser has made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyInput {
    /// The ceremony.
    ceremony: CeremonyId,
    /// What you call it, 1 to 100 characters.
    name: String,
    /// What `navigator.credentials.create` gave, as JSON, with bytes as base64url without padding.
    #[schema(value_type = Object)]
    answer: Value,
}

/// Add a passkey
///
/// With fresh proof. You are told by mail, and so is whoever watches over the accounts in which you are an owner or an
/// administrator. Where a mailed code is all that you have shown, it counts for no more than your mailbox for up to 14
/// days; except for your first credential, within a day after you first confirmed your address.
#[utoipa::path(post, path = "/v1/me/devices", tag = "me", request_body = PasskeyInput,
    responses((status = 201, body = PasskeyView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn add(
    State(app): State<App>,
    Caller(principal): Caller,
    Json(input): Json<PasskeyInput>,
) -> Result<(StatusCode, Json<PasskeyView>), Problem> {
    let PasskeyInput { ceremony, name, answer } = input;
    let stored = app.db.run(AddPasskey { app: app.clone(), ceremony, answer, name, principal }).await?;
    Ok((StatusCode::CREATED, Json(PasskeyView::of(&stored, app.now()))))
}

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyChange {
    /// What you call it, 1 to 100 characters.
    name: String,
}

/// Rename one of your passkeys
#[utoipa::path(patch, path = "/v1/me/devices/{device}", tag = "me", params(("device" = CredentialId, Path)),
    request_body = PasskeyChange,
    responses((status = 200, body = PasskeyView), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn rename(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(passkey): Path<CredentialId>,
    Json(PasskeyChange { name }): Json<PasskeyChange>,
) -> Result<Json<PasskeyView>, Problem> {
    let stored = app.db.run(RenamePasskey { app: app.clone(), passkey, name, principal }).await?;
    Ok(Json(PasskeyView::of(&stored, app.now())))
}

/// Remove one of your passkeys
///
/// With fresh proof by a password or passkey; a mailed code is not enough. The same people are told, and your other
/// sessions end.
#[utoipa::path(delete, path = "/v1/me/devices/{device}", tag = "me", params(("device" = CredentialId, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(passkey): Path<CredentialId>,
) -> Result<StatusCode, Problem> {
    app.db.run(RemovePasskey { app: app.clone(), passkey, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}
