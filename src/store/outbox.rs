//! The outbox as people see it: what was written to whom, and what became of it.

use super::{
    error::DbError,
    mails::{Contact, Status, Unreadable, brand},
    tx::Tx,
};
use crate::{
    id::{AccountId, CaseId, MailId, UserId},
    mail::{message::Message, render::Brand},
    moment::Moment,
    zone::Zone,
};

/// A mail and what became of it, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: MailId,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// To whom.
    pub to: Contact,
    /// The stable name of its kind.
    pub kind: String,
    /// For owner alerts, what happened.
    pub event: Option<String>,
    /// What became of it.
    pub status: Status,
    /// How often it was tried. Claims that were given back do not count.
    pub attempts: i64,
    /// When its cause happened.
    pub created_at: Moment,
    /// When it is tried (again), while it is queued.
    pub next_at: Option<Moment>,
    /// When the mail server took it over.
    pub accepted_at: Option<Moment>,
    /// What the mail server said last, or why nothing was sent.
    pub last_answer: Option<String>,
    /// When it was reported that it did not arrive, and what the report says.
    pub bounce: Option<(Moment, String)>,
}

/// A mail with what it says. The codes and links in it are still only named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// To whom, when, and what became of it.
    pub entry: Entry,
    /// What it says.
    pub message: Result<Message, Unreadable>,
    /// How the account looked when it was queued.
    pub brand: Brand,
    /// The zone of its reader when it was queued.
    pub zone: Zone,
    /// The number of the checkpoint that it bears, if it bears one; zero if there was none. Fixed when it is first claimed.
    pub checkpoint: Option<u64>,
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: MailId,
    account_id: Option<AccountId>,
    case_id: Option<CaseId>,
    user_id: Option<UserId>,
    address: String,
    recipient: String,
    kind: String,
    event: Option<String>,
    status: String,
    attempts: i64,
    created_at: Moment,
    next_at: Option<Moment>,
    accepted_at: Option<Moment>,
    last_answer: Option<String>,
    bounced_at: Option<Moment>,
    bounce: Option<String>,
    untried: i64,
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    #[sqlx(flatten)]
    entry: EntryRow,
    message: String,
    brand_name: Option<String>,
    brand_colour: Option<String>,
    time_zone: Option<String>,
    checkpoint: Option<i64>,
}

macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "select id, account_id, case_id, user_id, address, recipient, kind, event, status, attempts, created_at,
                 next_at, accepted_at, last_answer, bounced_at, bounce, untried from mails ",
            $rest
        )
    };
}

/// The longest page of a list, and one more, by which its reader learns whether another page follows.
const LIMIT: i64 = 201;

/// The mails of a case, the first queued first, after the one with this id.
///
/// # Errors
/// When the database fails.
pub async fn of_case(tx: &mut Tx, case: CaseId, after: Option<MailId>, limit: i64) -> Result<Vec<Entry>, DbError> {
    let rows: Vec<EntryRow> = tx
        .sql(select_entries!("where case_id = $1 and id > $2 order by id limit $3"))
        .bind(case)
        .bind(after.unwrap_or(MailId::LOWEST))
        .bind(limit.clamp(0, LIMIT))
        .all()
        .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// The mails of an account, the first queued first, after the one with this id.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    account: AccountId,
    after: Option<MailId>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let rows: Vec<EntryRow> = tx
        .sql(select_entries!("where account_id = $1 and id > $2 order by id limit $3"))
        .bind(account)
        .bind(after.unwrap_or(MailId::LOWEST))
        .bind(limit.clamp(0, LIMIT))
        .all()
        .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// The mails of an account, the newest first, before the one with this id.
///
/// # Errors
/// When the database fails.
pub async fn newest_of_account(
    tx: &mut Tx,
    account: AccountId,
    before: Option<MailId>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let rows: Vec<EntryRow> = tx
        .sql(select_entries!("where account_id = $1 and id < $2 order by id desc limit $3"))
        .bind(account)
        .bind(before.unwrap_or(MailId::HIGHEST))
        .bind(limit.clamp(0, LIMIT))
        .all()
        .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// The newest mails of all, the newest first: for the built-in mailbox.
///
/// # Errors
/// When the database fails.
pub async fn of_mailbox(tx: &mut Tx, limit: i64) -> Result<Vec<Kept>, DbError> {
    let rows: Vec<KeptRow> =
        tx.sql("select * from mails order by id desc limit $1").bind(limit.clamp(0, LIMIT)).all().await?;
    rows.into_iter().map(Kept::try_from).collect()
}

/// One mail.
///
/// # Errors
/// When the database fails.
pub async fn one(tx: &mut Tx, id: MailId) -> Result<Option<Kept>, DbError> {
    let row: Option<KeptRow> = tx.sql("select * from mails where id = $1").bind(id).maybe().await?;
    row.map(Kept::try_from).transpose()
}

impl TryFrom<EntryRow> for Entry {
    type Error = DbError;

    fn try_from(row: EntryRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id,
            account: row.account_id,
            case: row.case_id,
            to: Contact { user: row.user_id, name: row.recipient, email: row.address },
            kind: row.kind,
            event: row.event,
            status: Status::named(&row.status).ok_or_else(|| DbError::corrupt("mails", row.id))?,
            attempts: row.attempts - row.untried,
            created_at: row.created_at,
            next_at: row.next_at,
            accepted_at: row.accepted_at,
            last_answer: row.last_answer,
            bounce: row.bounced_at.zip(row.bounce),
        })
    }
}

impl TryFrom<KeptRow> for Kept {
    type Error = DbError;

    fn try_from(row: KeptRow) -> Result<Self, DbError> {
        let checkpoint = row.checkpoint.map(u64::try_from).transpose();
        Ok(Self {
            checkpoint: checkpoint.map_err(|_| DbError::corrupt("mails", row.entry.id))?,
            message: serde_json::from_str(&row.message).map_err(|_| Unreadable),
            brand: brand(row.brand_name, row.brand_colour.as_deref()),
            zone: Zone::known(row.time_zone.as_deref()),
            entry: row.entry.try_into()?,
        })
    }
}
