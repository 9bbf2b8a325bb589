//! An owner adds an endpoint for the account's webhooks, or gives one a new secret. The secret is in the answer, once; it is kept
//! encrypted. Every owner is told.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    app::App,
    error::Error,
    owners_act::{self, OwnersAct},
    principal::Principal,
    tell_webhook, webhook_secret,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, WebhookId},
    mail::webhook_news::WebhookNews,
    ownership::actor::Actor,
    store::{
        db::Unit,
        tx::Tx,
        webhooks::{self, Endpoint},
    },
    webhook::{
        progress::{BOTH_FOR, MOST, Progress},
        refusal::Refusal,
    },
};

/// Adding an endpoint.
pub struct AddWebhook {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Its address, as typed.
    pub url: String,
    /// Who asks.
    pub principal: Principal,
}

/// An endpoint with the secret that it was just given.
pub struct Given {
    /// The account's name.
    pub account_name: String,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The secret. Nobody can read it again.
    pub secret: Zeroizing<String>,
}

impl Unit for AddWebhook {
    type Out = Given;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Given, Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let OwnersAct { mut here, owner, .. } = act;
        let address = self.app.receivers.read(self.url.trim())?;
        let there = webhooks::of_account(here.tx, self.account).await?;
        if there.iter().any(|endpoint| endpoint.address == address) {
            return Err(Refusal::Taken.into());
        }
        if there.len() >= MOST {
            return Err(Refusal::TooMany { most: MOST }.into());
        }
        let (id, now) = (self.app.chance.id(here.now), here.now);
        let (secret, sealed) = webhook_secret::draw(&self.app, id)?;
        here.record(entry("webhook.added", self.principal.actor(), id)).await?;
        let endpoint = Endpoint {
            id,
            account: self.account,
            address,
            secret: sealed,
            set_by: owner,
            set_at: now,
            previous: None,
            created_by: owner,
            created_at: now,
            // Of its own beginning it hears nothing: whoever reads there does not know the secret yet.
            progress: Progress::new(here.account.head.seq),
            next_at: None,
            claimed_until: None,
            claims: 0,
        };
        webhooks::insert(here.tx, &endpoint).await?;
        tell_webhook::owners(&mut here, std::slice::from_ref(&endpoint), WebhookNews::Added, Some(owner)).await?;
        Ok(Given { account_name: here.account.name.clone(), endpoint, secret })
    }
}

/// Giving an endpoint a new secret.
pub struct ReplaceWebhookSecret {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The endpoint.
    pub webhook: WebhookId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for ReplaceWebhookSecret {
    type Out = Given;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Given, Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let OwnersAct { mut here, owner, .. } = act;
        let stored = webhooks::lock(here.tx, self.webhook).await?;
        let before = stored.filter(|stored| stored.account == self.account).ok_or(Error::NotFound)?;
        let (secret, sealed) = webhook_secret::draw(&self.app, before.id)?;
        let both_until = if before.progress.secret_ended() { None } else { Some(here.now.after(BOTH_FOR)) };
        let endpoint = Endpoint {
            previous: both_until.map(|until| (before.secret.clone(), until)),
            secret: sealed,
            set_by: owner,
            set_at: here.now,
            progress: before.progress.new_secret(here.now),
            ..before
        };
        here.record(entry("webhook.secret_replaced", self.principal.actor(), endpoint.id)).await?;
        let endpoint = endpoint.taken_back().due(here.account.head.seq, here.now);
        webhooks::save(here.tx, &endpoint).await?;
        let news = WebhookNews::SecretReplaced { both_until };
        tell_webhook::owners(&mut here, std::slice::from_ref(&endpoint), news, Some(owner)).await?;
        Ok(Given { account_name: here.account.name.clone(), endpoint, secret })
    }
}

/// An entry about an endpoint. Its address stands in none: members read the log, and some receivers have a secret in theirs.
pub(super) fn entry(kind: &'static str, by: Actor, webhook: WebhookId) -> Draft {
    Draft::new(kind, by).with("webhook", webhook.to_string())
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
