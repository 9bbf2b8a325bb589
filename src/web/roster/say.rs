//! Contesting and confirming changes of the roster.

use axum::extract::State;

use crate::{
    app::{
        app::App,
        roster::{Say, SayOnRoster},
        view::roster::{RosterView, roster},
    },
    id::{AccountId, ChangeId},
    web::{
        caller::Caller,
        extract::{Json, Path},
        problem::{Problem, ProblemBody},
    },
};

/// Contest the removal of an administrator
///
/// By the person removed, or by an administrator with standing, before the removal takes effect.
#[utoipa::path(post, path = "/v1/accounts/{account}/roster/{change}/contest", tag = "roster",
    params(("account" = AccountId, Path), ("change" = ChangeId, Path)),
    responses((status = 200, body = RosterView), (status = 409, body = ProblemBody)))]
pub async fn contest(
    State(app): State<App>,
    caller: Caller,
    Path((account, change)): Path<(AccountId, ChangeId)>,
) -> Result<Json<RosterView>, Problem> {
    say(&app, caller, account, change, Say::Contest).await
}

/// Confirm the addition or removal of an administrator
///
/// By an owner with fresh proof, or one by one by more than half of the administrators with standing.
#[utoipa::path(post, path = "/v1/accounts/{account}/roster/{change}/confirm", tag = "roster",
    params(("account" = AccountId, Path), ("change" = ChangeId, Path)),
    responses((status = 200, body = RosterView), (status = 409, body = ProblemBody)))]
pub async fn confirm(
    State(app): State<App>,
    caller: Caller,
    Path((account, change)): Path<(AccountId, ChangeId)>,
) -> Result<Json<RosterView>, Problem> {
    say(&app, caller, account, change, Say::Confirm).await
}

async fn say(
    app: &App,
    Caller(principal): Caller,
    account: AccountId,
    change: ChangeId,
    say: Say,
) -> Result<Json<RosterView>, Problem> {
    let unit = SayOnRoster { app: app.clone(), account, change, say, principal: principal.clone() };
    app.db.run(unit).await?;
    Ok(Json(roster(app, &principal, account).await?))
}
