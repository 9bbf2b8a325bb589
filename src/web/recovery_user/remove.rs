//! Removing a recovery user.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::page::{Draft, show};
use crate::{
    app::{add_recovery_user::RemoveRecoveryUser, app::App, view::recovery_users::recovery_users},
    id::{AccountId, RecoveryUserId},
    mail::plain_text,
    web::{
        caller::Caller,
        confirmation::{Question, Ways, confirmation},
        extract::Path,
        notice::Notice,
        problem::{Problem, ProblemBody},
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Remove a recovery user
///
/// By an owner, with fresh proof, at any time. All owners are told.
#[utoipa::path(delete, path = "/v1/accounts/{account}/recovery-users/{user}", tag = "recovery users",
    params(("account" = AccountId, Path), ("user" = RecoveryUserId, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
) -> Result<StatusCode, Problem> {
    app.db.run(RemoveRecoveryUser { app: app.clone(), account, user, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The page that asks whether to remove them.
///
/// # Errors
/// 404 where there is no such recovery user, 403 for everybody but owners; when the database or the template fails.
pub async fn ask(
    State(app): State<App>,
    person: SignedIn,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
) -> Result<Response, Problem> {
    let home = recovery_users(&app, &person.principal, account).await?;
    let removed = home.users.iter().find(|it| it.id == user).ok_or_else(Problem::not_found)?;
    let addresses: Vec<String> = removed.addresses.iter().map(|address| plain_text::address(&address.email)).collect();
    let name = plain_text::name(&removed.name);
    let question = Question {
        title: format!("Remove the recovery user {name}?"),
        here: "Remove",
        told: vec![
            "They have no part in the recovery of this account any more, and their paper keys work no more. All owners are told by mail.".to_owned(),
        ],
        facts: vec![("Recovery address", addresses.join(", "))],
        button: "Remove them",
        look: "danger",
    };
    let back = format!("/accounts/{account}/recovery-users");
    let ways = Ways { action: format!("{back}/{user}/remove"), carried: Vec::new(), back: back.clone() };
    let head =
        person.head.below("Accounts", "/").below(plain_text::name(&home.account_name), format!("/accounts/{account}"));
    confirmation(head.below("Recovery users", back), question, ways)
}

/// Removes them.
///
/// # Errors
/// As [`ask`].
pub async fn press(
    State(app): State<App>,
    person: SignedIn,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
) -> Result<Response, Problem> {
    let page = format!("/accounts/{account}/recovery-users");
    let unit = RemoveRecoveryUser { app: app.clone(), account, user, principal: person.principal.clone() };
    match app.db.run(unit).await.map_err(Problem::from) {
        Ok(()) => Ok(Redirect::to(&Notice::RecoveryUserRemoved.on(&page)).into_response()),
        Err(problem) if prove::helps(problem.code) => Ok(prove::first(&format!("{page}/{user}/remove"))),
        Err(problem) => show(&app, person, account, Draft::default(), Wrong::of(problem, &[])?).await,
    }
}
