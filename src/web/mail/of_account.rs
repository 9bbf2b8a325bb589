//! What became of the mails about an account.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        view::mail::{MailView, of_account},
    },
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, List, Page, Path},
        list::{PageQuery, page},
        problem::{Problem, ProblemBody},
    },
};

/// List the mails about an account, with what became of each
///
/// The first queued first. Addresses are shown to the account's owners and administrators, and to operators.
#[utoipa::path(get, path = "/v1/accounts/{account}/mail", tag = "mail", params(("account" = AccountId, Path), PageQuery),
    responses((status = 200, body = List<MailView>), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<AccountId>,
    wanted: Page,
) -> Result<Json<List<MailView>>, Problem> {
    let after = wanted.cursor()?;
    let rows = of_account(&app, &principal, id, after, wanted.fetch()).await?;
    Ok(Json(page(rows, &wanted, |mail| mail.id.to_string())))
}
