//! Joining an account by the domain of one's address.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::{app::App, join::Join, view::member::MemberView},
    id::AccountId,
    web::{
        caller::Caller,
        extract::{Json, Path},
        notice::Notice,
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
    },
};

/// Join an account by the domain of your address
///
/// By a person whose confirmed address is in a domain that the account has proven.
#[utoipa::path(post, path = "/v1/accounts/{account}/join", tag = "members", params(("account" = AccountId, Path)),
    responses((status = 200, body = MemberView), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Json<MemberView>, Problem> {
    Ok(Json(MemberView::from(&app.db.run(Join { app: app.clone(), account, principal }).await?)))
}

/// Joins, and shows the account.
///
/// # Errors
/// 404 where the address opens nothing; when the database fails.
pub async fn send(State(app): State<App>, who: SignedIn, Path(account): Path<AccountId>) -> Result<Response, Problem> {
    app.db.run(Join { app: app.clone(), account, principal: who.principal }).await?;
    Ok(Redirect::to(&Notice::Joined.on(&format!("/accounts/{account}"))).into_response())
}

/// Whoever comes back to its address is shown where the button is.
pub async fn nothing() -> Redirect {
    Redirect::to("/")
}
