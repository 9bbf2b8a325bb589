//! Asking to sign in.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::confirm::CodePage;
use crate::{
    app::{
        app::App,
        ceremony::{Passkeys, passkeys},
        sign_in::SignIn,
    },
    id::CodeId,
    moment::Moment,
    ownership::address::{Email, NotAnEmail},
    web::{
        extract::{Filters, Json},
        fields::Fields,
        next::Next,
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        signed_in::SignedIn,
        site::Site,
        wrong::Wrong,
    },
};

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInInput {
    /// Their address.
    email: Email,
}

/// The request was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestedView {
    /// Names the request. Sent back with the code, it keeps the tries of others apart from yours.
    request: CodeId,
    /// When its code stops working.
    expires_at: Moment,
}

/// Ask for a code to sign in with
///
/// A code of 8 digits goes to the address, if it is one that we know. The answer is the same for every address.
#[utoipa::path(post, path = "/v1/sign-in", tag = "sessions", request_body = SignInInput, security(()),
    responses((status = 202, body = RequestedView)))]
pub async fn api(
    State(app): State<App>,
    Json(input): Json<SignInInput>,
) -> Result<(StatusCode, Json<RequestedView>), Problem> {
    let asked = app.db.run(SignIn { app: app.clone(), email: input.email }).await?;
    Ok((StatusCode::ACCEPTED, Json(RequestedView { request: asked.request, expires_at: asked.expires_at })))
}

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct Onward {
    /// A page of ours.
    #[serde(default)]
    pub next: Next,
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    next: Next,
}

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/web/templates/askama.toml")]
pub(super) struct SignInPage {
    pub head: Head,
    /// What was typed as an address.
    pub email: String,
    pub next: Next,
    /// With what somebody has tried to sign in.
    pub by: By,
    /// Whether browsers have passkeys here.
    pub passkeys: Passkeys,
    pub wrong: Wrong,
}

/// With what somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// A code by mail.
    Code,
    /// Their password.
    Password,
}

impl SignInPage {
    pub(super) fn of(site: &Site, email: String, next: Next, by: By, wrong: Wrong) -> Self {
        Self { head: Head::of(site), email, next, by, passkeys: passkeys(&site.app), wrong }
    }

    /// The page that asks for the address again, which was none.
    pub(super) fn asking(site: &Site, email: String, next: Next, not_one: NotAnEmail) -> Result<Response, Problem> {
        let wrong = Wrong::at("email", &format!("this is {not_one}: check it"));
        Self::of(site, email, next, By::Code, wrong).answer()
    }

    pub(super) fn answer(&self) -> Result<Response, Problem> {
        Ok(self.wrong.marked(page(self)?.into_response()))
    }
}

/// The page that asks for an address. Who has signed in already is where they wanted to go.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(
    State(site): State<Site>,
    visitor: Option<SignedIn>,
    Filters(onward): Filters<Onward>,
    address: axum::http::Uri,
) -> Result<Response, Problem> {
    // Whoever came through their organization may have to sign in once more.
    if visitor.is_some_and(|visitor| visitor.principal.within().is_none()) {
        return Ok(Redirect::to(onward.next.as_str()).into_response());
    }
    let head = Head { notice: Notice::of(&address), ..Head::of(&site) };
    let empty = SignInPage::of(&site, String::new(), onward.next, By::Code, Wrong::default());
    SignInPage { head, ..empty }.answer()
}

/// Mails a code, and asks for it. The same page for every address.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Fields(sent): Fields<SignInForm>) -> Result<Response, Problem> {
    let SignInForm { email, next } = sent;
    let address = match email.parse::<Email>() {
        Ok(address) => address,
        Err(not_one) => return SignInPage::asking(&site, email, next, not_one),
    };
    let asked = site.app.db.run(SignIn { app: site.app.clone(), email: address.clone() }).await?;
    let request = Some(asked.request);
    CodePage { head: Head::of(&site), email: address, request, next, wrong: Wrong::default() }.answer()
}
