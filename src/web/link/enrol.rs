//! A new owner's first passkey, with the link that only they got.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        enrol_owner::{EnrolOwner, NewOwner, ask_first_passkey, new_owner},
        error::Error,
        use_passkey::Answer,
    },
    id::LinkId,
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
/// With the link that they got when paper keys had made them owner. Hand the options to `navigator.credentials.create`; the page of
/// the link takes the answer.
#[utoipa::path(post, path = "/v1/links/enrol/options", tag = "links", request_body = EnrolInput, security(()),
    responses((status = 200, body = CeremonyView), (status = 409, body = ProblemBody)))]
pub async fn options(
    State(app): State<App>,
    Json(EnrolInput { token }): Json<EnrolInput>,
) -> Result<Json<CeremonyView>, Problem> {
    Ok(Json(ask_first_passkey(&app, &token).await?.into()))
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
