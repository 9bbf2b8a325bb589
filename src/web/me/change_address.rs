//! Typing the code that went to your new address.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::show::{Typed, shown, with};
use crate::{
    app::{
        app::App,
        ask_address::asked,
        change_address::{ChangeAddress, Changed},
        error::Error,
        fresh_proof::of_themselves,
        sign_in::MINUTES,
        view::me::MeView,
    },
    mail::plain_text,
    ownership::address::Email,
    web::{
        caller::Caller,
        extract::Json,
        fields::Fields,
        notice::Notice,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Where the code is typed.
pub(super) const CODE_PAGE: &str = "/me/email/code";

/// The mailed code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressCodeInput {
    /// The code that went to the new address, as typed. Spaces and dashes do not matter.
    code: String,
}

/// Change your address
///
/// With the code that went to the new one, and with fresh proof. Your other sessions end, and all your codes and links stop
/// working. Both addresses are told, and so are owners of the accounts in which you are an administrator.
#[utoipa::path(post, path = "/v1/me/email/confirm", tag = "me", request_body = AddressCodeInput,
    responses((status = 200, body = MeView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Json(input): Json<AddressCodeInput>,
) -> Result<Response, Problem> {
    let unit = ChangeAddress { app: app.clone(), code: input.code, principal: principal.clone() };
    app.db.run(unit).await?.to()?;
    shown(&app, &principal).await
}

/// What the page sends.
#[derive(Deserialize)]
pub struct AddressCodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "me_address_code.html", config = "src/web/templates/askama.toml")]
struct AddressCodePage {
    head: Head,
    /// The new address, safe to print.
    email: String,
    wrong: Wrong,
}

/// The page that asks for the code, once it is shown who is there.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(State(app): State<App>, person: SignedIn) -> Result<Response, Problem> {
    let wrong = match of_themselves(&app, &person.principal).await? {
        Ok(_) => Wrong::default(),
        Err(refusal) => match lead(refusal.code()) {
            Some(there) => return Ok(there),
            None => Wrong::of(Error::from(refusal), &[])?,
        },
    };
    match asked(&app, &person.principal).await? {
        Some(email) => ask(person, &email, &wrong),
        // Who has asked for no address lately begins anew.
        None => Ok(Redirect::to("/me").into_response()),
    }
}

/// Takes the code.
///
/// # Errors
/// When the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<AddressCodeForm>,
) -> Result<Response, Problem> {
    let unit = ChangeAddress { app: app.clone(), code: sent.code, principal: person.principal.clone() };
    match app.db.run(unit).await.and_then(Changed::to) {
        Ok(_) => Ok(Redirect::to(&Notice::AddressChanged.on("/me")).into_response()),
        Err(refused) => {
            let problem = Problem::from(refused);
            if let Some(there) = lead(problem.code) {
                return Ok(there);
            }
            if let Some(email) = asked(&app, &person.principal).await? {
                return ask(person, &email, &Wrong::of(problem, &[("wrong_code", "code")])?);
            }
            let wrong = Wrong::of(problem, &[("wrong_code", "email")])?;
            with(&app, person, Typed { wrong, ..Typed::default() }).await
        }
    }
}

/// Where to show who they are, if that helps. A code from the present mailbox does, for whoever has nothing better.
fn lead(code: &str) -> Option<Response> {
    match code {
        "needs_fresh_proof" => Some(prove::first_by_any(CODE_PAGE)),
        "needs_credential" => Some(prove::first(CODE_PAGE)),
        _ => None,
    }
}

fn ask(person: SignedIn, email: &Email, wrong: &Wrong) -> Result<Response, Problem> {
    let (head, email) = (person.head.below("You", "/me"), plain_text::address(email.as_str()));
    let answer = page(&AddressCodePage { head, email, wrong: wrong.clone() })?;
    Ok(wrong.marked(answer.into_response()))
}
