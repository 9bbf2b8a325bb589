//! A new owner's first passkey, with the link that only they got.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        enrol_owner::{EnrolOwner, NewOwner, ask_first_passkey, new_owner},
        error::Error,
        use_passkey::Answer,
    },
    id::{AccountId, CeremonyId, LinkId},
    mail::plain_text,
    web::{
        extract::{Json, Path},
        fields::Fields,
        me::devices::CeremonyView,
        notice::Notice,
        page::{Head, page},
        passkey_form::answered,
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// The link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolInput {
    /// The token: the link's id, a dot, and what stands behind the `#`.
    token: String,
}

/// Begin to make a new owner's first passkey
///
/// With the link that they got when paper keys had made them owner. Hand the options to `navigator.credentials.create`, and its
/// answer to `POST /v1/links/enrol`.
#[utoipa::path(post, path = "/v1/links/enrol/options", tag = "links", request_body = EnrolInput, security(()),
    responses((status = 200, body = CeremonyView), (status = 409, body = ProblemBody)))]
pub async fn options(
    State(app): State<App>,
    Json(EnrolInput { token }): Json<EnrolInput>,
) -> Result<Json<CeremonyView>, Problem> {
    Ok(Json(ask_first_passkey(&app, &token).await?.into()))
}

/// A passkey that a browser has made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstPasskeyInput {
    /// The token: the link's id, a dot, and what stands behind the `#`.
    token: String,
    /// The ceremony.
    ceremony: CeremonyId,
    /// What its holder calls it, 1 to 100 characters.
    name: String,
    /// What `navigator.credentials.create` gave, as JSON, with bytes as base64url without padding.
    #[schema(value_type = Object)]
    answer: Value,
}

/// The passkey is kept.
#[derive(Serialize, ToSchema)]
pub struct FirstPasskeyView {
    /// The account in which it counts at once.
    account: AccountId,
}

/// Add a new owner's first passkey
///
/// Nobody is signed in by it: the passkey signs in. It counts at once in the account whose owner they have become; elsewhere it is
/// worth their mailbox for 14 days. The link then works no more.
#[utoipa::path(post, path = "/v1/links/enrol", tag = "links", request_body = FirstPasskeyInput, security(()),
    responses((status = 201, body = FirstPasskeyView), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Json(FirstPasskeyInput { token, ceremony, name, answer }): Json<FirstPasskeyInput>,
) -> Result<(StatusCode, Json<FirstPasskeyView>), Problem> {
    let account = app.db.run(EnrolOwner { app: app.clone(), token, ceremony, answer, name }).await?;
    Ok((StatusCode::CREATED, Json(FirstPasskeyView { account })))
}

/// What the page sends, beside what the passkey answered.
#[derive(Deserialize)]
pub struct EnrolForm {
    token: String,
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    name: String,
}

#[derive(Template)]
#[template(path = "link_enrol.html", config = "src/web/templates/askama.toml")]
struct EnrolPage {
    head: Head,
    action: String,
    token: String,
    account: String,
    person: String,
    name: String,
    wrong: Wrong,
}

/// The page that has a browser make the passkey.
///
/// # Errors
/// When the link is dead.
pub(super) async fn show(site: &Site, link: LinkId, token: &str) -> Result<Response, Problem> {
    ask(site, link, token, String::new(), Wrong::default()).await
}

async fn ask(site: &Site, link: LinkId, token: &str, name: String, wrong: Wrong) -> Result<Response, Problem> {
    let NewOwner { account_name, name: holder, email, .. } = new_owner(&site.app, token).await?;
    let shown = page(&EnrolPage {
        head: Head::of(site),
        action: format!("/l/{link}/enrol"),
        token: token.to_owned(),
        account: plain_text::name(&account_name),
        person: format!("{} <{}>", plain_text::name(&holder), plain_text::address(&email)),
        name,
        wrong: wrong.clone(),
    })?;
    Ok(if wrong.items.is_empty() { shown.into_response() } else { wrong.marked(shown.into_response()) })
}

/// Keeps the passkey. Its holder signs in with it next, and is led to what the account needs first: new paper keys.
///
/// # Errors
/// When the link is dead, the database or a template fails.
pub async fn send(
    State(site): State<Site>,
    Path(link): Path<LinkId>,
    Fields(EnrolForm { token, ceremony, answer, name }): Fields<EnrolForm>,
) -> Result<Response, Problem> {
    let app = site.app.clone();
    let enrolled: Result<_, Error> = match answered(&ceremony, &answer) {
        Ok(Answer { ceremony, answer }) => {
            app.db
                .run(EnrolOwner { app: app.clone(), token: token.clone(), ceremony, answer, name: name.clone() })
                .await
        }
        Err(refused) => Err(refused),
    };
    match enrolled.map_err(Problem::from) {
        Ok(account) => {
            let next = format!("/sign-in?next=/accounts/{account}/recovery-users");
            Ok(Redirect::to(&Notice::PasskeyAdded.on(&next)).into_response())
        }
        Err(problem) if problem.code == "dead_link" => Err(problem),
        Err(problem) => ask(&site, link, &token, name, Wrong::of(problem, &[])?).await,
    }
}
