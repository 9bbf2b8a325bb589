//! The logo of an account.

use axum::{
    body::Bytes,
    extract::{Multipart, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    page::{Typed, refused},
    show::answer,
};
use crate::{
    app::{
        app::App,
        logo::{SetLogo, logo},
        view::settings::SettingsView,
    },
    id::AccountId,
    web::{
        caller::Caller,
        etag::IfMatch,
        extract::Path,
        notice::Notice,
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
    },
};

/// Show the logo
#[utoipa::path(get, path = "/v1/accounts/{account}/settings/logo", tag = "settings",
    params(("account" = AccountId, Path)),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), (status = 404, body = ProblemBody)))]
pub async fn show(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Response, Problem> {
    let png = logo(&app, &principal, account).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}

/// Set the logo
///
/// By whoever has the permission `settings.manage`, with fresh proof. The body is a PNG of 48 KiB at most, 16 to 1024 pixels
/// wide and high.
#[utoipa::path(put, path = "/v1/accounts/{account}/settings/logo", tag = "settings",
    request_body(content = Vec<u8>, content_type = "image/png"),
    params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = SettingsView), (status = 422, body = ProblemBody)))]
pub async fn set(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
    file: Bytes,
) -> Result<Response, Problem> {
    let file = Some(file.to_vec());
    app.db.run(SetLogo { app: app.clone(), account, file, version, principal: principal.clone() }).await?;
    answer(&app, &principal, account).await
}

/// Take the logo away
///
/// By whoever has the permission `settings.manage`, with fresh proof.
#[utoipa::path(delete, path = "/v1/accounts/{account}/settings/logo", tag = "settings",
    params(("account" = AccountId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = SettingsView), (status = 403, body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    IfMatch(version): IfMatch,
) -> Result<Response, Problem> {
    app.db.run(SetLogo { app: app.clone(), account, file: None, version, principal: principal.clone() }).await?;
    answer(&app, &principal, account).await
}

/// The picture, for the pages of the account. Its address changes when it does.
///
/// # Errors
/// 404 where there is none, and for whoever may not know of the account; when the database fails.
pub async fn picture(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
) -> Result<Response, Problem> {
    let png = logo(&app, &who.principal, account).await?;
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=86400")];
    Ok((headers, png).into_response())
}

/// Takes the file that somebody chose.
///
/// # Errors
/// As [`super::page::page_of`].
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    mut form: Multipart,
) -> Result<Response, Problem> {
    let broken = || Problem::malformed("the form did not arrive whole: choose the file again");
    let mut file = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|_| broken())? {
        if part.name() == Some("logo") {
            file = part.bytes().await.map_err(|_| broken())?.to_vec();
        }
    }
    let principal = who.principal.clone();
    match app.db.run(SetLogo { app: app.clone(), account, file: Some(file), version: None, principal }).await {
        Ok(()) => Ok(Redirect::to(&Notice::SettingsSaved.on(&format!("/accounts/{account}/settings"))).into_response()),
        Err(error) => refused(&app, who, account, error.into(), Typed::new()).await,
    }
}
