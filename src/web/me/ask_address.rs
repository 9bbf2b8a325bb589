//! Asking for another address of yours.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    change_address::CODE_PAGE,
    show::{Typed, with},
};
use crate::{
    app::{app::App, ask_address::AskAddress},
    moment::Moment,
    ownership::address::Email,
    web::{
        caller::Caller,
        extract::Json,
        fields::Fields,
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Which address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressInput {
    /// Your new address.
    email: Email,
}

/// The request was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressAskedView {
    /// When the code stops working.
    expires_at: Moment,
}

/// Ask for another address of yours
///
/// A code of 8 digits goes to the new address, unless somebody has it already: then they are told that somebody tried. The
/// answer is the same. Your address changes when you send the code to `/v1/me/email/confirm`.
#[utoipa::path(post, path = "/v1/me/email", tag = "me", request_body = AddressInput,
    responses((status = 202, body = AddressAskedView), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Json(input): Json<AddressInput>,
) -> Result<(StatusCode, Json<AddressAskedView>), Problem> {
    let asked = app.db.run(AskAddress { app: app.clone(), email: input.email, principal }).await?;
    Ok((StatusCode::ACCEPTED, Json(AddressAskedView { expires_at: asked.expires_at })))
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct AddressForm {
    #[serde(default)]
    email: String,
}

/// Mails a code to the new address, and goes on to where it is typed.
///
/// # Errors
/// When the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<AddressForm>,
) -> Result<Response, Problem> {
    let wrong = match sent.email.parse::<Email>() {
        Err(not_one) => Wrong::at("email", &format!("this is {not_one}: check it")),
        Ok(email) => {
            let principal = person.principal.clone();
            match app.db.run(AskAddress { app: app.clone(), email, principal }).await {
                Ok(_) => return Ok(Redirect::to(CODE_PAGE).into_response()),
                Err(refused) => Wrong::of(refused, &[("too_many_codes", "email")])?,
            }
        }
    };
    with(&app, person, Typed { email: Some(sent.email), wrong, ..Typed::default() }).await
}
