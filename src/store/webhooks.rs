//! Where an account's webhooks go, and how far they have come.
//!
//! An owner's act locks the account, and then the endpoint. A worker claims endpoints by themselves: the claim makes each due again
//! after a lease, so a worker that dies loses nothing, and every change makes the claims before it void.

use sqlx::FromRow;

use super::{error::DbError, sql::Pair, tx::Tx};
use crate::{
    id::{AccountId, DeliveryId, UserId, WebhookId},
    moment::Moment,
    ownership::networks::Networks,
    sealed::Sealed,
    webhook::{
        address::Address,
        progress::{Progress, Status, Why},
    },
};

/// An endpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Which.
    pub id: WebhookId,
    /// Whose.
    pub account: AccountId,
    /// Where it is.
    pub address: Address,
    /// By what it knows that webhooks are ours.
    pub secret: Sealed,
    /// Who made it have that.
    pub set_by: UserId,
    /// When.
    pub set_at: Moment,
    /// The secret before, and until when it is signed with too.
    pub previous: Option<(Sealed, Moment)>,
    /// Who added it.
    pub created_by: UserId,
    /// When.
    pub created_at: Moment,
    /// How far it has come.
    pub progress: Progress,
    /// When a worker looks at it.
    pub next_at: Option<Moment>,
    /// Until when a worker has it.
    pub claimed_until: Option<Moment>,
    /// Names the last claim.
    pub claims: i64,
}

impl Endpoint {
    /// Has a worker look at it when there is something to do, where the log ends at `head`. Who has it now keeps it.
    #[must_use]
    pub fn due(self, head: u64, now: Moment) -> Self {
        let held = self.claimed_until.filter(|until| now < *until);
        Self { next_at: held.or_else(|| self.progress.next_look(head, now)), ..self }
    }

    /// Whoever has it now has lost it.
    #[must_use]
    pub fn taken_back(self) -> Self {
        Self { claimed_until: None, claims: self.claims + 1, ..self }
    }
}

#[derive(FromRow)]
struct Row {
    id: WebhookId,
    account_id: AccountId,
    url: String,
    secret: Vec<u8>,
    set_by: UserId,
    set_at: Moment,
    previous_secret: Option<Vec<u8>>,
    previous_until: Option<Moment>,
    created_by: UserId,
    created_at: Moment,
    status: String,
    why: Option<String>,
    disabled_at: Option<Moment>,
    last_seq: Option<i64>,
    cursor_seq: i64,
    attempts: i64,
    failing_since: Option<Moment>,
    retry_at: Option<Moment>,
    test_id: Option<DeliveryId>,
    next_at: Option<Moment>,
    claimed_until: Option<Moment>,
    claims: i64,
}

impl Row {
    fn decode(self) -> Result<Endpoint, DbError> {
        let corrupt = || DbError::corrupt("webhooks", self.id);
        let status = match (self.status.as_str(), self.why.as_deref(), self.disabled_at, self.last_seq) {
            ("active", None, None, None) => Status::Active,
            ("ending", None, None, Some(last)) => Status::Ending { last: u64::try_from(last).map_err(|_| corrupt())? },
            ("disabled", Some(why), Some(at), None) => {
                Status::Disabled { why: Why::named(why).ok_or_else(corrupt)?, at }
            }
            _ => return Err(corrupt()),
        };
        let progress = Progress {
            status,
            cursor: u64::try_from(self.cursor_seq).map_err(|_| corrupt())?,
            attempts: u32::try_from(self.attempts).map_err(|_| corrupt())?,
            failing_since: self.failing_since,
            retry_at: self.retry_at,
            test: self.test_id,
        };
        Ok(Endpoint {
            id: self.id,
            account: self.account_id,
            // Where it may be is asked again when it is called.
            address: Address::read(&self.url, Networks::Private).map_err(|_| corrupt())?,
            secret: Sealed::from_bytes(self.secret),
            set_by: self.set_by,
            set_at: self.set_at,
            previous: self.previous_secret.map(Sealed::from_bytes).zip(self.previous_until),
            created_by: self.created_by,
            created_at: self.created_at,
            progress,
            next_at: self.next_at,
            claimed_until: self.claimed_until,
            claims: self.claims,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, account_id, url, secret, set_by, set_at, previous_secret, previous_until, created_by, created_at,
                 status, why, disabled_at, last_seq, cursor_seq, attempts, failing_since, retry_at, test_id, next_at, claimed_until, claims
             from webhooks ",
            $rest
        )
    };
}

/// The endpoints of an account, the first added first.
///
/// # Errors
/// When the database fails.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Endpoint>, DbError> {
    let rows: Vec<Row> = tx.sql(select!("where account_id = $1 order by id")).bind(account).all().await?;
    rows.into_iter().map(Row::decode).collect()
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: WebhookId) -> Result<Option<Endpoint>, DbError> {
    tx.sql(select!("where id = $1")).bind(id).maybe::<Row>().await?.map(Row::decode).transpose()
}

/// One of them, which nobody else changes until this unit of work has ended. Lock its account first.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, id: WebhookId) -> Result<Option<Endpoint>, DbError> {
    tx.sql(select!("where id = $1")).bind(id).for_update().maybe::<Row>().await?.map(Row::decode).transpose()
}

/// Keeps a new endpoint.
///
/// # Errors
/// When the database fails, also where the address gets the account's webhooks already.
pub async fn insert(tx: &mut Tx, new: &Endpoint) -> Result<(), DbError> {
    tx.sql(
        "insert into webhooks (id, account_id, url, secret, set_by, set_at, created_by, created_at, status, cursor_seq,
             attempts, claims)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, 0, 0)",
    )
    .bind(new.id)
    .bind(new.account)
    .bind(new.address.as_str().to_owned())
    .bind(new.secret.as_bytes().to_vec())
    .bind(new.set_by)
    .bind(new.set_at)
    .bind(new.created_by)
    .bind(new.created_at)
    .bind(number(new.progress.cursor))
    .run()
    .await?;
    Ok(())
}

/// Keeps what became of an endpoint that was locked.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, endpoint: &Endpoint) -> Result<(), DbError> {
    let Progress { status, cursor, attempts, failing_since, retry_at, test } = endpoint.progress;
    let (word, why, disabled_at, last) = match status {
        Status::Active => ("active", None, None, None),
        Status::Ending { last } => ("ending", None, None, Some(number(last))),
        Status::Disabled { why, at } => ("disabled", Some(why.word()), Some(at), None),
    };
    let (previous, until) = endpoint.previous.clone().unzip();
    let written = tx
        .sql(
            "update webhooks set secret = $2, set_by = $3, set_at = $4, previous_secret = $5, previous_until = $6,
                 status = $7, why = $8, disabled_at = $9, last_seq = $10, cursor_seq = $11, attempts = $12,
                 failing_since = $13, retry_at = $14, test_id = $15, next_at = $16, claimed_until = $17, claims = $18
             where id = $1",
        )
        .bind(endpoint.id)
        .bind(endpoint.secret.as_bytes().to_vec())
        .bind(endpoint.set_by)
        .bind(endpoint.set_at)
        .bind(previous.map(|secret| secret.as_bytes().to_vec()))
        .bind(until)
        .bind(word)
        .bind(why)
        .bind(disabled_at)
        .bind(last)
        .bind(number(cursor))
        .bind(i64::from(attempts))
        .bind(failing_since)
        .bind(retry_at)
        .bind(test)
        .bind(endpoint.next_at)
        .bind(endpoint.claimed_until)
        .bind(endpoint.claims)
        .run()
        .await?;
    if written != 1 {
        return Err(DbError::corrupt("webhooks", endpoint.id));
    }
    if endpoint.next_at.is_some() {
        tx.webhooks_are_due();
    }
    Ok(())
}

/// Forgets an endpoint, with the attempts at it.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, id: WebhookId) -> Result<(), DbError> {
    tx.sql("delete from webhooks where id = $1").bind(id).run().await?;
    Ok(())
}

/// An endpoint that the caller may work on, until the lease ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Claimed {
    /// Which.
    pub id: WebhookId,
    /// Names the claim.
    pub claims: i64,
}

/// Which endpoints to claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Those that took what they got last.
    Healthy,
    /// Those that did not.
    Failing,
}

/// Claims endpoints that are due at `now`, the longest due first, until `until`. No two callers get the same one.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &mut Tx, now: Moment, until: Moment, among: Among, limit: i64) -> Result<Vec<Claimed>, DbError> {
    // In two steps on PostgreSQL, because a subquery with a limit may be run several times and lock more than it says.
    tx.sql(Pair {
        sqlite: "update webhooks set next_at = $2, claimed_until = $2, claims = claims + 1
             where id in (
                 select id from webhooks where next_at <= $1 and (attempts > 0) = $4 order by next_at, id limit $3
             )
             returning id, claims",
        postgres: "with due as materialized (
                 select id from webhooks where next_at <= $1 and (attempts > 0) = $4 order by next_at, id limit $3
                 for update skip locked
             )
             update webhooks w set next_at = $2, claimed_until = $2, claims = w.claims + 1 from due where w.id = due.id
             returning w.id, w.claims",
    })
    .bind(now)
    .bind(until)
    .bind(limit)
    .bind(among == Among::Failing)
    .all()
    .await
}

/// Forgets secrets that were replaced, and are signed with no more since before that moment.
///
/// # Errors
/// When the database fails.
pub async fn forget_previous(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql(
        "update webhooks set previous_secret = null, previous_until = null
         where id in (select id from webhooks where previous_until < $1 limit 500)",
    )
    .bind(before)
    .run()
    .await
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
