//! What came in to vote.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::inbound_mail::{InboundMailView, list},
    },
    web::{
        caller::Caller,
        extract::{Json, List, Page},
        list::{PageQuery, page},
        problem::{Problem, ProblemBody},
    },
};

/// List the mails that came in to vote, with what became of each
///
/// For operators. The newest first; those that were refused are kept for 30 days.
#[utoipa::path(get, path = "/v1/mail/inbound", tag = "mail", params(PageQuery),
    responses((status = 200, body = List<InboundMailView>), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    wanted: Page,
) -> Result<Json<List<InboundMailView>>, Problem> {
    let rows = list(&app, &principal, wanted.cursor()?, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |mail| mail.id.to_string())))
}
