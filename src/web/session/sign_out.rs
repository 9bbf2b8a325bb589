//! Signing out.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::{app::App, sessions::sign_out},
    web::{caller::Caller, cookie::Jar, notice::Notice, problem::Problem, signed_in::SignedIn, site::Site},
};

/// End the session that this call is made in
#[utoipa::path(post, path = "/v1/sign-out", tag = "sessions", responses((status = 204)))]
pub async fn api(State(app): State<App>, Caller(principal): Caller) -> Result<StatusCode, Problem> {
    sign_out(&app, principal).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the session, if there still is one, and has the browser forget it.
///
/// # Errors
/// When the database fails.
pub async fn page_of(State(site): State<Site>, person: Option<SignedIn>) -> Result<Response, Problem> {
    if let Some(person) = person {
        sign_out(&site.app, person.principal).await?;
    }
    let cookie = Jar::of(&site.app.public_url).forget();
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&Notice::SignedOut.on("/"))).into_response())
}

/// Who opens this address sees the first page: opening an address signs nobody out.
pub async fn nothing() -> Redirect {
    Redirect::to("/")
}
