//! Signing in with a passkey.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    confirm::{SignedInView, enter},
    sign_in::{By, SignInPage},
};
use crate::{
    app::{
        app::App,
        passkey_sign_in::{ask_sign_in, sign_in},
        use_passkey::Answer,
    },
    id::CeremonyId,
    web::{
        browser::{Browser, hash},
        extract::Json,
        fields::Fields,
        me::devices::CeremonyView,
        passkey_form::{PasskeyForm, answered},
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// Begin to sign in with a passkey
///
/// Hand the options to `navigator.credentials.get`, and its answer to `POST /v1/sign-in/passkey`.
#[utoipa::path(post, path = "/v1/sign-in/passkey/options", tag = "sessions", security(()),
    responses((status = 200, body = CeremonyView), (status = 409, body = ProblemBody)))]
pub async fn options(State(app): State<App>) -> Result<Json<CeremonyView>, Problem> {
    Ok(Json(ask_sign_in(&app)?.into()))
}

/// What a passkey answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyAnswer {
    /// The ceremony.
    ceremony: CeremonyId,
    /// What `navigator.credentials.get` gave, as JSON, with bytes as base64url without padding.
    #[schema(value_type = Object)]
    answer: Value,
}

impl From<PasskeyAnswer> for Answer {
    fn from(PasskeyAnswer { ceremony, answer }: PasskeyAnswer) -> Self {
        Self { ceremony, answer }
    }
}

/// What a passkey answered to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeySignIn {
    /// The ceremony.
    ceremony: CeremonyId,
    /// What `navigator.credentials.get` gave, as JSON, with bytes as base64url without padding.
    #[schema(value_type = Object)]
    answer: Value,
    /// What an earlier sign-in's answer had as `known_browser`.
    known_browser: Option<String>,
}

/// Sign in with a passkey
///
/// Nobody types an address: the passkey says whose it is. The new session has fresh proof for 5 minutes.
#[utoipa::path(post, path = "/v1/sign-in/passkey", tag = "sessions", request_body = PasskeySignIn, security(()),
    responses((status = 200, body = SignedInView), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn api(State(app): State<App>, Json(input): Json<PasskeySignIn>) -> Result<Json<SignedInView>, Problem> {
    let PasskeySignIn { ceremony, answer, known_browser } = input;
    let browser = hash(known_browser.as_deref());
    Ok(Json(SignedInView::of(&sign_in(&app, Answer { ceremony, answer }, browser).await?)))
}

/// Signs in, has the browser keep the session, and goes where the person wanted to go.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(
    State(site): State<Site>,
    browser: Browser,
    Fields(sent): Fields<PasskeyForm>,
) -> Result<Response, Problem> {
    let signed_in = match answered(&sent.ceremony, &sent.answer) {
        Ok(answer) => sign_in(&site.app, answer, browser.hash()).await,
        Err(refused) => Err(refused),
    };
    match signed_in {
        Ok(signed_in) => enter(&site, &browser, &signed_in, &sent.next),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[])?;
            SignInPage::of(&site, String::new(), sent.next, By::Code, wrong).answer()
        }
    }
}
