//! Typing a paper key, to see whether it still works.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    end::code_page,
    key_form::{Field, Lines, key_of},
};
use crate::{
    app::{
        app::App,
        drill::{BeginDrill, Mailed},
        error::Error,
    },
    id::CodeId,
    moment::Moment,
    paper_key::key::PaperKey,
    web::{
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
pub struct DrillInput {
    /// The key: its four lines, below each other or in one, or what its QR code says. Case, spaces and dashes do not matter.
    paper_key: String,
}

/// A code is on its way.
#[derive(Serialize, ToSchema)]
pub struct DrillBegun {
    /// Names the drill, to be sent with the code.
    #[schema(value_type = String)]
    drill: CodeId,
    /// Where the code goes: each of the holder's addresses, with all but its first letter left out.
    sent_to: Vec<String>,
    /// Until when the code works.
    expires_at: Moment,
}

/// Begin a drill of a paper key
///
/// Nobody has to sign in. What is mistyped is said line by line. A key that is right gets a code mailed to its holder; of any other
/// it is not told why it is not taken.
#[utoipa::path(post, path = "/v1/paper-keys/drill", tag = "paper keys", request_body = DrillInput, security(()),
    responses((status = 202, body = DrillBegun), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Json(DrillInput { paper_key }): Json<DrillInput>,
) -> Result<(StatusCode, Json<DrillBegun>), Problem> {
    let Mailed { drill, expires_at, sent_to } = begin(&app, key_of(&paper_key)?).await?;
    Ok((StatusCode::ACCEPTED, Json(DrillBegun { drill, sent_to, expires_at })))
}

#[derive(Template)]
#[template(path = "drill.html", config = "src/web/templates/askama.toml")]
struct DrillPage {
    head: Head,
    fields: [Field; 4],
    wrong: Wrong,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub async fn form(State(site): State<Site>) -> Result<Html<String>, Problem> {
    show(&site, Lines::default(), Wrong::default())
}

fn show(site: &Site, lines: Lines, wrong: Wrong) -> Result<Html<String>, Problem> {
    page(&DrillPage { head: Head::of(site), fields: lines.fields(), wrong })
}

/// Takes what was typed. Where it is no key, the same page says which line is wrong.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Fields(lines): Fields<Lines>) -> Result<Response, Problem> {
    let mailed = match lines.key() {
        Ok(key) => begin(&site.app, key).await,
        Err(wrong) => Err(wrong),
    };
    match mailed {
        Ok(mailed) => code_page(&site, mailed.drill, &mailed.sent_to, &Wrong::default()),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[])?;
            Ok(wrong.marked(show(&site, lines, wrong.clone())?.into_response()))
        }
    }
}

async fn begin(app: &App, key: PaperKey) -> Result<Mailed, Error> {
    app.db.run(BeginDrill { app: app.clone(), key }).await?.mailed()
}
