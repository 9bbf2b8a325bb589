//! An account's webhooks, for its owners.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, DeliveryId, UserId, WebhookId},
    moment::Moment,
    store::{
        accounts::{self, Account},
        members,
        tx::Tx,
        users,
        webhook_deliveries::{self, Delivery},
        webhooks::{self, Endpoint},
    },
    webhook::progress::Status,
};

/// An endpoint that gets the account's webhooks, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookView {
    /// Which.
    pub id: WebhookId,
    /// Where it is.
    pub url: String,
    /// `active`, `ending` (it gets what there was up to the recovery that ends it, and no more) or `disabled`.
    pub status: &'static str,
    /// Why it is disabled: `owner`, `failed` (it took nothing for five days), `gone` (it answered 410) or `recovered` (a recovery
    /// replaced the owners who may know its secret); null while it is not.
    pub why: Option<&'static str>,
    /// Since when it is disabled; null while it is not.
    pub disabled_at: Option<Moment>,
    /// Who added it.
    pub created_by: UserId,
    /// When.
    pub created_at: Moment,
    /// Who last gave it a secret.
    pub secret_set_by: UserId,
    /// When.
    pub secret_set_at: Moment,
    /// Until when webhooks are signed with the secret before, too; null where they are not.
    pub previous_secret_until: Option<Moment>,
    /// The number of the last entry of the activity log that is done with.
    pub delivered_up_to: u64,
    /// How often what comes next has failed.
    pub failed_attempts: u32,
    /// Since when everything has failed; null while it does not.
    pub failing_since: Option<Moment>,
    /// When what comes next is tried again; null where nothing waits for that.
    pub next_attempt_at: Option<Moment>,
}

/// An attempt at a webhook.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Names the attempt.
    pub id: DeliveryId,
    /// The `webhook-id` of what was sent: the same in every attempt at it.
    pub webhook_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub public: String,
    /// Which attempt it was, from 1.
    pub attempt: i64,
    /// When.
    pub at: Moment,
    /// How long it took, in milliseconds.
    pub milliseconds: i64,
    /// `delivered` or `failed`.
    pub outcome: String,
    /// The status that the receiver answered; null where it did not.
    pub status: Option<i64>,
    /// Why it did not answer: `connection`, `too_slow`, `private_network`, `address`, or `unable`, which is this service's fault;
    /// null where it did.
    pub trouble: Option<String>,
    /// The beginning of what it answered.
    pub excerpt: String,
}

/// Everything on the pages of an account's webhooks.
#[derive(Debug, Clone)]
pub struct WebhooksHome {
    /// The account's name.
    pub account_name: String,
    /// All endpoints, the first added first.
    pub webhooks: Vec<WebhookView>,
}

/// Everything on the page of one endpoint.
#[derive(Debug, Clone)]
pub struct WebhookHome {
    /// The account's name.
    pub account_name: String,
    /// The endpoint.
    pub webhook: WebhookView,
    /// The name of who last gave it a secret.
    pub set_by: String,
    /// Whether they own the account.
    pub set_by_owner: SetBy,
    /// How many entries of the log are still to be looked at.
    pub behind: u64,
    /// Whether a test is on its way.
    pub test: Test,
    /// The last attempts, the last one first.
    pub deliveries: Vec<DeliveryView>,
}

/// Who gave an endpoint its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// An owner.
    Owner,
    /// Somebody who owns the account no longer.
    Former,
}

/// Whether a test is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// It is.
    Waits,
    /// None is.
    None,
}

impl From<&Endpoint> for WebhookView {
    fn from(endpoint: &Endpoint) -> Self {
        let progress = &endpoint.progress;
        let (status, why, disabled_at) = match progress.status {
            Status::Active => ("active", None, None),
            Status::Ending { .. } => ("ending", None, None),
            Status::Disabled { why, at } => ("disabled", Some(why.word()), Some(at)),
        };
        Self {
            id: endpoint.id,
            url: endpoint.address.as_str().to_owned(),
            status,
            why,
            disabled_at,
            created_by: endpoint.created_by,
            created_at: endpoint.created_at,
            secret_set_by: endpoint.set_by,
            secret_set_at: endpoint.set_at,
            previous_secret_until: endpoint.previous.as_ref().map(|(_, until)| *until),
            delivered_up_to: progress.cursor,
            failed_attempts: progress.attempts,
            failing_since: progress.failing_since,
            next_attempt_at: progress.retry_at,
        }
    }
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            webhook_id: delivery.event,
            public: delivery.public,
            attempt: delivery.attempt,
            at: delivery.at,
            milliseconds: delivery.milliseconds,
            outcome: delivery.outcome,
            status: delivery.status,
            trouble: delivery.trouble,
            excerpt: delivery.excerpt,
        }
    }
}

/// The account, for one of its owners.
async fn owned(app: &App, tx: &mut Tx, principal: &Principal, account: AccountId) -> Result<Account, Error> {
    let account = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::rights(tx, principal, account.id, app.preset_of(&account)?).await?.require_owner()?;
    Ok(account)
}

/// One of its endpoints.
async fn one(tx: &mut Tx, account: AccountId, webhook: WebhookId) -> Result<Endpoint, Error> {
    let found = webhooks::find(tx, webhook).await?;
    found.filter(|endpoint| endpoint.account == account).ok_or(Error::NotFound)
}

/// The endpoints of an account, for one of its owners.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not know of the account, and that only owners see them for its other people.
pub async fn webhooks(app: &App, principal: &Principal, account: AccountId) -> Result<WebhooksHome, Error> {
    let mut tx = app.db.snapshot().await?;
    let account = owned(app, &mut tx, principal, account).await?;
    let all = webhooks::of_account(&mut tx, account.id).await?;
    Ok(WebhooksHome { account_name: account.name, webhooks: all.iter().map(WebhookView::from).collect() })
}

/// The last attempts at an endpoint, the last one first, before the one with this id.
///
/// # Errors
/// As [`webhooks()`]; [`Error::NotFound`] also where the account has no such endpoint.
pub async fn deliveries(
    app: &App,
    principal: &Principal,
    account: AccountId,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    limit: u16,
) -> Result<Vec<DeliveryView>, Error> {
    let mut tx = app.db.snapshot().await?;
    owned(app, &mut tx, principal, account).await?;
    one(&mut tx, account, webhook).await?;
    let found = webhook_deliveries::list(&mut tx, webhook, before, i64::from(limit)).await?;
    Ok(found.into_iter().map(DeliveryView::from).collect())
}

/// So many attempts are on the page.
const SHOWN: i64 = 20;

/// One endpoint with its last attempts.
///
/// # Errors
/// As [`deliveries`].
pub async fn webhook(
    app: &App,
    principal: &Principal,
    account: AccountId,
    webhook: WebhookId,
) -> Result<WebhookHome, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = owned(app, tx, principal, account).await?;
    let endpoint = one(tx, account.id, webhook).await?;
    let found = webhook_deliveries::list(tx, webhook, None, SHOWN).await?;
    let member = members::find(tx, account.id, endpoint.set_by).await?;
    Ok(WebhookHome {
        account_name: account.name,
        webhook: WebhookView::from(&endpoint),
        set_by: users::contact(tx, endpoint.set_by).await?.name,
        set_by_owner: if member.is_some_and(|stored| stored.member.owner) { SetBy::Owner } else { SetBy::Former },
        behind: account.head.seq.saturating_sub(endpoint.progress.cursor),
        test: if endpoint.progress.test.is_some() { Test::Waits } else { Test::None },
        deliveries: found.into_iter().map(DeliveryView::from).collect(),
    })
}
