//! Choosing a recovery user.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::page::{Draft, show};
use crate::{
    app::{
        add_recovery_user::AddRecoveryUser,
        answer::{Answer, Answering, key_for},
        app::App,
        error::{Error, Invalid},
        idempotent::once,
    },
    id::AccountId,
    ownership::address::Email,
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        fields::Fields,
        next::with,
        notice::Notice,
        problem::{Problem, ProblemBody},
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Somebody to hold paper keys.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecoveryUser {
    /// Their name, 1 to 100 characters.
    name: String,
    /// Their recovery addresses: one or two. None of them is an owner's, or another recovery user's in the account.
    emails: Vec<Email>,
}

/// Choose a recovery user
///
/// By an owner, with fresh proof, where the policy has recovery by paper key; not while a case is open. Each address gets a mail
/// with a link that confirms it. All owners are told.
#[utoipa::path(post, path = "/v1/accounts/{account}/recovery-users", tag = "recovery users",
    request_body = NewRecoveryUser,
    params(("account" = AccountId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = crate::app::view::recovery_users::RecoveryUserView), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    key: IdempotencyKey,
    Json(new): Json<NewRecoveryUser>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("recovery user {account}"), &new)?;
    let unit = AddRecoveryUser { app: app.clone(), account, name: new.name, emails: new.emails, principal };
    Ok((StatusCode::CREATED, Json(once(&app, key, Answering(unit)).await?)))
}

/// Chooses from the page. An owner who has to prove first who they are finds there what they typed.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    Fields(draft): Fields<Draft>,
) -> Result<Response, Problem> {
    let page = format!("/accounts/{account}/recovery-users");
    match add(&app, &person, account, &draft).await {
        Ok(()) => Ok(Redirect::to(&Notice::RecoveryUserAdded.on(&page)).into_response()),
        Err(refused) => {
            let problem = Problem::from(refused);
            if prove::helps(problem.code) {
                let typed = [("name", &draft.name), ("email", &draft.email), ("second", &draft.second)];
                return Ok(prove::first(&with(&page, &typed)));
            }
            // Which of the two it is, the sentence says.
            let places = [("owners_address", "email"), ("recovery_address_taken", "email")];
            show(&app, person, account, draft, Wrong::of(problem, &places)?).await
        }
    }
}

async fn add(app: &App, person: &SignedIn, account: AccountId, draft: &Draft) -> Result<(), Error> {
    let typed = [("/email", &draft.email), ("/second", &draft.second)];
    let typed = typed.into_iter().filter(|(pointer, text)| *pointer == "/email" || !text.trim().is_empty());
    let (mut emails, mut wrong) = (Vec::new(), Vec::new());
    for (pointer, text) in typed {
        match text.parse::<Email>() {
            Ok(email) => emails.push(email),
            Err(error) => wrong.push(Invalid { pointer: pointer.to_owned(), detail: error.to_string() }),
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let (name, principal) = (draft.name.clone(), person.principal.clone());
    app.db.run(AddRecoveryUser { app: app.clone(), account, name, emails, principal }).await.map(drop)
}
