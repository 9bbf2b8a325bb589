//! Your sessions.

use axum::{extract::State, http::StatusCode, response::Redirect};

use crate::{
    app::{
        app::App,
        sessions::{self, EndOtherSessions, EndSession},
        view::me::SessionView,
    },
    id::SessionId,
    web::{
        caller::Caller,
        extract::{Json, List, Path},
        notice::Notice,
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
    },
};

/// List your sessions, newest first
///
/// At most 200 are listed, on one page.
#[utoipa::path(get, path = "/v1/me/sessions", tag = "me", responses((status = 200, body = List<SessionView>)))]
pub async fn list(State(app): State<App>, Caller(principal): Caller) -> Result<Json<List<SessionView>>, Problem> {
    let rows = sessions::list(&app, &principal).await?;
    let items = rows.iter().map(|session| SessionView::of(session, principal.session())).collect();
    Ok(Json(List { items, next: None }))
}

/// End one of your sessions
#[utoipa::path(delete, path = "/v1/me/sessions/{session}", tag = "me", params(("session" = SessionId, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub async fn end(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(session): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    app.db.run(EndSession { app: app.clone(), principal, session }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all your sessions but this one
#[utoipa::path(delete, path = "/v1/me/sessions", tag = "me", responses((status = 204)))]
pub async fn end_others(State(app): State<App>, Caller(principal): Caller) -> Result<StatusCode, Problem> {
    app.db.run(EndOtherSessions { app: app.clone(), principal }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of them but this one from their page.
///
/// # Errors
/// When the database fails.
pub async fn others_page(State(app): State<App>, person: SignedIn) -> Result<Redirect, Problem> {
    app.db.run(EndOtherSessions { app: app.clone(), principal: person.principal }).await?;
    Ok(Redirect::to(&Notice::OtherSessionsClosed.on("/me")))
}

/// Ends one of your sessions from its page.
///
/// # Errors
/// 404 for the sessions of others; when the database fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(session): Path<SessionId>,
) -> Result<Redirect, Problem> {
    app.db.run(EndSession { app: app.clone(), principal: person.principal, session }).await?;
    Ok(Redirect::to(&Notice::SessionClosed.on("/me")))
}

/// Who comes back to the address of that form sees the list.
pub async fn nothing() -> Redirect {
    Redirect::to("/me")
}
