//! Hands webhooks over, each at least once, and those of an endpoint one after the other.
//!
//! An endpoint is claimed, and whoever has it sends what is next. A worker that dies leaves a claim that ends by itself; then the
//! same is sent again, under the same id. A receiver that is slow takes one place, and those that failed last time have only half
//! of the places, so that they hold up nobody but themselves.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{each::Swept, sweep::Found};
use crate::{
    app::{
        app::App,
        error::Error,
        settle_webhook::{Done, Sent, SettleWebhook, Settled},
        webhook_secret,
    },
    id::AccountId,
    meter::names,
    moment::Moment,
    outside::receivers::{Parcel, Reply},
    store::{
        accounts,
        db::Unit,
        entries::{self, Filter},
        error::DbError,
        tx::Tx,
        webhooks::{self, Among, Claimed, Endpoint},
    },
    webhook::{event::Webhook, progress::Task, signature::signatures},
};

/// A claimed endpoint whose worker was lost is somebody else's after this.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// No call takes longer: twice what the outside is waited for, for what is around it.
const CALL: SignedDuration = SignedDuration::from_secs(30);
/// So many receivers are spoken with at once.
const WIDTH: usize = 32;
/// So many of them may be such as failed last time.
const FAILING: usize = 16;
/// A worker hands over so many in a row before it lets the endpoint go.
const IN_A_ROW: usize = 20;
/// Of those that take no more milliseconds for each.
const QUICK: i64 = 1000;
/// So many endpoints are taken in one run; it then ends, so that whoever watches sees that it lives.
const IN_A_RUN: usize = 500;
/// So many entries are read at once to find one that is told.
const ENTRIES: i64 = 100;
/// The longest that a run takes: all of them, each as slow as it is let be.
pub const SLACK: Duration = Duration::from_mins(10);

/// What came of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Looks at endpoints.
    pub looks: usize,
    /// Webhooks that were taken.
    pub taken: usize,
    /// Webhooks that were not, and are sent again.
    pub deferred: usize,
    /// Endpoints that get nothing more.
    pub disabled: usize,
    /// Taken over by somebody else, or gone.
    pub lost: usize,
    /// The database failed, or the worker did; somebody looks again when the claim ends.
    pub failed: usize,
}

impl Delivered {
    /// Whether there may be more to do.
    pub const fn found(&self) -> Found {
        if self.looks < IN_A_RUN { Found::All } else { Found::Some }
    }

    /// What the numbers of sweeps say of it.
    #[must_use]
    pub const fn swept(&self) -> Swept {
        Swept { looked_at: self.looks, failed: self.failed }
    }

    fn add(&mut self, more: Self) {
        let Self { looks, taken, deferred, disabled, lost, failed } = more;
        self.looks += looks;
        self.taken += taken;
        self.deferred += deferred;
        self.disabled += disabled;
        self.lost += lost;
        self.failed += failed;
    }

    /// Adds it to the numbers for whoever watches.
    fn count(&self, app: &App) {
        let Self { taken, deferred, disabled, lost, failed, .. } = *self;
        for (outcome, count) in
            [("taken", taken), ("deferred", deferred), ("disabled", disabled), ("lost", lost), ("failed", failed)]
        {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            app.db.meter().count(&names::WEBHOOKS, [outcome.into()], count);
        }
    }
}

/// Delivers what is due, and what becomes due meanwhile. Once `stop` is cancelled, it finishes what is being sent.
///
/// # Errors
/// When no endpoints can be claimed. What happens to a single one is never an error here.
pub async fn deliver(app: &App, stop: &CancellationToken) -> Result<Delivered, DbError> {
    let mut delivered = Delivered::default();
    let mut running: JoinSet<(Among, Delivered)> = JoinSet::new();
    let (mut taken, mut failing) = (0, 0);
    let news = &app.db.nudges().webhooks;
    loop {
        let free = WIDTH - running.len();
        if free > 0 && taken < IN_A_RUN && !stop.is_cancelled() {
            let now = app.now();
            let take = Take { now, until: now.after(LEASE), free, failing: FAILING.saturating_sub(failing).min(free) };
            for (among, claim) in app.db.run(take).await? {
                taken += 1;
                failing += usize::from(among == Among::Failing);
                let (app, stop) = (app.clone(), stop.clone());
                running.spawn(async move { (among, work(&app, claim, &stop).await) });
            }
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            // Somebody has news while others are slow.
            () = news.rung(), if running.len() < WIDTH && taken < IN_A_RUN => {}
            ended = running.join_next() => match ended {
                Some(Ok((among, done))) => {
                    failing -= usize::from(among == Among::Failing).min(failing);
                    delivered.add(done);
                }
                // Which one it was is not known, nor whether it counts among the failing: so it counts until the run ends.
                Some(Err(_)) => delivered.add(Delivered { looks: 1, failed: 1, ..Delivered::default() }),
                None => break,
            },
        }
    }
    delivered.count(app);
    Ok(delivered)
}

/// What a worker does after one look at an endpoint, where there is more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// It goes on.
    GoOn,
    /// It lets the endpoint go.
    LetGo,
}

/// Works on one endpoint for a while.
async fn work(app: &App, mut claim: Claimed, stop: &CancellationToken) -> Delivered {
    let mut all = Delivered { looks: 1, ..Delivered::default() };
    for turn in 1..=IN_A_ROW {
        let then = if turn < IN_A_ROW && !stop.is_cancelled() { Then::GoOn } else { Then::LetGo };
        match look(app, claim, then).await {
            Ok((done, settled)) => {
                match (settled, taken(&done)) {
                    (Settled::Lost, _) => all.lost += 1,
                    (_, Some(true)) => all.taken += 1,
                    (_, Some(false)) => all.deferred += 1,
                    (_, None) => {}
                }
                match settled {
                    Settled::More(next) => {
                        claim = next;
                        continue;
                    }
                    Settled::Disabled(why) => {
                        all.disabled += 1;
                        tracing::warn!(webhook = %claim.id, why = why.word(), "a webhook endpoint gets nothing more");
                    }
                    Settled::Over | Settled::Lost => {}
                }
            }
            Err(error) => {
                all.failed += 1;
                tracing::warn!(webhook = %claim.id, %error, "what became of a webhook is not known, and it is sent again");
            }
        }
        break;
    }
    all
}

/// Whether something that was sent was taken.
fn taken(done: &Done) -> Option<bool> {
    match done {
        Done::Sent(sent) => Some(sent.reply.as_ref().is_some_and(Reply::is_taken)),
        Done::Nothing | Done::Passed { .. } => None,
    }
}

fn milliseconds(done: &Done) -> i64 {
    match done {
        Done::Sent(sent) => sent.milliseconds,
        Done::Nothing | Done::Passed { .. } => 0,
    }
}

/// Does what is next for an endpoint, and writes it down.
async fn look(app: &App, claim: Claimed, then: Then) -> Result<(Done, Settled), Error> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let found = webhooks::find(&mut tx, claim.id).await?;
    // A claim that has ended may be somebody else's at any moment, and no call outlasts it: two would overtake each other.
    let safe = |endpoint: &Endpoint| {
        endpoint.claims == claim.claims && endpoint.claimed_until.is_some_and(|until| now.after(CALL) < until)
    };
    let Some(endpoint) = found.filter(safe) else { return Ok((Done::Nothing, Settled::Lost)) };
    let account = accounts::find(&mut tx, endpoint.account).await?.ok_or(Error::NotFound)?;
    let next = match endpoint.progress.task(account.head.seq, now) {
        Task::None => Next::Nothing,
        Task::Test(id) => Next::Send(None, Webhook::test(id, account.id, now)),
        Task::Entry { after, until } => next_told(&mut tx, account.id, after, until).await?,
    };
    drop(tx);
    let done = match next {
        Next::Nothing => Done::Nothing,
        Next::Passed(seq) => Done::Passed { seq },
        Next::Send(seq, webhook) => Done::Sent(send(app, &endpoint, webhook, seq).await),
    };
    let keep_until = match then {
        // Whoever is slow has had their turn.
        Then::GoOn if milliseconds(&done) < QUICK => Some(app.now().after(LEASE)),
        Then::GoOn | Then::LetGo => None,
    };
    let unit = SettleWebhook { app: app.clone(), account: account.id, claim, done: done.clone(), keep_until };
    Ok((done, app.db.run(unit).await?))
}

/// What is next for an endpoint.
enum Next {
    Nothing,
    Passed(u64),
    Send(Option<u64>, Webhook),
}

/// The first entry that is told, of those after one and up to another.
async fn next_told(tx: &mut Tx, account: AccountId, after: u64, until: u64) -> Result<Next, DbError> {
    let number = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    let filter = Filter { after: number(after), until: number(until), ..Filter::default() };
    let lines = entries::list(tx, account, &filter, ENTRIES).await?;
    let mut passed = after;
    for line in &lines {
        let entry = line.entry()?;
        if let Some(webhook) = Webhook::of(&entry) {
            return Ok(Next::Send(Some(entry.seq), webhook));
        }
        passed = entry.seq;
    }
    Ok(Next::Passed(passed))
}

/// Signs a webhook and hands it over.
async fn send(app: &App, endpoint: &Endpoint, webhook: Webhook, seq: Option<u64>) -> Sent {
    let at = app.now();
    let (reply, took) = match webhook_secret::in_use(app, endpoint, at) {
        Ok(secrets) => {
            let seconds = at.micros().div_euclid(1_000_000);
            let signature = signatures(&secrets, &webhook.id, seconds, webhook.body.as_bytes());
            let parcel = Parcel { id: webhook.id.clone(), seconds, signature, body: webhook.body };
            let (reply, took) = app.receivers.hand_over(&endpoint.address, parcel, at).await;
            (Some(reply), took)
        }
        Err(error) => {
            tracing::error!(webhook = %endpoint.id, %error, "a webhook cannot be signed");
            (None, Duration::ZERO)
        }
    };
    let milliseconds = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    Sent { event: webhook.id, public: webhook.public, seq, reply, at, milliseconds }
}

struct Take {
    now: Moment,
    until: Moment,
    free: usize,
    failing: usize,
}

impl Unit for Take {
    type Out = Vec<(Among, Claimed)>;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, DbError> {
        let number = |places: usize| i64::try_from(places).unwrap_or(i64::MAX);
        let mut all = Vec::new();
        for (among, places) in [(Among::Healthy, self.free), (Among::Failing, self.failing)] {
            // Those that fail get no place that the others need.
            let places = places.min(self.free - all.len());
            let claimed = webhooks::claim(tx, self.now, self.until, among, number(places)).await?;
            all.extend(claimed.into_iter().map(|claim| (among, claim)));
        }
        Ok(all)
    }
}
