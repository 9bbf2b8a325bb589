//! Cancelling the change of the policy that waits.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::show::below;
use crate::{
    app::{
        app::App,
        cancel_policy::CancelPolicy,
        view::policy::{PendingView, PolicyHome, policy_home},
    },
    id::AccountId,
    mail::policy_wording::{self, Change},
    web::{
        caller::Caller,
        etag::IfMatch,
        extract::Path,
        notice::Notice,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Cancel the change of the policy that waits
///
/// By an owner, with fresh proof.
#[utoipa::path(delete, path = "/v1/accounts/{account}/policy/pending", tag = "policy",
    params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204), (status = 409, body = ProblemBody), (status = 412, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    app.db.run(CancelPolicy { app: app.clone(), account, version, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Template)]
#[template(path = "policy_cancel.html", config = "src/web/templates/askama.toml")]
struct CancelPage {
    head: Head,
    account: AccountId,
    pending: PendingView,
    changes: Vec<Change>,
    wrong: Wrong,
}

/// The page that asks whether to cancel it.
///
/// # Errors
/// 404 where nothing waits, and for whoever may not know of the account; when the database or the template fails.
pub async fn ask(State(app): State<App>, who: SignedIn, Path(account): Path<AccountId>) -> Result<Response, Problem> {
    show(&app, who, account, Wrong::default()).await
}

/// Cancels it.
///
/// # Errors
/// As [`ask`].
pub async fn send(State(app): State<App>, who: SignedIn, Path(account): Path<AccountId>) -> Result<Response, Problem> {
    let unit = CancelPolicy { app: app.clone(), account, version: None, principal: who.principal.clone() };
    let page = format!("/accounts/{account}/policy");
    match app.db.run(unit).await.map_err(Problem::from) {
        Ok(()) => Ok(Redirect::to(&Notice::PolicyCancelled.on(&page)).into_response()),
        Err(problem) if prove::helps(problem.code) => Ok(prove::first(&format!("{page}/cancel"))),
        Err(problem) => show(&app, who, account, Wrong::of(problem, &[])?).await,
    }
}

async fn show(app: &App, who: SignedIn, account: AccountId, wrong: Wrong) -> Result<Response, Problem> {
    let PolicyHome { view, account_name, .. } = policy_home(app, &who.principal, account).await?;
    let pending = view.pending.ok_or_else(Problem::not_found)?;
    let changes = policy_wording::changes(&view.effective, &pending.policy);
    let head = below(who.head, account, &account_name).below("Recovery policy", format!("/accounts/{account}/policy"));
    let answer = page(&CancelPage { head, account, pending, changes, wrong: wrong.clone() })?;
    Ok(wrong.marked(answer.into_response()))
}
