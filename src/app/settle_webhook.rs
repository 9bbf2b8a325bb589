//! What came of one look at an endpoint: the end of its worker's claim, or the next one.

use super::{add_webhook::entry, app::App, error::Error, here::Here, tell_webhook};
use crate::{
    id::AccountId,
    mail::webhook_news::WebhookNews,
    moment::Moment,
    outside::{client::Unreached, network::Barred, receivers::Reply},
    ownership::actor::Actor,
    store::{
        accounts,
        db::Unit,
        tx::Tx,
        webhook_deliveries::{self, Delivery},
        webhooks::{self, Claimed, Endpoint},
    },
    webhook::progress::{Failure, Progress, Status, Why},
};

/// What a worker has done for an endpoint.
#[derive(Debug, Clone)]
pub enum Done {
    /// Nothing, up to that entry: none of them is told.
    Passed {
        /// The entry.
        seq: u64,
    },
    /// Nothing, because there was nothing to do.
    Nothing,
    /// It sent something.
    Sent(Sent),
}

/// Something that was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Its id.
    pub event: String,
    /// Its type.
    pub public: &'static str,
    /// The entry that it tells of; none for a test.
    pub seq: Option<u64>,
    /// What the receiver answered; none where the service could not sign it.
    pub reply: Option<Reply>,
    /// When it was sent.
    pub at: Moment,
    /// How long it took.
    pub milliseconds: i64,
}

/// Writing it down.
pub struct SettleWebhook {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The claim.
    pub claim: Claimed,
    /// What was done.
    pub done: Done,
    /// Until when the worker goes on with what comes next; if it does not, somebody else will.
    pub keep_until: Option<Moment>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// There is more, and the worker goes on with this claim.
    More(Claimed),
    /// The worker is done with it.
    Over,
    /// It got nothing more from now on.
    Disabled(Why),
    /// Somebody else has it, or it is gone. Nothing was written.
    Lost,
}

impl Unit for SettleWebhook {
    type Out = Settled;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Settled, Error> {
        let Some(account) = accounts::lock(tx, self.account).await? else { return Ok(Settled::Lost) };
        let stored = webhooks::lock(tx, self.claim.id).await?;
        let Some(before) = stored.filter(|stored| stored.claims == self.claim.claims) else {
            return Ok(Settled::Lost);
        };
        let (now, head) = (self.app.now(), account.head.seq);
        let progress = match &self.done {
            Done::Nothing => before.progress,
            Done::Passed { seq } => before.progress.done(*seq, now),
            Done::Sent(sent) => {
                let progress = after(before.progress, sent, now, u16::from_le_bytes(self.app.chance.bytes()));
                webhook_deliveries::insert(tx, &self.delivery(sent, before.progress)).await?;
                progress
            }
        };
        let endpoint = Endpoint { progress, ..before.clone() }.taken_back().due(head, now);
        let more = endpoint.next_at.is_some_and(|at| at <= now);
        let endpoint = match self.keep_until {
            Some(until) if more => Endpoint { next_at: Some(until), claimed_until: Some(until), ..endpoint },
            Some(_) | None => endpoint,
        };
        webhooks::save(tx, &endpoint).await?;
        match (before.progress.status, progress.status) {
            (Status::Active, Status::Disabled { why, .. }) => {
                self.tell(tx, endpoint, why).await?;
                Ok(Settled::Disabled(why))
            }
            (Status::Active | Status::Ending { .. } | Status::Disabled { .. }, _) => Ok(match self.keep_until {
                Some(_) if more => Settled::More(Claimed { id: endpoint.id, claims: endpoint.claims }),
                Some(_) | None => Settled::Over,
            }),
        }
    }
}

impl SettleWebhook {
    fn delivery(&self, sent: &Sent, before: Progress) -> Delivery {
        let (status, trouble, excerpt) = match &sent.reply {
            Some(Reply::Answered { status, excerpt, .. }) => (Some(i64::from(*status)), None, excerpt.clone()),
            Some(Reply::Silent(unreached)) => (None, Some(trouble(*unreached)), String::new()),
            None => (None, Some(trouble(Unreached::NoClient)), String::new()),
        };
        let taken = sent.reply.as_ref().is_some_and(Reply::is_taken);
        Delivery {
            id: self.app.chance.id(sent.at),
            webhook_id: self.claim.id,
            event: sent.event.clone(),
            public: sent.public.to_owned(),
            attempt: if sent.seq.is_some() { i64::from(before.attempts).saturating_add(1) } else { 1 },
            at: sent.at,
            milliseconds: sent.milliseconds,
            outcome: if taken { "delivered" } else { "failed" }.to_owned(),
            status,
            trouble: trouble.map(str::to_owned),
            excerpt,
        }
    }

    /// Says that it gets nothing more, in the log and to all owners.
    async fn tell(&self, tx: &mut Tx, endpoint: Endpoint, why: Why) -> Result<(), Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        here.record(entry("webhook.disabled", Actor::Service, endpoint.id).with("why", why.word())).await?;
        let news = match why {
            Why::Gone => WebhookNews::Gone,
            Why::Owner | Why::Failed | Why::Recovered => {
                WebhookNews::Failed { since: endpoint.progress.failing_since.unwrap_or(here.now) }
            }
        };
        tell_webhook::owners(&mut here, &[endpoint], news, None).await
    }
}

/// How far an endpoint has come after something was sent.
fn after(before: Progress, sent: &Sent, now: Moment, luck: u16) -> Progress {
    let taken = sent.reply.as_ref().is_some_and(Reply::is_taken);
    match (sent.seq, taken) {
        (Some(seq), true) => before.done(seq, now),
        (Some(_), false) => before.failed(failure(sent.reply.as_ref()), now, luck),
        (None, true) => before.test_taken(),
        (None, false) => before.test_failed(),
    }
}

const fn failure(reply: Option<&Reply>) -> Failure {
    match reply {
        Some(Reply::Answered { status: 410, .. }) => Failure::Gone,
        Some(Reply::Answered { asked, .. }) => Failure::Other(*asked),
        Some(Reply::Silent(_)) | None => Failure::Other(None),
    }
}

/// Why a receiver did not answer, in the word that is kept.
const fn trouble(unreached: Unreached) -> &'static str {
    match unreached {
        Unreached::NoClient => "unable",
        Unreached::Barred(Barred::Scheme) => "address",
        Unreached::Barred(Barred::PrivateNetwork) => "private_network",
        Unreached::Connection => "connection",
        Unreached::TooSlow => "too_slow",
    }
}
