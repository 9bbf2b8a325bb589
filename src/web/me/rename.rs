//! Changing your name.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::show::{Typed, shown, with};
use crate::{
    app::{app::App, rename_me::RenameMe, view::me::MeView},
    web::{
        caller::Caller,
        etag::IfMatch,
        extract::Json,
        fields::Fields,
        notice::Notice,
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// Your new name, 1 to 100 characters.
    name: String,
}

/// Change your name
///
/// Every account in which you are a member shows it, and records it. Your address is changed by `POST /v1/me/email`.
#[utoipa::path(patch, path = "/v1/me", tag = "me", request_body = MeChange,
    params(("If-Match" = Option<String>, Header)),
    responses((status = 200, body = MeView), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    IfMatch(version): IfMatch,
    Json(change): Json<MeChange>,
) -> Result<Response, Problem> {
    app.db.run(RenameMe { app: app.clone(), name: change.name, version, principal: principal.clone() }).await?;
    shown(&app, &principal).await
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct NameForm {
    #[serde(default)]
    name: String,
}

/// Changes your name from your page.
///
/// # Errors
/// When the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<NameForm>,
) -> Result<Response, Problem> {
    let (name, principal) = (sent.name.clone(), person.principal.clone());
    match app.db.run(RenameMe { app: app.clone(), name, version: None, principal }).await {
        Ok(()) => Ok(Redirect::to(&Notice::NameChanged.on("/me")).into_response()),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[])?;
            with(&app, person, Typed { name: Some(sent.name), wrong, ..Typed::default() }).await
        }
    }
}
