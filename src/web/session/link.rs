//! Signing in by the link of the mail that one asked for: shown first, with the address, and done by one button.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::confirm::{SignedInView, enter};
use crate::{
    app::{
        app::App,
        follow_sign_in::{FollowSignIn, address},
    },
    id::CodeId,
    ownership::address::Email,
    web::{
        browser::{Browser, hash},
        extract::{Json, Path},
        fields::Fields,
        next::Next,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// The link of a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInLinkInput {
    /// The token: the last part of the link's path, a dot, and what stands behind the `#`.
    token: String,
    /// What an earlier sign-in's answer had as `known_browser`.
    known_browser: Option<String>,
}

/// Sign in with the link of the mailed code
///
/// It stands in the same mail as the code, is good for the same ten minutes, and works once. Nobody's wrong codes end it.
#[utoipa::path(post, path = "/v1/sign-in/link", tag = "sessions", request_body = SignInLinkInput, security(()),
    responses((status = 200, body = SignedInView), (status = 409, body = ProblemBody)))]
pub async fn api(State(app): State<App>, Json(input): Json<SignInLinkInput>) -> Result<Json<SignedInView>, Problem> {
    let browser = hash(input.known_browser.as_deref());
    let signed_in = app.db.run(FollowSignIn { app: app.clone(), token: input.token, browser }).await?;
    Ok(Json(SignedInView::of(&signed_in)))
}

#[derive(Template)]
#[template(path = "sign_in_link.html", config = "src/web/templates/askama.toml")]
struct Open {
    head: Head,
    request: CodeId,
    wrong: Wrong,
}

/// The page that waits for the script, and takes the code where none runs.
///
/// # Errors
/// When the template fails.
pub async fn open(State(site): State<Site>, Path(request): Path<CodeId>) -> Result<Html<String>, Problem> {
    page(&Open { head: Head::of(&site), request, wrong: Wrong::default() })
}

/// What the page sends.
#[derive(Deserialize)]
pub struct LinkForm {
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "sign_in_link_show.html", config = "src/web/templates/askama.toml")]
struct Show {
    head: Head,
    request: CodeId,
    token: String,
    email: Email,
}

/// The page with the one button.
///
/// # Errors
/// When the link is dead.
pub async fn show(
    State(site): State<Site>,
    Path(request): Path<CodeId>,
    Fields(sent): Fields<LinkForm>,
) -> Result<Html<String>, Problem> {
    let email = address(&site.app, &sent.token).await?;
    page(&Show { head: Head::of(&site), request, token: sent.token, email })
}

/// Signs in, and has the browser keep the session.
///
/// # Errors
/// When the link is dead.
pub async fn press(
    State(site): State<Site>,
    browser: Browser,
    Path(_): Path<CodeId>,
    Fields(sent): Fields<LinkForm>,
) -> Result<Response, Problem> {
    let unit = FollowSignIn { app: site.app.clone(), token: sent.token, browser: browser.hash() };
    let signed_in = site.app.db.run(unit).await?;
    enter(&site, &browser, &signed_in, &Next::first())
}
