//! What became of the mails about a case.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::mail::{MailView, of_case},
    },
    id::CaseId,
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        problem::{Problem, ProblemBody},
    },
};

/// List the mails about a case, with what became of each
///
/// The first queued first. Addresses are shown to the account's owners and administrators, and to operators.
#[utoipa::path(get, path = "/v1/cases/{case}/mail", tag = "mail", params(("case" = CaseId, Path), PageQuery),
    responses((status = 200, body = List<MailView>), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<CaseId>,
    wanted: Page,
) -> Result<Json<List<MailView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = of_case(&app, &principal, id, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |mail| mail.id.to_string())))
}
