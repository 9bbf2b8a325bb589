//! How much there is of what operators watch. Each question reads an index and stops at a bound, so that it costs the same
//! with a million open cases as with ten thousand.

use super::{error::DbError, tx::Tx};
use crate::moment::Moment;

/// Mails that wait to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Queue {
    /// How many, up to 10000.
    pub queued: i64,
    /// When the oldest of them was written.
    pub oldest: Option<Moment>,
    /// When the next of them is due, or was.
    pub next: Option<Moment>,
}

/// The outbox, from those mails on that are due first.
///
/// # Errors
/// When the database fails.
pub async fn queue(tx: &mut Tx) -> Result<Queue, DbError> {
    tx.sql(
        "select count(*) as queued, min(created_at) as oldest, min(next_at) as next from
             (select created_at, next_at from mails where next_at is not null order by next_at limit 10000) as queue",
    )
    .one()
    .await
}

/// Open cases by state, up to 10000 together. Beyond that it tells of a part of them, and the events tell of the rest.
///
/// # Errors
/// When the database fails.
pub async fn open_cases(tx: &mut Tx) -> Result<Vec<(String, i64)>, DbError> {
    tx.sql(
        "select state, count(*) from
             (select state from cases where state in ('collecting', 'waiting', 'paused') limit 10000) as open
         group by state",
    )
    .all()
    .await
}

/// Cases whose next moment has come, up to 1000.
///
/// # Errors
/// When the database fails.
pub async fn overdue_cases(tx: &mut Tx, now: Moment) -> Result<i64, DbError> {
    tx.sql("select count(*) from (select wake_at from cases where wake_at <= $1 limit 1000) as due")
        .bind(now)
        .scalar()
        .await
}

/// Mails that came in to vote and were refused since then, up to 10000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct RefusedMails {
    /// How many.
    #[sqlx(rename = "all_of_them")]
    pub all: i64,
    /// Those among them that say they are from somebody who is known here.
    pub known: i64,
}

/// How many mails were refused since then.
///
/// # Errors
/// When the database fails.
pub async fn refused_mails(tx: &mut Tx, since: Moment) -> Result<RefusedMails, DbError> {
    tx.sql(
        "select count(*) as all_of_them, count(users.id) as known from
             (select sender from inbound_mails where verdict = 'refused' and received_at > $1 limit 10000) as refused
             left join users on users.email = refused.sender",
    )
    .bind(since)
    .one()
    .await
}
