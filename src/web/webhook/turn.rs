//! Turning an endpoint off and on.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        change_webhook::{Turn, TurnWebhook},
        view::webhooks::WebhookView,
    },
    id::{AccountId, WebhookId},
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
    webhook::progress::From,
};

/// From where an endpoint goes on.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FromInput {
    /// From where it stopped: it misses nothing.
    Stop,
    /// From what happens next.
    Now,
}

/// How an endpoint is enabled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableInput {
    /// From where it goes on: `stop` misses nothing, `now` begins with what happens next.
    from: FromInput,
}

/// Enable a webhook endpoint
///
/// By an owner, with fresh proof. Where it is enabled, nothing changes. All owners are told.
#[utoipa::path(post, path = "/v1/accounts/{account}/webhooks/{webhook}/enable", tag = "webhooks", request_body = EnableInput,
    params(("account" = AccountId, Path), ("webhook" = WebhookId, Path)),
    responses((status = 200, body = WebhookView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn enable(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, webhook)): Path<(AccountId, WebhookId)>,
    Json(input): Json<EnableInput>,
) -> Result<Json<WebhookView>, Problem> {
    let turn = Turn::On(match input.from {
        FromInput::Stop => From::Stop,
        FromInput::Now => From::Now,
    });
    let unit = TurnWebhook { app: app.clone(), account, webhook, turn, principal };
    Ok(Json(WebhookView::from(&app.db.run(unit).await?)))
}

/// Disable a webhook endpoint
///
/// By an owner, with fresh proof. Where it is disabled, nothing changes. All owners are told.
#[utoipa::path(post, path = "/v1/accounts/{account}/webhooks/{webhook}/disable", tag = "webhooks",
    params(("account" = AccountId, Path), ("webhook" = WebhookId, Path)),
    responses((status = 200, body = WebhookView), (status = 404, body = ProblemBody)))]
pub async fn disable(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, webhook)): Path<(AccountId, WebhookId)>,
) -> Result<Json<WebhookView>, Problem> {
    let unit = TurnWebhook { app: app.clone(), account, webhook, turn: Turn::Off, principal };
    Ok(Json(WebhookView::from(&app.db.run(unit).await?)))
}
