//! Cases looked up by what stands around them: by time, by account, by person.

use std::fmt;

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// Cases whose next moment has come, the longest overdue first.
///
/// # Errors
/// When the database fails.
pub async fn due(tx: &mut Tx, now: Moment, limit: i64) -> Result<Vec<CaseId>, DbError> {
    tx.sql("select id from cases where wake_at <= $1 order by wake_at limit $2").bind(now).bind(limit).scalars().await
}

/// Has every other collecting case of the account look again: the place for a case with a quorum has become free.
///
/// # Errors
/// When the database fails.
pub async fn wake_others(tx: &mut Tx, account: AccountId, case: CaseId, now: Moment) -> Result<(), DbError> {
    tx.sql("update cases set wake_at = $3 where account_id = $1 and id <> $2 and state = 'collecting'")
        .bind(account)
        .bind(case)
        .bind(now)
        .run()
        .await?;
    tx.cases_are_due();
    Ok(())
}

/// The open cases of an account, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn open_of(tx: &mut Tx, account: AccountId) -> Result<Vec<CaseId>, DbError> {
    tx.sql(
        "select id from cases where account_id = $1 and state in ('collecting', 'waiting', 'paused')
         order by opened_at, id",
    )
    .bind(account)
    .scalars()
    .await
}

/// An open case that would take somebody's ownership.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Threat {
    /// The case.
    pub case: CaseId,
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// The state's word.
    pub state: String,
    /// When ownership changes, once enough agree.
    pub due_at: Option<Moment>,
}

/// The open cases that would take this person's ownership, the oldest first; so many at most.
///
/// # Errors
/// When the database fails.
pub async fn threats(tx: &mut Tx, user: UserId, limit: i64) -> Result<Vec<Threat>, DbError> {
    tx.sql(
        "select c.id as \"case\", c.account_id as account, a.name as account_name, c.state, c.due_at
         from members m join cases c on c.account_id = m.account_id join accounts a on a.id = m.account_id
         where m.user_id = $1 and m.owner and c.kind = 'replace' and c.state in ('collecting', 'waiting', 'paused')
         order by c.id limit $2",
    )
    .bind(user)
    .bind(limit)
    .all()
    .await
}

/// The cases of an account by id, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, account: AccountId, after: Option<CaseId>, limit: i64) -> Result<Vec<CaseId>, DbError> {
    tx.sql("select id from cases where account_id = $1 and id > $2 order by id limit $3")
        .bind(account)
        .bind(after.unwrap_or(CaseId::LOWEST))
        .bind(limit)
        .scalars()
        .await
}

/// Another case of the account that is waiting or paused.
///
/// # Errors
/// When the database fails.
pub async fn place_taken_by(tx: &mut Tx, account: AccountId, case: CaseId) -> Result<Option<CaseId>, DbError> {
    tx.sql("select id from cases where account_id = $1 and id <> $2 and state in ('waiting', 'paused')")
        .bind(account)
        .bind(case)
        .maybe_scalar()
        .await
}

/// Another open case of the account in which this person has a live approval.
///
/// # Errors
/// When the database fails.
pub async fn approval_elsewhere(
    tx: &mut Tx,
    account: AccountId,
    case: CaseId,
    user: UserId,
) -> Result<Option<CaseId>, DbError> {
    tx.sql(
        "select case_id from ballots
         where account_id = $1 and user_id = $2 and case_id <> $3 and choice = 'approve' and live",
    )
    .bind(account)
    .bind(user)
    .bind(case)
    .maybe_scalar()
    .await
}

/// What earlier cases mean for a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// The opener's open case.
    pub open: Option<CaseId>,
    /// When the opener's last case that did not complete ended.
    pub failed_at: Option<Moment>,
    /// When an owner last vetoed a case for the nominee.
    pub vetoed_at: Option<Moment>,
}

/// Reads what earlier cases of the account mean for a new one.
///
/// # Errors
/// When the database fails.
pub async fn history(tx: &mut Tx, account: AccountId, opener: UserId, nominee: UserId) -> Result<History, DbError> {
    let open = tx
        .sql(
            "select id from cases where account_id = $1 and opener = $2 and route = 'vote'
             and state in ('collecting', 'waiting', 'paused')",
        )
        .bind(account)
        .bind(opener)
        .maybe_scalar()
        .await?;
    let failed_at = tx
        .sql(
            "select max(ended_at) from cases where account_id = $1 and opener = $2 and route = 'vote'
             and state in ('vetoed', 'rejected', 'expired', 'withdrawn')",
        )
        .bind(account)
        .bind(opener)
        .scalar()
        .await?;
    Ok(History { open, failed_at, vetoed_at: vetoed_at(tx, account, nominee).await? })
}

/// When an owner last vetoed a case for this nominee, whoever opened it.
///
/// # Errors
/// When the database fails.
pub async fn vetoed_at(tx: &mut Tx, account: AccountId, nominee: UserId) -> Result<Option<Moment>, DbError> {
    tx.sql("select max(ended_at) from cases where account_id = $1 and nominee = $2 and state = 'vetoed'")
        .bind(account)
        .bind(nominee)
        .scalar()
        .await
}

/// The case with a quorum, waiting or paused, that would make this person owner.
///
/// # Errors
/// When the database fails.
pub async fn nominated(tx: &mut Tx, account: AccountId, user: UserId) -> Result<Option<CaseId>, DbError> {
    tx.sql("select id from cases where account_id = $1 and nominee = $2 and state in ('waiting', 'paused')")
        .bind(account)
        .bind(user)
        .maybe_scalar()
        .await
}

/// An open case, as somebody whom it concerns finds it among others.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Concern {
    /// The case.
    #[sqlx(rename = "id")]
    pub case: CaseId,
    /// Its account.
    #[sqlx(rename = "account_id")]
    pub account: AccountId,
    /// The account's name.
    #[sqlx(rename = "account_name")]
    pub account_name: String,
    /// The nominee's name.
    #[sqlx(rename = "nominee_name")]
    pub nominee_name: String,
    /// The word of its state.
    pub state: String,
    /// When it expires, unless the quorum is reached before.
    pub closes_at: Moment,
    /// When ownership changes, once the quorum is reached.
    pub due_at: Option<Moment>,
    /// The person's own ballot, in a word.
    pub choice: Option<String>,
}

/// The open cases in which a person has a ballot, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_elector(tx: &mut Tx, user: UserId) -> Result<Vec<Concern>, DbError> {
    tx.sql(
        "select c.id, c.account_id, a.name as account_name, u.name as nominee_name, c.state, c.closes_at, c.due_at, b.choice
         from electors e join cases c on c.id = e.case_id join accounts a on a.id = c.account_id
             join users u on u.id = c.nominee
             left join ballots b on b.case_id = e.case_id and b.user_id = e.user_id
         where e.user_id = $1 and e.lost_at is null and c.state in ('collecting', 'waiting', 'paused')
         order by c.opened_at, c.id limit 100",
    )
    .bind(user)
    .all()
    .await
}

/// The open cases of the accounts that a person owns, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_owner(tx: &mut Tx, user: UserId) -> Result<Vec<Concern>, DbError> {
    tx.sql(
        "select c.id, c.account_id, a.name as account_name, u.name as nominee_name, c.state, c.closes_at, c.due_at,
             cast(null as text) as choice
         from members m join cases c on c.account_id = m.account_id join accounts a on a.id = c.account_id
             join users u on u.id = c.nominee
         where m.user_id = $1 and m.owner and c.state in ('collecting', 'waiting', 'paused')
         order by c.opened_at, c.id limit 100",
    )
    .bind(user)
    .all()
    .await
}

/// How far a case has come: whatever its page shows has changed only if this has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Stand {
    /// The number of the last entry about it in the account's log: whatever happens to a case has one.
    pub entry: i64,
    /// Counts the mails about it that were queued, and each time that one was brought to its mail server.
    pub mails: i64,
}

impl fmt::Display for Stand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.entry, self.mails)
    }
}

/// How far a case has come.
///
/// # Errors
/// When the database fails.
pub async fn stand(tx: &mut Tx, case: CaseId) -> Result<Option<Stand>, DbError> {
    tx.sql(
        "select
             (select max(a.seq) from activity a where a.case_id = c.id) as entry,
             cast((select coalesce(sum(1 + m.attempts), 0) from mails m where m.case_id = c.id) as bigint) as mails
         from cases c where c.id = $1",
    )
    .bind(case)
    .maybe()
    .await
}
