//! Showing yourself.

use askama::Template;
use axum::{extract::State, response::Html};

use crate::{
    app::{
        app::App,
        me::me,
        sessions,
        view::me::{MeView, SessionView},
    },
    web::{
        caller::Caller,
        extract::Json,
        page::{Head, Place, page},
        problem::Problem,
        signed_in::SignedIn,
    },
};

/// Show who you are, and the accounts in which you are a member
#[utoipa::path(get, path = "/v1/me", tag = "me", responses((status = 200, body = MeView)))]
pub async fn api(State(app): State<App>, Caller(principal): Caller) -> Result<Json<MeView>, Problem> {
    Ok(Json(me(&app, &principal).await?.into()))
}

#[derive(Template)]
#[template(path = "me.html", config = "src/web/templates/askama.toml")]
struct MePage {
    head: Head,
    name: String,
    email: String,
    sessions: Vec<SessionView>,
}

/// The page about yourself.
///
/// # Errors
/// When the database or the template fails.
pub async fn page_of(State(app): State<App>, person: SignedIn) -> Result<Html<String>, Problem> {
    let SignedIn { principal, head, email, .. } = person;
    let sessions = sessions::list(&app, &principal).await?;
    let sessions = sessions.iter().map(|session| SessionView::of(session, principal.session())).collect();
    let name = head.person().unwrap_or_default().to_owned();
    page(&MePage { head: head.at(Place::Me), name, email, sessions })
}
