//! The page of one endpoint: how it is, what was tried, and its buttons.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{page::above, words};
use crate::{
    app::{
        app::App,
        change_webhook::{TestWebhook, Turn, TurnWebhook},
        error::Error,
        principal::Principal,
        view::webhooks::{SetBy, Test, WebhookHome, webhook},
    },
    id::{AccountId, WebhookId},
    mail::plain_text,
    web::{
        extract::Path,
        fields::Fields,
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
    webhook::progress::From,
};

/// What was sent, by the control's name.
pub type Sent = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "webhook.html", config = "src/web/templates/askama.toml")]
struct EndpointPage {
    head: Head,
    here: String,
    back: String,
    home: WebhookHome,
    wrong: Wrong,
}

/// The page.
///
/// # Errors
/// 404 where there is no such endpoint, 403 for everybody but owners; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    who: SignedIn,
    Path((account, endpoint)): Path<(AccountId, WebhookId)>,
) -> Result<Response, Problem> {
    show(&app, who, account, endpoint, Wrong::default()).await
}

/// Its address.
pub(super) fn address(account: AccountId, endpoint: WebhookId) -> String {
    format!("/accounts/{account}/settings/webhooks/{endpoint}")
}

/// The same page, with what is wrong.
pub(super) async fn show(
    app: &App,
    who: SignedIn,
    account: AccountId,
    endpoint: WebhookId,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let home = webhook(app, &who.principal, account, endpoint).await?;
    let head = above(who.head, account, &home.account_name);
    let back = format!("/accounts/{account}/settings/webhooks");
    let head = head.below("Webhooks", back.clone());
    let here = address(account, endpoint);
    let shown = page(&EndpointPage { head, here, back, home, wrong: wrong.clone() })?;
    Ok(wrong.marked(shown.into_response()))
}

/// Does what one of its buttons asks for.
///
/// # Errors
/// As [`page_of`].
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path((account, endpoint)): Path<(AccountId, WebhookId)>,
    Fields(sent): Fields<Sent>,
) -> Result<Response, Problem> {
    let page = address(account, endpoint);
    match act(&app, who.principal.clone(), account, endpoint, &sent).await.map_err(Problem::from) {
        Ok(notice) => Ok(Redirect::to(&notice.on(&page)).into_response()),
        Err(problem) if prove::helps(problem.code) => Ok(prove::first(&page)),
        Err(problem) => show(&app, who, account, endpoint, Wrong::of(problem, &[])?).await,
    }
}

async fn act(
    app: &App,
    principal: Principal,
    account: AccountId,
    webhook: WebhookId,
    sent: &Sent,
) -> Result<Notice, Error> {
    let value = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
    let (db, app) = (app.db.clone(), app.clone());
    let turn = match (value("act"), value("from")) {
        ("test", _) => {
            db.run(TestWebhook { app, account, webhook, principal }).await?;
            return Ok(Notice::WebhookTested);
        }
        ("on", "now") => Turn::On(From::Now),
        ("on", _) => Turn::On(From::Stop),
        _ => return Err(Error::NotFound),
    };
    db.run(TurnWebhook { app, account, webhook, turn, principal }).await?;
    Ok(Notice::WebhookOn)
}
