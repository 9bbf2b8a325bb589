//! Listing tokens.

use axum::extract::State;

use crate::{
    app::{app::App, tokens, view::token::TokenView},
    web::{
        caller::Caller,
        extract::{Json, List, Page},
        list::{PageQuery, page},
        problem::{Problem, ProblemBody},
    },
};

/// List tokens, revoked ones included
///
/// For operators.
#[utoipa::path(get, path = "/v1/tokens", tag = "tokens", params(PageQuery),
    responses((status = 200, body = List<TokenView>), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    wanted: Page,
) -> Result<Json<List<TokenView>>, Problem> {
    let rows = tokens::list(&app, &principal, wanted.cursor()?, i64::from(wanted.fetch())).await?;
    Ok(Json(page(rows.iter().map(TokenView::from).collect(), &wanted, |token: &TokenView| token.id.to_string())))
}
