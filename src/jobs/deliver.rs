//! Hands the mails of the outbox over, each at least once.
//!
//! A mail is claimed, sent, and marked. A worker that dies after the sending and before the marking leaves a claim that
//! ends by itself; then the mail is sent again, under the same Message-ID and letter by letter the same, so that the
//! reader's mail server can tell. Whether it is still worth sending is looked up right before.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::{
    crowd::in_lanes,
    obsolete,
    retry::{self, Next},
    sweep::Found,
};
use crate::{
    app::app::App,
    id::MailId,
    mail::{
        envelope::Letter,
        facts::Person,
        pace::{Pace, Turn, Went, domain_of},
        post::{Cover, Post, Way},
        reveal::Revealer,
        smtp::{Deferrer, Posted, Postman},
    },
    meter::{names, numbers::Meter},
    moment::Moment,
    store::{
        checkpoints::{self, StoredCheckpoint},
        db::Unit,
        error::DbError,
        mails::{self, Claim, Claimed},
        tx::Tx,
    },
};

/// So many mails are claimed at once.
pub const BATCH: i64 = 100;
/// A claimed mail whose worker was lost is sent again after this.
pub const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// Above this, something other than the mail server ends the attempts, such as the process itself.
const ATTEMPTS: i64 = 50;

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken over by the mail server, or by the built-in mailbox.
    pub accepted: usize,
    /// Tried again later.
    pub deferred: usize,
    /// Undeliverable.
    pub given_up: usize,
    /// Not worth sending any more.
    pub dropped: usize,
    /// Given back untried, because the service is stopping.
    pub returned: usize,
    /// Given back untried, because their domain takes no more just now.
    pub paced: usize,
    /// Taken over by another worker, because this one was too slow.
    pub lost: usize,
    /// The database failed; tried again when the claim ends.
    pub failed: usize,
}

impl Delivered {
    /// Whether there may be more to deliver.
    pub fn found(&self) -> Found {
        if i64::try_from(self.claimed()).is_ok_and(|claimed| claimed < BATCH) { Found::All } else { Found::Some }
    }

    /// How many mails the batch had.
    #[must_use]
    pub const fn claimed(&self) -> usize {
        let Self { accepted, deferred, given_up, dropped, returned, paced, lost, failed } = self;
        *accepted + *deferred + *given_up + *dropped + *returned + *paced + *lost + *failed
    }

    /// Adds the batch to the numbers for whoever watches.
    fn add_to(&self, meter: &Meter) {
        let Self { accepted, deferred, given_up, dropped, returned, paced, lost, failed } = *self;
        for (outcome, count) in [
            ("accepted", accepted),
            ("deferred", deferred),
            ("undeliverable", given_up),
            ("dropped", dropped),
            ("returned", returned),
            ("paced", paced),
            ("lost", lost),
            ("failed", failed),
        ] {
            meter.count(&names::MAILS, [outcome.into()], u64::try_from(count).unwrap_or(u64::MAX));
        }
    }

    fn count(&mut self, fate: &Fate) {
        let place = match fate {
            Fate::Accepted { .. } => &mut self.accepted,
            Fate::Deferred { .. } => &mut self.deferred,
            Fate::GivenUp { .. } => &mut self.given_up,
            Fate::Dropped { .. } => &mut self.dropped,
            Fate::Returned => &mut self.returned,
            Fate::Paced { .. } => &mut self.paced,
            Fate::Lost => &mut self.lost,
        };
        *place += 1;
    }
}

/// What becomes of one mail in one attempt.
#[derive(Debug, Clone)]
enum Fate {
    Accepted { answer: String },
    Deferred { until: Moment, answer: String },
    GivenUp { answer: String },
    Dropped { why: &'static str },
    Returned,
    Paced { until: Moment },
    Lost,
}

/// Delivers one batch of due mails. Once `stop` is cancelled, it finishes those that are being sent and gives the
/// others back.
///
/// # Errors
/// When no mails can be claimed. What happens to a single mail is never an error here.
pub async fn deliver(app: &App, post: &Arc<Post>, stop: &CancellationToken) -> Result<Delivered, DbError> {
    let now = app.now();
    let claimed = app.db.run(Take { now, until: now.after(LEASE) }).await?;
    let work = claimed.into_iter().map(|mail| {
        let (app, post, stop) = (app.clone(), Arc::clone(post), stop.clone());
        let claim = Attempt::of(&mail);
        (domain_of(&mail.to.email), claim, async move { one(&app, &post, &stop, mail).await })
    });
    let mut delivered = Delivered::default();
    for (claim, outcome) in Box::pin(in_lanes(work, post.pace.at_once())).await {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(_) => claim.settle(app, claim.failed(app, "its delivery stopped with a panic".to_owned())).await,
        };
        match outcome {
            Ok(fate) => delivered.count(&fate),
            Err(error) => {
                delivered.failed += 1;
                let Attempt { id, number, .. } = claim;
                tracing::warn!(mail = %id, attempt = number, %error, "a mail's delivery is not recorded, and is repeated");
            }
        }
    }
    delivered.add_to(app.db.meter());
    Ok(delivered)
}

async fn one(app: &App, post: &Post, stop: &CancellationToken, mail: Claimed) -> Result<Fate, DbError> {
    let this = Attempt::of(&mail);
    let fate = if stop.is_cancelled() { Fate::Returned } else { attempt(app, post, this, &mail).await? };
    this.settle(app, fate).await
}

async fn attempt(app: &App, post: &Post, this: Attempt, mail: &Claimed) -> Result<Fate, DbError> {
    if this.tries() > ATTEMPTS {
        return Ok(Fate::GivenUp { answer: "given up, because every attempt broke off".to_owned() });
    }
    let message = match &mail.message {
        Ok(message) => message,
        Err(unreadable) => return Ok(Fate::GivenUp { answer: unreadable.to_string() }),
    };
    let mut tx = app.db.read().await?;
    let around = mails::surroundings(&mut tx, mail.id, mail.attempt, message.code()).await?;
    let checkpoint =
        if message.bears_checkpoint() { checkpoints::numbered(&mut tx, mail.checkpoint).await? } else { None };
    drop(tx);
    let now = app.now();
    // A claim that has ended may be somebody else's at any moment.
    let Some(around) = around.filter(|_| now < mail.until) else { return Ok(Fate::Lost) };
    if let Some(why) = obsolete::why(message, &around, now) {
        return Ok(Fate::Dropped { why });
    }
    let reveal = Revealer { secret: &app.secret, public_url: &app.public_url, inbound: app.inbound.as_ref() };
    let to = Person { name: mail.to.name.clone(), address: mail.to.email.clone() };
    let return_path = post.return_path.as_ref().map(|path| path.of(mail.id, &app.secret));
    let (zone, brand) = (mail.zone.clone(), mail.brand.clone());
    let checkpoint = checkpoint.and_then(StoredCheckpoint::checkpoint);
    let cover = Cover { mail: mail.id, to, zone, date: mail.created_at, brand, return_path, checkpoint };
    let letter = match post.letter(cover, message, &reveal) {
        Ok(letter) => letter,
        Err(failed) => return Ok(Fate::GivenUp { answer: failed.to_string() }),
    };
    match &post.way {
        Way::Smtp(postman) => Ok(in_turn(app, &post.pace, postman, this, &letter).await),
        Way::Mailbox => Ok(Fate::Accepted { answer: "kept in the built-in mailbox".to_owned() }),
    }
}

/// Hands the letter over, if its domain takes one more now.
async fn in_turn(app: &App, pace: &Pace, postman: &Postman, this: Attempt, letter: &Letter) -> Fate {
    let domain = domain_of(&letter.to.address);
    match pace.turn(&domain, app.now()) {
        Turn::Now => {}
        Turn::Later(until) => return Fate::Paced { until },
    }
    let posted = postman.send(letter).await;
    match &posted {
        Posted::Accepted { .. } | Posted::Refused { .. } => pace.went(&domain, Went::Well, app.now()),
        Posted::Deferred { by: Deferrer::Domain, .. } => pace.went(&domain, Went::PutOff, app.now()),
        // They say nothing about the domain.
        Posted::Deferred { by: Deferrer::Server | Deferrer::Mailbox, .. } => {}
    }
    match posted {
        Posted::Accepted { answer } => Fate::Accepted { answer },
        Posted::Refused { answer } => Fate::GivenUp { answer },
        Posted::Deferred { answer, .. } => this.failed(app, answer),
    }
}

/// One attempt on one mail.
#[derive(Clone, Copy)]
struct Attempt {
    id: MailId,
    /// Names the claim.
    number: i64,
    /// How many claims before it were given back before anything was sent.
    untried: i64,
    created_at: Moment,
}

impl Attempt {
    const fn of(mail: &Claimed) -> Self {
        Self { id: mail.id, number: mail.attempt, untried: mail.untried, created_at: mail.created_at }
    }

    /// How often the mail was really tried, this time included.
    const fn tries(self) -> i64 {
        self.number - self.untried
    }

    /// It failed for now.
    fn failed(self, app: &App, answer: String) -> Fate {
        let luck = u16::from_le_bytes(app.chance.bytes());
        match retry::after(self.tries(), self.created_at, app.now(), luck) {
            Next::At(until) => Fate::Deferred { until, answer },
            Next::GiveUp => Fate::GivenUp { answer },
        }
    }

    /// Writes down what became of it, unless somebody else has the mail now. No log line names an address.
    async fn settle(self, app: &App, fate: Fate) -> Result<Fate, DbError> {
        let Self { id, number: attempt, .. } = self;
        if app.db.run(Settle { id, attempt, now: app.now(), fate: fate.clone() }).await? == Claim::Lost {
            tracing::warn!(mail = %id, attempt, "a mail's delivery took longer than its claim");
            return Ok(Fate::Lost);
        }
        match &fate {
            Fate::GivenUp { .. } => tracing::error!(
                mail = %id, attempt,
                "a mail is undeliverable; look at its last answer, and reach its reader in another way"
            ),
            Fate::Deferred { until, .. } => tracing::warn!(mail = %id, attempt, %until, "a mail is deferred"),
            Fate::Dropped { why } => tracing::info!(mail = %id, why, "a mail is dropped"),
            Fate::Accepted { .. } | Fate::Returned | Fate::Paced { .. } | Fate::Lost => {
                tracing::debug!(mail = %id, attempt, "a mail is settled");
            }
        }
        Ok(fate)
    }
}

struct Take {
    now: Moment,
    until: Moment,
}

impl Unit for Take {
    type Out = Vec<Claimed>;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Claimed>, DbError> {
        mails::claim(tx, self.now, self.until, BATCH).await
    }
}

struct Settle {
    id: MailId,
    attempt: i64,
    now: Moment,
    fate: Fate,
}

impl Unit for Settle {
    type Out = Claim;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Claim, DbError> {
        let Self { id, attempt, now, fate } = self;
        match fate {
            Fate::Accepted { answer } => mails::accepted(tx, *id, *attempt, *now, answer).await,
            Fate::Deferred { until, answer } => mails::deferred(tx, *id, *attempt, *until, answer).await,
            Fate::GivenUp { answer } => mails::given_up(tx, *id, *attempt, answer).await,
            Fate::Dropped { why } => mails::dropped(tx, *id, *attempt, why).await,
            Fate::Returned => mails::returned(tx, *id, *attempt, *now).await,
            Fate::Paced { until } => mails::returned(tx, *id, *attempt, *until).await,
            Fate::Lost => Ok(Claim::Lost),
        }
    }
}
