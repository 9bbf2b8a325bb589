//! The attempts at an endpoint.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::webhooks::{DeliveryView, deliveries},
    },
    id::{AccountId, WebhookId},
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        problem::{Problem, ProblemBody},
    },
};

/// List the attempts at a webhook endpoint
///
/// For owners only. The last one first; a hundred are kept, for a month at most.
#[utoipa::path(get, path = "/v1/accounts/{account}/webhooks/{webhook}/deliveries", tag = "webhooks",
    params(("account" = AccountId, Path), ("webhook" = WebhookId, Path), PageQuery),
    responses((status = 200, body = List<DeliveryView>), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, webhook)): Path<(AccountId, WebhookId)>,
    wanted: Page,
) -> Result<Json<List<DeliveryView>>, Problem> {
    let before = wanted.cursor()?;
    let rows = deliveries(&app, &principal, account, webhook, before, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |delivery| delivery.id.to_string())))
}
