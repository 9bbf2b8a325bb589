//! Revoking a paper key.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::page::show;
use crate::{
    app::{
        app::App,
        issue_paper_key::RevokePaperKey,
        view::paper_keys::{KeyHome, paper_key},
    },
    id::PaperKeyId,
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

/// Revoke a paper key
///
/// By an owner, with fresh proof, at any time. Revoking it again changes nothing. All owners are told.
#[utoipa::path(delete, path = "/v1/paper-keys/{key}", tag = "recovery users", params(("key" = PaperKeyId, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(key): Path<PaperKeyId>,
) -> Result<StatusCode, Problem> {
    app.db.run(RevokePaperKey { app: app.clone(), key, principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The page that asks whether to revoke it.
///
/// # Errors
/// 404 where there is no such key, 403 for everybody but owners; when the database or the template fails.
pub async fn ask(State(app): State<App>, person: SignedIn, Path(key): Path<PaperKeyId>) -> Result<Response, Problem> {
    let home = paper_key(&app, &person.principal, key).await?;
    let (back, users) = (keys_of(&home), format!("/accounts/{}/recovery-users", home.account));
    let question = Question {
        title: format!("Revoke the paper key {}?", home.key.number),
        here: "Revoke",
        told: vec!["It works no more, wherever it lies. All owners are told by mail.".to_owned()],
        facts: vec![("Held by", plain_text::name(&home.holder))],
        button: "Revoke it",
        look: "danger",
    };
    let ways = Ways { action: format!("/paper-keys/{key}/revoke"), carried: Vec::new(), back: back.clone() };
    let account = format!("/accounts/{}", home.account);
    let head = person.head.below("Accounts", "/").below(plain_text::name(&home.account_name), account);
    confirmation(head.below("Recovery users", users).below("Paper keys", back), question, ways)
}

/// Revokes it.
///
/// # Errors
/// As [`ask`].
pub async fn press(State(app): State<App>, person: SignedIn, Path(key): Path<PaperKeyId>) -> Result<Response, Problem> {
    let home = paper_key(&app, &person.principal, key).await?;
    let unit = RevokePaperKey { app: app.clone(), key, principal: person.principal.clone() };
    match app.db.run(unit).await.map_err(Problem::from) {
        Ok(()) => Ok(Redirect::to(&Notice::PaperKeyRevoked.on(&keys_of(&home))).into_response()),
        Err(problem) if prove::helps(problem.code) => Ok(prove::first(&format!("/paper-keys/{key}/revoke"))),
        Err(problem) => show(&app, person, home.account, home.user, Wrong::of(problem, &[])?).await,
    }
}

fn keys_of(home: &KeyHome) -> String {
    format!("/accounts/{}/recovery-users/{}/paper-keys", home.account, home.user)
}
