//! Signing in with a password.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    confirm::{SignedInView, enter},
    sign_in::{By, SignInPage},
};
use crate::{
    app::{app::App, password_sign_in::sign_in},
    ownership::address::Email,
    password::typed::Password,
    web::{
        browser::{Browser, hash},
        extract::Json,
        fields::Fields,
        next::Next,
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// Who signs in, and their password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordSignIn {
    /// Their address.
    email: Email,
    /// Their password.
    #[schema(value_type = String)]
    password: Password,
    /// What an earlier sign-in's answer had as `known_browser`.
    known_browser: Option<String>,
}

/// Sign in with a password
///
/// The new session has fresh proof for 5 minutes. A wrong password gets the same answer as an address that nobody has, and
/// so does every try after 10 in 10 minutes for one address, be it right or wrong: sign in with a code by mail then.
#[utoipa::path(post, path = "/v1/sign-in/password", tag = "sessions", request_body = PasswordSignIn, security(()),
    responses((status = 200, body = SignedInView), (status = 401, body = ProblemBody)))]
pub async fn api(State(app): State<App>, Json(input): Json<PasswordSignIn>) -> Result<Json<SignedInView>, Problem> {
    let PasswordSignIn { email, password, known_browser } = input;
    let signed_in = sign_in(&app, email, password, hash(known_browser.as_deref())).await?;
    Ok(Json(SignedInView::of(&signed_in)))
}

/// What the page sends.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: Password,
    #[serde(default)]
    next: Next,
}

/// Signs in, has the browser keep the session, and goes where the person wanted to go. What is shown again after a mistake
/// is the address, never the password.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(
    State(site): State<Site>,
    browser: Browser,
    Fields(sent): Fields<PasswordForm>,
) -> Result<Response, Problem> {
    let PasswordForm { email, password, next } = sent;
    let wrong = match email.parse::<Email>() {
        Err(not_one) => Wrong::at("with-email", &format!("this is {not_one}: check it")),
        Ok(_) if password.is_empty() => Wrong::at("password", "type your password, or have a code mailed to you"),
        Ok(address) => match sign_in(&site.app, address, password, browser.hash()).await.map_err(Problem::from) {
            Ok(signed_in) => return enter(&site, &browser, &signed_in, &next),
            Err(problem) if problem.code == "wrong_password" => Wrong::at("password", &problem.detail),
            Err(problem) => return Err(problem),
        },
    };
    SignInPage::of(&site, email, next, By::Password, wrong).answer()
}
