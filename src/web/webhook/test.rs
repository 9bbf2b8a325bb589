//! Trying an endpoint.

use axum::{extract::State, http::StatusCode};

use crate::{
    app::{app::App, change_webhook::TestWebhook},
    id::{AccountId, WebhookId},
    web::{
        caller::Caller,
        extract::Path,
        problem::{Problem, ProblemBody},
    },
};

/// Send a webhook endpoint a test
///
/// By an owner. A webhook of the type `webhook.test` is sent as soon as possible, once, also where the endpoint is disabled; what came
/// of it is among its deliveries. One test is on its way at a time. Where it is taken, what waits for another attempt follows at once.
#[utoipa::path(post, path = "/v1/accounts/{account}/webhooks/{webhook}/test", tag = "webhooks",
    params(("account" = AccountId, Path), ("webhook" = WebhookId, Path)),
    responses((status = 202), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, webhook)): Path<(AccountId, WebhookId)>,
) -> Result<StatusCode, Problem> {
    app.db.run(TestWebhook { app: app.clone(), account, webhook, principal }).await?;
    Ok(StatusCode::ACCEPTED)
}
