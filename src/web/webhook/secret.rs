//! Giving an endpoint a new secret.

use axum::{extract::State, http::StatusCode};

use super::add::GivenView;
use crate::{
    app::{add_webhook::ReplaceWebhookSecret, answer::key_for, app::App, idempotent::once_with_secret},
    id::{AccountId, WebhookId},
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Give a webhook endpoint a new secret
///
/// By an owner, with fresh proof. For a day webhooks are signed with the old one too; not so where a recovery has ended the old one: then
/// the endpoint stays off until it is enabled. The secret is in this answer and nowhere else. All owners are told.
#[utoipa::path(post, path = "/v1/accounts/{account}/webhooks/{webhook}/secret", tag = "webhooks",
    params(("account" = AccountId, Path), ("webhook" = WebhookId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = GivenView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, webhook)): Path<(AccountId, WebhookId)>,
    key: IdempotencyKey,
) -> Result<(StatusCode, Json<GivenView>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("webhook secret {webhook}"), &())?;
    let unit = ReplaceWebhookSecret { app: app.clone(), account, webhook, principal };
    Ok((StatusCode::CREATED, Json(GivenView::from(&once_with_secret(&app, key, unit).await?))))
}
