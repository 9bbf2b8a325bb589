//! An owner turns an endpoint off or on, removes it, or has a test sent; and what a recovery makes of the account's endpoints.

use super::{add_webhook::entry, app::App, error::Error, here::Here, principal::Principal, tell_webhook};
use crate::{
    activity::entry::Draft,
    id::{AccountId, UserId, WebhookId},
    mail::webhook_news::WebhookNews,
    ownership::{account::Use, actor::Actor},
    store::{
        db::Unit,
        tx::Tx,
        webhooks::{self, Endpoint},
    },
    webhook::progress::{From, Why},
};

/// What an owner makes of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It gets nothing more.
    Off,
    /// It gets webhooks again.
    On(From),
}

/// Turning an endpoint off or on. Doing so again changes nothing.
pub struct TurnWebhook {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The endpoint.
    pub webhook: WebhookId,
    /// What becomes of it.
    pub turn: Turn,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for TurnWebhook {
    type Out = Endpoint;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Endpoint, Error> {
        let (mut here, owner, endpoint) = enter(tx, &self.app, self.account, self.webhook, &self.principal).await?;
        here.fresh_proof(&self.principal).await?;
        let head = here.account.head.seq;
        let progress = match self.turn {
            Turn::Off => endpoint.progress.turned_off(here.now),
            Turn::On(from) => {
                here.account.status.allows(Use::Arrange)?;
                endpoint.progress.turned_on(from, head)?
            }
        };
        if progress.status == endpoint.progress.status {
            return Ok(endpoint);
        }
        let (kind, news) = match self.turn {
            Turn::Off => ("webhook.disabled", WebhookNews::TurnedOff),
            Turn::On(_) => ("webhook.enabled", WebhookNews::TurnedOn),
        };
        let draft = entry(kind, self.principal.actor(), endpoint.id);
        let draft = match self.turn {
            Turn::Off => draft.with("why", Why::Owner.word()),
            Turn::On(from) => draft.with("from", from.word()),
        };
        // Before it is recorded: it hears of its own new beginning.
        let endpoint = Endpoint { progress, ..endpoint }.taken_back().due(head, here.now);
        webhooks::save(here.tx, &endpoint).await?;
        here.record(draft).await?;
        tell_webhook::owners(&mut here, std::slice::from_ref(&endpoint), news, Some(owner)).await?;
        Ok(endpoint)
    }
}

/// Removing an endpoint: also in an account that is suspended, or closed.
pub struct RemoveWebhook {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The endpoint.
    pub webhook: WebhookId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RemoveWebhook {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (mut here, owner, endpoint) = enter(tx, &self.app, self.account, self.webhook, &self.principal).await?;
        here.fresh_proof(&self.principal).await?;
        webhooks::delete(here.tx, endpoint.id).await?;
        here.record(entry("webhook.removed", self.principal.actor(), endpoint.id)).await?;
        tell_webhook::owners(&mut here, &[endpoint], WebhookNews::Removed, Some(owner)).await
    }
}

/// Having a test sent. It changes nothing in the account, so it takes no proof and stands in no log but that of deliveries.
pub struct TestWebhook {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The endpoint.
    pub webhook: WebhookId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for TestWebhook {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (here, _, endpoint) = enter(tx, &self.app, self.account, self.webhook, &self.principal).await?;
        let progress = endpoint.progress.test(self.app.chance.id(here.now))?;
        // Whoever has it at this moment goes on with it, and looks again afterwards.
        let endpoint = Endpoint { progress, ..endpoint }.due(here.account.head.seq, here.now);
        Ok(webhooks::save(here.tx, &endpoint).await?)
    }
}

/// Locks the account and one of its endpoints, for one of its owners.
async fn enter<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    account: AccountId,
    webhook: WebhookId,
    principal: &Principal,
) -> Result<(Here<'t>, UserId, Endpoint), Error> {
    let owner = principal.person_in(account)?;
    let mut here = Here::enter(tx, app, account).await?;
    here.rights(principal).await?.require_owner()?;
    let stored = webhooks::lock(here.tx, webhook).await?;
    let endpoint = stored.filter(|stored| stored.account == account).ok_or(Error::NotFound)?;
    Ok((here, owner, endpoint))
}

/// A recovery has replaced owners, of which the entry `last` tells: the endpoints whose secret none of the owners that there are
/// now has set end with that entry. It is signed once more with what the replaced owners may know; it could be no later one.
///
/// # Errors
/// When the database fails.
pub async fn recovered(here: &mut Here<'_>, last: u64) -> Result<(), Error> {
    let owners = here.owners();
    let mut ended = Vec::new();
    for known in webhooks::of_account(here.tx, here.account.id).await? {
        let Some(endpoint) = webhooks::lock(here.tx, known.id).await? else { continue };
        if owners.contains(&endpoint.set_by) {
            continue;
        }
        let progress = endpoint.progress.recovered(last, here.now);
        let endpoint = Endpoint { progress, previous: None, ..endpoint }.due(here.account.head.seq, here.now);
        webhooks::save(here.tx, &endpoint).await?;
        ended.push(endpoint);
    }
    if ended.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = ended.iter().map(|endpoint| endpoint.id.to_string()).collect();
    here.record(Draft::new("webhook.ended", Actor::Service).with("webhooks", ids)).await?;
    tell_webhook::owners(here, &ended, WebhookNews::Recovered, None).await
}
