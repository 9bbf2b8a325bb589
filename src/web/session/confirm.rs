//! Signing in with the mailed code.

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sign_in::SignInPage;
use crate::{
    app::{app::App, begin_session::SignedIn, confirm_sign_in::ConfirmSignIn, sign_in::MINUTES},
    id::{CodeId, UserId},
    moment::Moment,
    ownership::{address::Email, session::BROWSER_LASTS},
    secret::Token,
    web::{
        browser::{Browser, hash},
        cookie::Jar,
        extract::Json,
        fields::Fields,
        next::Next,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// The mailed code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmInput {
    /// The address that it went to.
    email: Email,
    /// The code, as typed. Spaces and dashes do not matter.
    code: String,
    /// The request that it belongs to.
    #[schema(value_type = Option<String>)]
    request: Option<CodeId>,
    /// What an earlier sign-in's answer had as `known_browser`.
    known_browser: Option<String>,
}

/// A new session.
#[derive(Serialize, ToSchema)]
pub struct SignedInView {
    /// The session's token, to be sent as `Authorization: Bearer <token>`. Nobody can read it again.
    token: String,
    /// When the session ends by itself, unless it is used before: 2 hours after it was last used, and 12 hours after it began
    /// at the latest.
    expires_at: Moment,
    /// Who signed in.
    user: UserId,
    /// Send it with your next sign-in, and nobody is written to about one from somewhere new. Null where you have sent one.
    known_browser: Option<String>,
}

/// Sign in with the mailed code
#[utoipa::path(post, path = "/v1/sign-in/confirm", tag = "sessions", request_body = ConfirmInput, security(()),
    responses((status = 200, body = SignedInView), (status = 422, body = ProblemBody)))]
pub async fn api(State(app): State<App>, Json(input): Json<ConfirmInput>) -> Result<Json<SignedInView>, Problem> {
    let ConfirmInput { email, code, request, known_browser } = input;
    let unit = ConfirmSignIn { app: app.clone(), email, code, request, browser: hash(known_browser.as_deref()) };
    let signed_in = app.db.run(unit).await?.signed_in()?;
    Ok(Json(SignedInView::of(&signed_in)))
}

impl SignedInView {
    /// The session, with its token.
    pub(super) fn of(signed_in: &SignedIn) -> Self {
        let token = signed_in.token.reveal().to_owned();
        let known_browser = signed_in.browser.as_ref().map(|token| token.reveal().to_owned());
        Self { token, expires_at: signed_in.expires_at, user: signed_in.user, known_browser }
    }
}

/// Has the browser keep the session and what it is known by from now on, and goes where the person wanted to go.
pub(in crate::web) fn enter(
    site: &Site,
    browser: &Browser,
    signed_in: &SignedIn,
    next: &Next,
) -> Result<Response, Problem> {
    let jar = Jar::of(&site.app.public_url);
    let session = jar.keep(&signed_in.token).map_err(Problem::internal)?;
    let known_by = signed_in.browser.as_ref().map(Token::reveal).or(browser.0.as_deref()).unwrap_or_default();
    let known = jar.keep_browser(known_by, BROWSER_LASTS.as_secs()).map_err(Problem::internal)?;
    let cookies = AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, known)]);
    Ok((cookies, Redirect::to(next.as_str())).into_response())
}

/// What the page sends.
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    code: String,
    request: Option<CodeId>,
    #[serde(default)]
    next: Next,
}

/// The page that asks for the code.
#[derive(Template)]
#[template(path = "sign_in_code.html", config = "src/web/templates/askama.toml")]
pub(super) struct CodePage {
    pub head: Head,
    pub email: Email,
    pub request: Option<CodeId>,
    pub next: Next,
    pub wrong: Wrong,
}

impl CodePage {
    pub(super) fn answer(self) -> Result<Response, Problem> {
        Ok(self.wrong.marked(page(&self)?.into_response()))
    }
}

/// Who comes back to this address without the form begins again.
pub async fn begin_again() -> Redirect {
    Redirect::to("/sign-in")
}

/// Signs in, has the browser keep the session, and goes where the person wanted to go.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(
    State(site): State<Site>,
    browser: Browser,
    Fields(sent): Fields<CodeForm>,
) -> Result<Response, Problem> {
    let CodeForm { email, code, request, next } = sent;
    let email = match email.parse::<Email>() {
        Ok(address) => address,
        Err(not_one) => return SignInPage::asking(&site, email, next, not_one),
    };
    let unit = ConfirmSignIn { app: site.app.clone(), email: email.clone(), code, request, browser: browser.hash() };
    match site.app.db.run(unit).await?.signed_in() {
        Ok(signed_in) => enter(&site, &browser, &signed_in, &next),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[("wrong_code", "code")])?;
            CodePage { head: Head::of(&site), email, request, next, wrong }.answer()
        }
    }
}
