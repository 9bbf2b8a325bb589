//! Typing the mailed code, which ends a drill.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        drill::{EndDrill, Works},
        error::{Access, Error},
        sign_in::MINUTES,
    },
    id::CodeId,
    mail::{plain_text, wording::when},
    moment::Moment,
    web::{
        extract::Json,
        fields::Fields,
        page::{Head, page},
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// The code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrillEnd {
    /// The drill.
    #[schema(value_type = String)]
    drill: CodeId,
    /// The code, as typed. Spaces and dashes do not matter.
    code: String,
}

/// Key and mailbox work.
#[derive(Serialize, ToSchema)]
pub struct DrillDone {
    /// The name of the account that the key is for.
    account: String,
    /// Its holder's name.
    holder: String,
    /// Its number.
    number: String,
    /// From when it works no more; null when it does not expire.
    expires_at: Option<Moment>,
}

/// End a drill with the mailed code
///
/// Nobody has to sign in. Nothing is spent; all owners are told, and the date counts in the account's readiness.
#[utoipa::path(post, path = "/v1/paper-keys/drill/confirm", tag = "paper keys", request_body = DrillEnd, security(()),
    responses((status = 200, body = DrillDone), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Json(DrillEnd { drill, code }): Json<DrillEnd>,
) -> Result<Json<DrillDone>, Problem> {
    let Works { account_name, holder, key } = app.db.run(EndDrill { app: app.clone(), drill, code }).await?.works()?;
    let (number, expires_at) = (key.number.to_string(), key.expires_at);
    Ok(Json(DrillDone { account: account_name, holder: holder.name, number, expires_at }))
}

/// What the page sends.
#[derive(Deserialize)]
pub struct Sent {
    drill: CodeId,
    code: String,
}

#[derive(Template)]
#[template(path = "drill_code.html", config = "src/web/templates/askama.toml")]
struct CodePage {
    head: Head,
    drill: CodeId,
    sent_to: String,
    minutes: u32,
    wrong: Wrong,
}

/// The page that asks for the code.
///
/// # Errors
/// When the template fails.
pub(super) fn code_page(site: &Site, drill: CodeId, sent_to: &[String], wrong: &Wrong) -> Result<Response, Problem> {
    let (head, sent_to) = (Head::of(site), sent_to.join(" and "));
    let shown = page(&CodePage { head, drill, sent_to, minutes: MINUTES, wrong: wrong.clone() })?;
    Ok(if wrong.items.is_empty() { shown.into_response() } else { wrong.marked(shown.into_response()) })
}

#[derive(Template)]
#[template(path = "drill_done.html", config = "src/web/templates/askama.toml")]
struct DonePage {
    head: Head,
    account: String,
    holder: String,
    number: String,
    until: Option<String>,
}

/// Nothing is there for whoever opens the address of the form.
pub async fn nothing() -> Redirect {
    Redirect::to("/drill")
}

/// Takes the code.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Fields(Sent { drill, code }): Fields<Sent>) -> Result<Response, Problem> {
    let ended = site.app.db.run(EndDrill { app: site.app.clone(), drill, code }).await?;
    match ended.works() {
        Ok(works) => Ok(done(&site, &works)?.into_response()),
        Err(Error::Access(Access::WrongCode)) => {
            let says = "this code is not right, or not valid any more: check it, or begin again";
            code_page(&site, drill, &[], &Wrong::at("code", says))
        }
        Err(error) => Err(error.into()),
    }
}

fn done(site: &Site, works: &Works) -> Result<Html<String>, Problem> {
    page(&DonePage {
        head: Head::of(site),
        account: plain_text::name(&works.account_name),
        holder: plain_text::name(&works.holder.name),
        number: works.key.number.to_string(),
        until: works.key.expires_at.map(when),
    })
}
