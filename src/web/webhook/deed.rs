//! The pages before what takes something away from an endpoint: turning it off, another secret, removing it.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    endpoint_page::{address, show},
    page::{above, secret},
};
use crate::{
    app::{
        add_webhook::ReplaceWebhookSecret,
        app::App,
        change_webhook::{RemoveWebhook, Turn, TurnWebhook},
        error::Error,
        idempotent::{key, once_with_secret},
        view::webhooks::{WebhookView, webhook},
    },
    id::{AccountId, CodeId, WebhookId},
    mail::plain_text,
    web::{
        confirmation::{Question, Ways, confirmation},
        extract::Path,
        fields::Fields,
        notice::Notice,
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Off,
    Secret,
    Remove,
}

impl Deed {
    fn named(name: &str) -> Result<Self, Problem> {
        match name {
            "off" => Ok(Self::Off),
            "secret" => Ok(Self::Secret),
            "remove" => Ok(Self::Remove),
            _ => Err(Problem::not_found()),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Secret => "secret",
            Self::Remove => "remove",
        }
    }
}

/// What the form carries.
#[derive(Debug, serde::Deserialize)]
pub struct Sent {
    /// Names the form, so that sending it twice gives one secret.
    #[serde(default)]
    once: String,
}

/// The page that asks.
///
/// # Errors
/// 404 where there is no such endpoint, 403 for everybody but owners; when the database or the template fails.
pub async fn ask(
    State(app): State<App>,
    who: SignedIn,
    Path((account, endpoint, deed)): Path<(AccountId, WebhookId, String)>,
) -> Result<Response, Problem> {
    let deed = Deed::named(&deed)?;
    let home = webhook(&app, &who.principal, account, endpoint).await?;
    let once: CodeId = app.id();
    let page = address(account, endpoint);
    let ways = Ways {
        action: format!("{page}/{}", deed.name()),
        carried: vec![("once", once.to_string())],
        back: page.clone(),
    };
    let head = above(who.head, account, &home.account_name);
    let head = head.below("Webhooks", format!("/accounts/{account}/settings/webhooks")).below("Endpoint", page);
    confirmation(head, question(deed, &home.webhook), ways)
}

fn question(deed: Deed, webhook: &WebhookView) -> Question {
    let facts = vec![("Endpoint", plain_text::address(&webhook.url))];
    let ended = webhook.status == "ending" || webhook.why == Some("recovered");
    match deed {
        Deed::Off => Question {
            title: "Turn this endpoint off?".to_owned(),
            here: "Turn off",
            told: vec![
                "It gets nothing more until an owner turns it on. Then it can go on where it stopped, so nothing is lost. All owners are told by mail."
                    .to_owned(),
            ],
            facts,
            button: "Turn it off",
            look: "danger",
        },
        Deed::Secret => Question {
            title: "Give this endpoint a new secret?".to_owned(),
            here: "New secret",
            told: vec![
                "The next page shows it, once. All owners are told by mail.".to_owned(),
                if ended {
                    "The old one is not used any more, because a replaced owner may know it. Give the receiver the new one, then turn the endpoint on."
                } else {
                    "For a day webhooks are signed with the old one, too, so that there is time to give the receiver the new one."
                }
                .to_owned(),
            ],
            facts,
            button: "Show a new secret",
            look: "",
        },
        Deed::Remove => Question {
            title: "Remove this endpoint?".to_owned(),
            here: "Remove",
            told: vec!["It gets nothing more, and what was tried is forgotten. All owners are told by mail.".to_owned()],
            facts,
            button: "Remove it",
            look: "danger",
        },
    }
}

/// Does it.
///
/// # Errors
/// As [`ask`]; when this form was sent before.
pub async fn press(
    State(app): State<App>,
    who: SignedIn,
    Path((account, endpoint, deed)): Path<(AccountId, WebhookId, String)>,
    Fields(sent): Fields<Sent>,
) -> Result<Response, Problem> {
    let deed = Deed::named(&deed)?;
    let page = address(account, endpoint);
    let refused = match deed {
        Deed::Off => match turn_off(&app, &who, account, endpoint).await {
            Ok(()) => return Ok(Redirect::to(&Notice::WebhookOff.on(&page)).into_response()),
            Err(refused) => refused,
        },
        Deed::Remove => match remove(&app, &who, account, endpoint).await {
            Ok(()) => {
                let all = format!("/accounts/{account}/settings/webhooks");
                return Ok(Redirect::to(&Notice::WebhookRemoved.on(&all)).into_response());
            }
            Err(refused) => refused,
        },
        Deed::Secret => {
            let principal = who.principal.clone();
            let once = key(&principal, &sent.once, &[b"webhook secret", endpoint.to_string().as_bytes()])?;
            let unit = ReplaceWebhookSecret { app: app.clone(), account, webhook: endpoint, principal };
            match once_with_secret(&app, Some(once), unit).await {
                Ok(given) => return secret(who.head, account, &given),
                Err(refused) => refused,
            }
        }
    };
    let problem = Problem::from(refused);
    if prove::helps(problem.code) {
        return Ok(prove::first(&format!("{page}/{}", deed.name())));
    }
    if problem.code == "already_issued" {
        return Err(problem);
    }
    show(&app, who, account, endpoint, Wrong::of(problem, &[])?).await
}

async fn turn_off(app: &App, who: &SignedIn, account: AccountId, webhook: WebhookId) -> Result<(), Error> {
    let principal = who.principal.clone();
    app.db.run(TurnWebhook { app: app.clone(), account, webhook, turn: Turn::Off, principal }).await.map(drop)
}

async fn remove(app: &App, who: &SignedIn, account: AccountId, webhook: WebhookId) -> Result<(), Error> {
    let principal = who.principal.clone();
    app.db.run(RemoveWebhook { app: app.clone(), account, webhook, principal }).await
}
