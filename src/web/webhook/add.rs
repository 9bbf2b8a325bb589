//! Adding an endpoint.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        add_webhook::{AddWebhook, Given},
        answer::key_for,
        app::App,
        idempotent::once_with_secret,
        view::webhooks::WebhookView,
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// An endpoint to be added.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where it is: https, without a user and without a `#`, 1024 characters at most.
    url: String,
}

/// An endpoint that was just given a secret.
#[derive(Serialize, ToSchema)]
pub struct GivenView {
    /// The endpoint.
    webhook: WebhookView,
    /// The secret by which its receiver knows that webhooks are ours: `whsec_…`. It is in this answer and nowhere else.
    secret: String,
}

impl From<&Given> for GivenView {
    fn from(given: &Given) -> Self {
        Self { webhook: WebhookView::from(&given.endpoint), secret: given.secret.to_string() }
    }
}

/// Add a webhook endpoint
///
/// By an owner, with fresh proof. It gets what happens in the account from now on. The secret is in this answer and nowhere else; a
/// repeat with the same `Idempotency-Key` gets `already_issued`. All owners are told.
#[utoipa::path(post, path = "/v1/accounts/{account}/webhooks", tag = "webhooks", request_body = NewWebhook,
    params(("account" = AccountId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = GivenView), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    key: IdempotencyKey,
    Json(new): Json<NewWebhook>,
) -> Result<(StatusCode, Json<GivenView>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("webhook {account}"), &new)?;
    let unit = AddWebhook { app: app.clone(), account, url: new.url, principal };
    Ok((StatusCode::CREATED, Json(GivenView::from(&once_with_secret(&app, key, unit).await?))))
}
