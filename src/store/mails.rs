//! The outbox: what a committed change owes the world, and what became of it.
//!
//! A mail is queued in the transaction of its cause. Whoever sends it claims it first: the claim makes it due again
//! after a lease, so a worker that dies loses nothing. What became of an attempt is written only while the claim of
//! that attempt still stands, so a worker that comes late overwrites nothing.

use std::collections::BTreeMap;

use super::{brands::whose_brand, error::DbError, sql::Pair, tx::Tx};
use crate::{
    id::{AccountId, CaseId, CodeId, MailId, UserId},
    mail::{message::Message, render::Brand},
    moment::Moment,
    zone::Zone,
};

/// Whom a mail goes to: the address is the one stored for them when the mail was queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The person; none where it is nobody who signs in, such as a recovery user.
    pub user: Option<UserId>,
    /// Their name, as they wrote it.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// A mail to be queued.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// Its id, from which its Message-ID follows.
    pub id: MailId,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// To whom.
    pub to: &'a Contact,
    /// For owner alerts, what happened.
    pub event: Option<&'a str>,
    /// What it says.
    pub message: &'a Message,
    /// When its cause happened. It is due from then on.
    pub at: Moment,
}

/// Puts a mail into the outbox. Call it in the unit of work that writes its cause.
///
/// # Errors
/// When the database fails, or the link of the message is not there yet.
pub async fn queue(tx: &mut Tx, outgoing: &Outgoing<'_>) -> Result<(), DbError> {
    let Outgoing { id, account, case, to, event, message, at } = outgoing;
    let text = serde_json::to_string(message).map_err(|_| DbError::corrupt("mails", id))?;
    tx.sql(concat!(
        "insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id,
             status, attempts, created_at, next_at, brand_name, brand_colour, time_zone)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, $11, $11, s.brand_name, s.brand_colour, u.time_zone
         from (select 1) mail left join users u on u.id = $4 left join ",
        whose_brand!("$2"),
        " b on true left join account_settings s on s.account_id = b.id"
    ))
    .bind(*id)
    .bind(*account)
    .bind(*case)
    .bind(to.user)
    .bind(to.email.as_str())
    .bind(to.name.as_str())
    .bind(message.kind())
    .bind(*event)
    .bind(text)
    .bind(message.link().or_else(|| message.answer()))
    .bind(*at)
    .run()
    .await?;
    tx.mails_are_due();
    Ok(())
}

/// A mail that the caller may send now, until the lease ends.
#[derive(Debug)]
pub struct Claimed {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub to: Contact,
    /// Its kind, readable even when the message is not.
    pub kind: String,
    /// What it says.
    pub message: Result<Message, Unreadable>,
    /// How the account looked when it was queued.
    pub brand: Brand,
    /// The zone of its reader when it was queued.
    pub zone: Zone,
    /// Which attempt this is, from 1. It names the claim.
    pub attempt: i64,
    /// How many of the earlier ones were given back before anything was sent.
    pub untried: i64,
    /// When its cause happened.
    pub created_at: Moment,
    /// When somebody else may send it.
    pub until: Moment,
    /// The number of the last checkpoint when it was first claimed; zero if there was none.
    pub checkpoint: u64,
}

/// The stored message is none that this version can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored message cannot be read, report this as a defect")]
pub struct Unreadable;

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    id: MailId,
    user_id: Option<UserId>,
    address: String,
    recipient: String,
    kind: String,
    message: String,
    attempts: i64,
    untried: i64,
    created_at: Moment,
    brand_name: Option<String>,
    brand_colour: Option<String>,
    time_zone: Option<String>,
    checkpoint: i64,
}

/// The brand that a row tells of. A colour that is none is left out: a mail goes out in any case.
pub(super) fn brand(name: Option<String>, colour: Option<&str>) -> Brand {
    Brand { name, colour: colour.and_then(|text| text.parse().ok()) }
}

/// Claims mails that are due at `now`, the longest due first, until `until`. No two callers get the same one.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &mut Tx, now: Moment, until: Moment, limit: i64) -> Result<Vec<Claimed>, DbError> {
    // In two steps on PostgreSQL, because a subquery with a limit may be run several times and lock more than it says.
    let rows: Vec<ClaimedRow> = tx
        .sql(Pair {
            sqlite: "update mails set next_at = $2, attempts = attempts + 1,
                     checkpoint = coalesce(checkpoint, (select max(number) from log_checkpoints), 0)
                 where id in (select id from mails where next_at <= $1 order by next_at, id limit $3)
                 returning id, user_id, address, recipient, kind, message, attempts, untried, created_at, brand_name, brand_colour,
                     time_zone, checkpoint",
            postgres: "with due as materialized (
                     select id from mails where next_at <= $1 order by next_at, id limit $3 for update skip locked
                 )
                 update mails m set next_at = $2, attempts = m.attempts + 1,
                     checkpoint = coalesce(m.checkpoint, (select max(number) from log_checkpoints), 0)
                 from due where m.id = due.id
                 returning m.id, m.user_id, m.address, m.recipient, m.kind, m.message, m.attempts, m.untried,
                     m.created_at, m.brand_name, m.brand_colour, m.time_zone, m.checkpoint",
        })
        .bind(now)
        .bind(until)
        .bind(limit)
        .all()
        .await?;
    let mut claimed: Vec<Claimed> = rows
        .into_iter()
        .map(|row| Claimed {
            id: row.id,
            to: Contact { user: row.user_id, name: row.recipient, email: row.address },
            kind: row.kind,
            message: serde_json::from_str(&row.message).map_err(|_| Unreadable),
            brand: brand(row.brand_name, row.brand_colour.as_deref()),
            zone: Zone::known(row.time_zone.as_deref()),
            attempt: row.attempts,
            untried: row.untried,
            created_at: row.created_at,
            until,
            // A number that is none is left out: one mail must not hold up the others.
            checkpoint: row.checkpoint.try_into().unwrap_or_default(),
        })
        .collect();
    claimed.sort_by_key(|mail| mail.id);
    Ok(claimed)
}

/// What has happened, since a mail was queued, to the things that it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Surroundings {
    /// When its case ended.
    pub case_ended: Option<Moment>,
    /// When its link stopped working.
    pub link_dead: Option<Moment>,
    /// Until when its code works; `None` also when the code is no more.
    pub code_expires: Option<Moment>,
    /// When its code was used.
    pub code_used: Option<Moment>,
}

/// Looks around once more before a mail is sent. `None`: the claim of that attempt stands no longer.
///
/// # Errors
/// When the database fails.
pub async fn surroundings(
    tx: &mut Tx,
    id: MailId,
    attempt: i64,
    code: Option<CodeId>,
) -> Result<Option<Surroundings>, DbError> {
    tx.sql(
        "select c.ended_at as case_ended, l.dead_at as link_dead,
             coalesce(k.expires_at, r.expires_at, q.expires_at, d.expires_at, y.expires_at) as code_expires,
             coalesce(k.used_at, r.used_at, q.used_at, d.used_at, y.used_at) as code_used
         from mails m
         left join cases c on c.id = m.case_id
         left join links l on l.id = m.link_id
         left join codes k on k.id = $3
         left join sign_in_requests r on r.id = $3
         left join recovery_codes q on q.id = $3
         left join drills d on d.id = $3
         left join recoveries y on y.id = $3
         where m.id = $1 and m.status = 'queued' and m.attempts = $2",
    )
    .bind(id)
    .bind(attempt)
    .bind(code)
    .maybe()
    .await
}

/// Whether the claim still stood when something was to be written about its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Claim {
    /// It stood, and it was written.
    Stood,
    /// Somebody else has the mail, or it is settled. Nothing was written.
    Lost,
}

/// The mail server took the mail over.
///
/// # Errors
/// When the database fails.
pub async fn accepted(tx: &mut Tx, id: MailId, attempt: i64, now: Moment, answer: &str) -> Result<Claim, DbError> {
    let written = tx
        .sql(
            "update mails set status = 'accepted', next_at = null, accepted_at = $3, last_answer = $4
             where id = $1 and status = 'queued' and attempts = $2",
        )
        .bind(id)
        .bind(attempt)
        .bind(now)
        .bind(answer)
        .run()
        .await?;
    Ok(claim_of(written))
}

/// The attempt failed; the next one is due then.
///
/// # Errors
/// When the database fails.
pub async fn deferred(tx: &mut Tx, id: MailId, attempt: i64, next_at: Moment, answer: &str) -> Result<Claim, DbError> {
    let written = tx
        .sql(
            "update mails set next_at = $3, last_answer = $4
             where id = $1 and status = 'queued' and attempts = $2",
        )
        .bind(id)
        .bind(attempt)
        .bind(next_at)
        .bind(answer)
        .run()
        .await?;
    Ok(claim_of(written))
}

/// Gives a claim back without an attempt; the next one is due then. The count of attempts stays: it names claims, and a
/// name is used once.
///
/// # Errors
/// When the database fails.
pub async fn returned(tx: &mut Tx, id: MailId, attempt: i64, next_at: Moment) -> Result<Claim, DbError> {
    let written = tx
        .sql(
            "update mails set next_at = $3, untried = untried + 1
             where id = $1 and status = 'queued' and attempts = $2",
        )
        .bind(id)
        .bind(attempt)
        .bind(next_at)
        .run()
        .await?;
    Ok(claim_of(written))
}

/// Nothing more is tried: the mail is undeliverable.
///
/// # Errors
/// When the database fails.
pub async fn given_up(tx: &mut Tx, id: MailId, attempt: i64, answer: &str) -> Result<Claim, DbError> {
    settled(tx, id, attempt, Status::Undeliverable, answer).await
}

/// The mail's occasion has passed, and it was not sent.
///
/// # Errors
/// When the database fails.
pub async fn dropped(tx: &mut Tx, id: MailId, attempt: i64, why: &str) -> Result<Claim, DbError> {
    settled(tx, id, attempt, Status::Dropped, why).await
}

async fn settled(tx: &mut Tx, id: MailId, attempt: i64, status: Status, answer: &str) -> Result<Claim, DbError> {
    let written = tx
        .sql(
            "update mails set status = $3, next_at = null, last_answer = $4
             where id = $1 and status = 'queued' and attempts = $2",
        )
        .bind(id)
        .bind(attempt)
        .bind(status.name())
        .bind(answer)
        .run()
        .await?;
    Ok(claim_of(written))
}

const fn claim_of(written: u64) -> Claim {
    if written == 0 { Claim::Lost } else { Claim::Stood }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It waits to be sent, perhaps not for the first time.
    Queued,
    /// The mail server took it over.
    Accepted,
    /// It took it over, and somebody behind it has reported that it did not arrive.
    Bounced,
    /// The mail server refused it, or nobody took it in time.
    Undeliverable,
    /// Its occasion passed before it could be sent.
    Dropped,
}

impl Status {
    /// The stable name, as in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Accepted => "accepted",
            Self::Bounced => "bounced",
            Self::Undeliverable => "undeliverable",
            Self::Dropped => "dropped",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Queued, Self::Accepted, Self::Bounced, Self::Undeliverable, Self::Dropped]
            .into_iter()
            .find(|it| it.name() == name)
    }
}

/// How many mails there are of each status. Reads the whole outbox: for the operator's tools, not for a probe.
///
/// # Errors
/// When the database fails.
pub async fn counts(tx: &mut Tx) -> Result<BTreeMap<Status, i64>, DbError> {
    let rows: Vec<(String, i64)> = tx.sql("select status, count(*) from mails group by status").all().await?;
    rows.into_iter()
        .map(|(name, count)| Ok((Status::named(&name).ok_or_else(|| DbError::corrupt("mails", &name))?, count)))
        .collect()
}

/// How much waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Backlog {
    /// Mails that are queued.
    pub queued: i64,
    /// Since when the longest due of them has been due; in the future when none is.
    pub oldest: Option<Moment>,
}

/// How much waits to be sent. Reads an index of the queued mails only.
///
/// # Errors
/// When the database fails.
pub async fn backlog(tx: &mut Tx) -> Result<Backlog, DbError> {
    tx.sql("select count(*) as queued, min(next_at) as oldest from mails where next_at is not null").one().await
}
