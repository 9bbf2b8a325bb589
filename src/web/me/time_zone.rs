//! Choosing the time zone in which mails to you write moments.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::show::shown;
use crate::{
    app::{app::App, me::me, set_time_zone::SetTimeZone},
    web::{
        caller::Caller,
        extract::Json,
        fields::Fields,
        notice::Notice,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        signed_in::SignedIn,
        wrong::Wrong,
    },
    zone::Zone,
};

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeZoneChange {
    /// The name of a zone in the IANA database, such as `Europe/Berlin`; `UTC` is one too.
    time_zone: String,
}

/// Choose the time zone of your mails
///
/// Mails to you write moments as clocks show them there. Answers to programs, and pages, go on in UTC.
#[utoipa::path(put, path = "/v1/me/time-zone", tag = "me", request_body = TimeZoneChange,
    responses((status = 200, body = crate::app::view::me::MeView), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Json(change): Json<TimeZoneChange>,
) -> Result<Response, Problem> {
    app.db.run(SetTimeZone { time_zone: change.time_zone, principal: principal.clone() }).await?;
    shown(&app, &principal).await
}

#[derive(Template)]
#[template(path = "me_time_zone.html", config = "src/web/templates/askama.toml")]
struct ZonePage {
    head: Head,
    present: String,
    zones: Vec<String>,
    wrong: Wrong,
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct ZoneForm {
    #[serde(default)]
    time_zone: String,
}

/// The page on which you choose.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(State(app): State<App>, person: SignedIn) -> Result<Response, Problem> {
    let present = me(&app, &person.principal).await?.time_zone;
    shown_form(person, Zone::known(present.as_deref()).to_string(), &Wrong::default())
}

/// Takes the choice.
///
/// # Errors
/// When the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<ZoneForm>,
) -> Result<Response, Problem> {
    let (time_zone, principal) = (sent.time_zone.clone(), person.principal.clone());
    match app.db.run(SetTimeZone { time_zone, principal }).await {
        Ok(()) => Ok(Redirect::to(&Notice::TimeZoneChanged.on("/me")).into_response()),
        Err(refused) => shown_form(person, sent.time_zone, &Wrong::of(refused, &[])?),
    }
}

fn shown_form(person: SignedIn, present: String, wrong: &Wrong) -> Result<Response, Problem> {
    let head = person.head.below("You", "/me");
    let page = page(&ZonePage { head, present, zones: Zone::names(), wrong: wrong.clone() })?;
    Ok(wrong.marked(page.into_response()))
}
