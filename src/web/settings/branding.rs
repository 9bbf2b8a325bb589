//! Saying how an account looks.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::show::answer;
use crate::{
    app::{app::App, branding::SetBranding, view::settings::SettingsView},
    id::AccountId,
    web::{
        caller::Caller,
        etag::IfMatch,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// How an account looks. What is left out is as the service has it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandingInput {
    /// The name, 1 to 60 characters.
    name: Option<String>,
    /// The colour, as `#rrggbb`. Text on it, and links in it, are made to be readable.
    colour: Option<String>,
}

/// Set the branding
///
/// By whoever has the permission `settings.manage`, with fresh proof.
#[utoipa::path(put, path = "/v1/accounts/{account}/settings/branding", tag = "settings", request_body = BrandingInput,
    params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = SettingsView), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(BrandingInput { name, colour }): Json<BrandingInput>,
) -> Result<Response, Problem> {
    app.db.run(SetBranding { app: app.clone(), account, name, colour, version, principal: principal.clone() }).await?;
    answer(&app, &principal, account).await
}
