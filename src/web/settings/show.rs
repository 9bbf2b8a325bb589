//! Showing the settings.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    app::{
        app::App,
        principal::Principal,
        view::settings::{SettingsView, settings_of},
    },
    id::AccountId,
    web::{
        caller::Caller,
        etag::tagged,
        extract::{Json, Path},
        problem::Problem,
    },
};

/// Show the settings: branding, joining by e-mail domain, and whether child accounts need a reference
#[utoipa::path(get, path = "/v1/accounts/{account}/settings", tag = "settings", params(("account" = AccountId, Path)),
    responses((status = 200, body = SettingsView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
) -> Result<Response, Problem> {
    answer(&app, &principal, account).await
}

/// The settings as they are now, with their `ETag`.
pub(super) async fn answer(app: &App, principal: &Principal, account: AccountId) -> Result<Response, Problem> {
    let view = settings_of(app, principal, account).await?;
    Ok(tagged(view.version, Json(view).into_response()))
}
