//! The endpoints of an account.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        view::webhooks::{WebhookView, webhooks},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// All webhook endpoints of an account. There are few of them, so they come at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookList {
    /// They, the first added first.
    items: Vec<WebhookView>,
    /// Always null.
    next: Option<String>,
}

/// List the webhook endpoints
///
/// For owners only.
#[utoipa::path(get, path = "/v1/accounts/{account}/webhooks", tag = "webhooks",
    params(("account" = AccountId, Path)),
    responses((status = 200, body = WebhookList), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Json<WebhookList>, Problem> {
    Ok(Json(WebhookList { items: webhooks(&app, &principal, account).await?.webhooks, next: None }))
}
