//! Saying whether the accounts below one need a reference.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::show::answer;
use crate::{
    app::{app::App, reference::SetReference, view::settings::SettingsView},
    id::AccountId,
    ownership::preset::Reference,
    web::{
        caller::Caller,
        etag::IfMatch,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Whether child accounts need a reference.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceInput {
    /// `mandatory` or `optional`.
    #[schema(value_type = String)]
    rule: Reference,
}

/// Set whether child accounts need a reference
///
/// By whoever has the permission `settings.manage`, with fresh proof. Accounts that are there already keep what they have.
#[utoipa::path(put, path = "/v1/accounts/{account}/settings/child-reference", tag = "settings",
    request_body = ReferenceInput, params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = SettingsView), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(ReferenceInput { rule }): Json<ReferenceInput>,
) -> Result<Response, Problem> {
    app.db.run(SetReference { app: app.clone(), account, rule, version, principal: principal.clone() }).await?;
    answer(&app, &principal, account).await
}
