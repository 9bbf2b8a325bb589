//! The page of an account's webhooks, on which an owner adds endpoints, and the one that shows a secret once.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::words;
use crate::{
    app::{
        add_webhook::{AddWebhook, Given},
        app::App,
        error::Error,
        idempotent::{key, once_with_secret},
        view::webhooks::{WebhookView, WebhooksHome, webhooks},
    },
    id::{AccountId, CodeId},
    mail::{plain_text, wording::when},
    web::{
        extract::{Filters, Path},
        fields::Fields,
        next::with,
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What was typed.
#[derive(Debug, Default, Deserialize)]
pub struct Draft {
    /// The address.
    #[serde(default)]
    url: String,
    /// Names the form that was sent, so that sending it twice adds one endpoint.
    #[serde(default)]
    once: String,
}

/// Which control a refusal is about.
const PLACES: &[(&str, &str)] = &[("webhook_address", "url"), ("webhook_taken", "url")];

#[derive(Template)]
#[template(path = "webhooks.html", config = "src/web/templates/askama.toml")]
struct WebhooksPage {
    head: Head,
    account: AccountId,
    home: WebhooksHome,
    draft: Draft,
    once: CodeId,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "webhook_secret.html", config = "src/web/templates/askama.toml")]
struct SecretPage {
    head: Head,
    back: String,
    url: String,
    secret: Zeroizing<String>,
    previous: Option<String>,
    off: Off,
}

/// Whether the endpoint has to be turned on after its receiver was given the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Off {
    Yes,
    No,
}

/// The page.
///
/// # Errors
/// 404 for whoever may not know of the account, 403 for everybody but its owners; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    Filters(draft): Filters<Draft>,
) -> Result<Response, Problem> {
    show(&app, who, account, draft, Wrong::default()).await
}

async fn show(app: &App, who: SignedIn, account: AccountId, draft: Draft, wrong: Wrong) -> Result<Response, Problem> {
    let home = webhooks(app, &who.principal, account).await?;
    let head = above(who.head, account, &home.account_name);
    let once = app.id();
    let shown = page(&WebhooksPage { head, account, home, draft, once, wrong: wrong.clone() })?;
    Ok(wrong.marked(shown.into_response()))
}

/// The pages above those of webhooks.
pub(super) fn above(head: Head, account: AccountId, name: &str) -> Head {
    let home = format!("/accounts/{account}");
    let settings = format!("{home}/settings");
    head.below("Accounts", "/").below(plain_text::name(name), home).below("Settings", settings)
}

/// Adds an endpoint, and shows its secret. It is shown once: whoever loads the answer again is told so.
///
/// # Errors
/// As [`page_of`]; when this form was sent before.
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    Fields(draft): Fields<Draft>,
) -> Result<Response, Problem> {
    let refused = match add(&app, &who, account, &draft).await {
        Ok(given) => return secret(who.head, account, &given),
        Err(refused) => Problem::from(refused),
    };
    if prove::helps(refused.code) {
        return Ok(prove::first(&with(&format!("/accounts/{account}/settings/webhooks"), &[("url", &draft.url)])));
    }
    if refused.code == "already_issued" {
        return Err(refused);
    }
    show(&app, who, account, draft, Wrong::of(refused, PLACES)?).await
}

async fn add(app: &App, who: &SignedIn, account: AccountId, draft: &Draft) -> Result<Given, Error> {
    let (principal, url) = (who.principal.clone(), draft.url.clone());
    let once = key(&principal, &draft.once, &[b"webhook", account.to_string().as_bytes(), url.as_bytes()])?;
    let unit = AddWebhook { app: app.clone(), account, url, principal };
    once_with_secret(app, Some(once), unit).await
}

/// The page that shows a secret once.
pub(super) fn secret(head: Head, account: AccountId, given: &Given) -> Result<Response, Problem> {
    let webhook = WebhookView::from(&given.endpoint);
    let all = format!("/accounts/{account}/settings/webhooks");
    let shown = page(&SecretPage {
        head: above(head, account, &given.account_name).below("Webhooks", all.clone()),
        back: format!("{all}/{}", webhook.id),
        url: webhook.url,
        secret: given.secret.clone(),
        previous: webhook.previous_secret_until.map(when),
        off: if webhook.status == "active" { Off::No } else { Off::Yes },
    })?;
    Ok(shown.into_response())
}
