//! Showing yourself.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    app::{
        app::App,
        ask_address::may_change,
        ceremony::{Passkeys, passkeys},
        me::me,
        my_passkeys::my_passkeys,
        my_passwords::my_passwords,
        principal::Principal,
        sessions,
        view::me::{MeView, PasskeyView, PasswordView, SessionView},
    },
    ownership::identity::Refusal,
    web::{
        caller::Caller,
        etag::tagged,
        extract::Json,
        page::{Head, Place, page},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
    },
    zone::Zone,
};

/// Show who you are, and the accounts in which you are a member
#[utoipa::path(get, path = "/v1/me", tag = "me", responses((status = 200, body = MeView)))]
pub async fn api(State(app): State<App>, Caller(principal): Caller) -> Result<Response, Problem> {
    shown(&app, &principal).await
}

/// The caller, with their version as the `ETag`.
pub(super) async fn shown(app: &App, principal: &Principal) -> Result<Response, Problem> {
    let view = MeView::from(me(app, principal).await?);
    Ok(tagged(view.version, Json(view).into_response()))
}

/// What somebody typed into a form of the page, and what was wrong with it.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// The name, if that form was sent.
    pub name: Option<String>,
    /// The address, if that form was sent.
    pub email: Option<String>,
    /// What was wrong.
    pub wrong: Wrong,
}

#[derive(Template)]
#[template(path = "me.html", config = "src/web/templates/askama.toml")]
struct MePage {
    head: Head,
    name: String,
    email: String,
    time_zone: String,
    /// Why the address stays as it is, as things stand.
    held: Option<Refusal>,
    new_name: String,
    new_email: String,
    passwords: Vec<PasswordView>,
    passkeys: Vec<PasskeyView>,
    possible: Passkeys,
    sessions: Vec<SessionView>,
    wrong: Wrong,
}

/// The page about yourself.
///
/// # Errors
/// When the database or the template fails.
pub async fn page_of(State(app): State<App>, person: SignedIn) -> Result<Response, Problem> {
    with(&app, person, Typed::default()).await
}

/// The same page with what somebody typed, and what was wrong with it.
pub(super) async fn with(app: &App, person: SignedIn, typed: Typed) -> Result<Response, Problem> {
    let SignedIn { principal, head, email, .. } = person;
    let sessions = sessions::list(app, &principal).await?;
    let sessions = sessions.iter().map(|session| SessionView::of(session, principal.session())).collect();
    let held = may_change(app, &principal).await?.err();
    let name = head.person().unwrap_or_default().to_owned();
    let known = me(app, &principal).await?;
    let Typed { name: new_name, email: new_email, wrong } = typed;
    let page = page(&MePage {
        head: head.at(Place::Me),
        new_name: new_name.unwrap_or(known.user.name),
        new_email: new_email.unwrap_or_default(),
        time_zone: Zone::known(known.time_zone.as_deref()).to_string(),
        name,
        email,
        held,
        passwords: my_passwords(app, &principal).await?,
        passkeys: my_passkeys(app, &principal).await?,
        possible: passkeys(app),
        sessions,
        wrong: wrong.clone(),
    })?;
    Ok(wrong.marked(page.into_response()))
}
