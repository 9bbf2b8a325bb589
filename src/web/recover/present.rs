//! Presenting a paper key, to give its account a new owner.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        error::Error,
        present_key::{MINUTES, Mailed, PresentKey},
    },
    id::CodeId,
    moment::Moment,
    paper_key::key::PaperKey,
    web::{
        drill::key_form::{Field, Lines, key_of},
        extract::Json,
        fields::Fields,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// A paper key, as typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryInput {
    /// The key: its four lines, below each other or in one, or what its QR code says. Case, spaces and dashes do not matter.
    paper_key: String,
}

/// A code is on its way.
#[derive(Serialize, ToSchema)]
pub struct RecoveryBegun {
    /// Names the request, to be sent with the code.
    #[schema(value_type = String)]
    recovery: CodeId,
    /// Where the code goes: each of the holder's addresses, with all but its first letter left out.
    sent_to: Vec<String>,
    /// Until when the code works.
    expires_at: Moment,
}

/// Present a paper key, to give its account a new owner
///
/// Nobody has to sign in. What is mistyped is said line by line. A key that is right gets a code of sixteen digits mailed to its
/// holder, and all owners are told; of any other it is not told why it is not taken. Nothing is spent yet. While five codes are on
/// their way no more go out: the answer then names the newest.
#[utoipa::path(post, path = "/v1/recoveries", tag = "recoveries", request_body = RecoveryInput, security(()),
    responses((status = 202, body = RecoveryBegun), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Json(RecoveryInput { paper_key }): Json<RecoveryInput>,
) -> Result<(StatusCode, Json<RecoveryBegun>), Problem> {
    let Mailed { recovery, expires_at, sent_to } = present(&app, key_of(&paper_key)?).await?;
    Ok((StatusCode::ACCEPTED, Json(RecoveryBegun { recovery, sent_to, expires_at })))
}

async fn present(app: &App, key: PaperKey) -> Result<Mailed, Error> {
    app.db.run(PresentKey { app: app.clone(), key }).await?.mailed()
}

#[derive(Template)]
#[template(path = "recover.html", config = "src/web/templates/askama.toml")]
struct KeyPage {
    head: Head,
    fields: [Field; 4],
    wrong: Wrong,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub async fn form(State(site): State<Site>) -> Result<Html<String>, Problem> {
    ask(&site, Lines::default(), Wrong::default())
}

fn ask(site: &Site, lines: Lines, wrong: Wrong) -> Result<Html<String>, Problem> {
    page(&KeyPage { head: Head::of(site), fields: lines.fields(), wrong })
}

/// Takes what was typed. Where it is no key, the same page says which line is wrong.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Fields(lines): Fields<Lines>) -> Result<Response, Problem> {
    let mailed = match lines.key() {
        Ok(key) => present(&site.app, key).await,
        Err(wrong) => Err(wrong),
    };
    match mailed {
        Ok(mailed) => code_page(&site, mailed.recovery, &mailed.sent_to, &Wrong::default()),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[])?;
            Ok(wrong.marked(ask(&site, lines, wrong.clone())?.into_response()))
        }
    }
}

#[derive(Template)]
#[template(path = "recover_code.html", config = "src/web/templates/askama.toml")]
struct CodePage {
    head: Head,
    recovery: CodeId,
    sent_to: String,
    minutes: u32,
    wrong: Wrong,
}

/// The page that asks for the code.
///
/// # Errors
/// When the template fails.
pub(super) fn code_page(site: &Site, recovery: CodeId, sent_to: &[String], wrong: &Wrong) -> Result<Response, Problem> {
    let (head, sent_to) = (Head::of(site), sent_to.join(" and "));
    let shown = page(&CodePage { head, recovery, sent_to, minutes: MINUTES, wrong: wrong.clone() })?;
    Ok(if wrong.items.is_empty() { shown.into_response() } else { wrong.marked(shown.into_response()) })
}

/// The same page, after a wrong code.
///
/// # Errors
/// When the template fails.
pub(super) fn again(site: &Site, recovery: CodeId) -> Result<Response, Problem> {
    let says = "this code is not right, or not valid any more: check it, or begin again with your key";
    code_page(site, recovery, &[], &Wrong::at("code", says))
}

/// Nothing is there for whoever opens the address of a form.
pub async fn nothing() -> Redirect {
    Redirect::to("/recover")
}
