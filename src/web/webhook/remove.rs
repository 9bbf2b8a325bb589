//! Removing an endpoint.

use axum::{extract::State, http::StatusCode};

use crate::{
    app::{app::App, change_webhook::RemoveWebhook},
    id::{AccountId, WebhookId},
    web::{
        caller::Caller,
        extract::Path,
        problem::{Problem, ProblemBody},
    },
};

/// Remove a webhook endpoint
///
/// By an owner, with fresh proof, at any time. All owners are told.
#[utoipa::path(delete, path = "/v1/accounts/{account}/webhooks/{webhook}", tag = "webhooks",
    params(("account" = AccountId, Path), ("webhook" = WebhookId, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, webhook)): Path<(AccountId, WebhookId)>,
) -> Result<StatusCode, Problem> {
    app.db.run(RemoveWebhook { app: app.clone(), account, webhook, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}
