//! What became of the mails about an account or a case: the proof that people were told.
//!
//! Who may read the account or the case may read this. Addresses, and the mail servers' answers, which often quote them,
//! are for the account's owners and administrators, and for operators.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::{AccountId, CaseId, MailId, UserId},
    moment::Moment,
    ownership::member::Status,
    store::{
        accounts, members,
        outbox::{self, Entry},
        scene,
        tx::Tx,
    },
};

/// A mail, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MailView {
    /// Its id. Its Message-ID begins with it.
    pub id: MailId,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// To whom.
    pub recipient: RecipientView,
    /// Their address when the mail was queued; null for callers who may not see it.
    pub address: Option<String>,
    /// Its kind, for example `ballot_request` or `owner_alert`.
    pub kind: String,
    /// `queued` (deferred, once it was tried), `accepted` (by the mail server), `bounced` (accepted, and then reported as not
    /// delivered), `undeliverable`, or `dropped` when its occasion had passed.
    pub status: &'static str,
    /// How often it was tried.
    pub attempts: i64,
    /// When its cause happened.
    pub created_at: Moment,
    /// When it is tried (again), while it is queued.
    pub next_at: Option<Moment>,
    /// When the mail server took it over.
    pub accepted_at: Option<Moment>,
    /// What the mail server said last, or why nothing was sent; null for callers who may not see addresses.
    pub last_answer: Option<String>,
    /// When it was reported that the mail did not arrive.
    pub bounced_at: Option<Moment>,
    /// What that report says; null for callers who may not see addresses.
    pub bounce: Option<String>,
}

/// Somebody to whom a mail went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecipientView {
    /// The person; null for a recovery user.
    pub user: Option<UserId>,
    /// Their name; to callers who may not know whom to rob, a recovery user is just that.
    pub name: String,
}

/// The mails about a case, the first queued first, for whoever may read the case.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn of_case(
    app: &App,
    principal: &Principal,
    case: CaseId,
    after: Option<MailId>,
    limit: u16,
) -> Result<Vec<MailView>, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let scene = scene::load(tx, case, None).await?.ok_or(Error::NotFound)?;
    let account = scene.account.id;
    rights::may_read_case(tx, principal, account, &scene.case).await?;
    let sight = sight(tx, principal, account).await?;
    let entries = outbox::of_case(tx, case, after, i64::from(limit)).await?;
    Ok(entries.into_iter().map(|entry| view(entry, sight)).collect())
}

/// Every mail about a case, for somebody who may read it.
pub(super) async fn all_of_case(
    tx: &mut Tx,
    principal: &Principal,
    account: AccountId,
    case: CaseId,
) -> Result<Vec<MailView>, Error> {
    let sight = sight(tx, principal, account).await?;
    let mut views: Vec<MailView> = Vec::new();
    loop {
        let entries = outbox::of_case(tx, case, views.last().map(|mail| mail.id), BATCH).await?;
        if entries.is_empty() {
            return Ok(views);
        }
        views.extend(entries.into_iter().map(|entry| view(entry, sight)));
    }
}

/// How many mails are read at once.
const BATCH: i64 = 200;

/// The mails about an account, the first queued first, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn of_account(
    app: &App,
    principal: &Principal,
    account: AccountId,
    after: Option<MailId>,
    limit: u16,
) -> Result<Vec<MailView>, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, account).await?;
    let sight = sight(tx, principal, account).await?;
    let entries = outbox::of_account(tx, account, after, i64::from(limit)).await?;
    Ok(entries.into_iter().map(|entry| view(entry, sight)).collect())
}

/// The mails about an account, the newest first, before the one with this id, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn newest_of_account(
    app: &App,
    principal: &Principal,
    account: AccountId,
    before: Option<MailId>,
    limit: u16,
) -> Result<(String, Vec<MailView>), Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let name = accounts::find(tx, account).await?.ok_or(Error::NotFound)?.name;
    rights::may_read(tx, principal, account).await?;
    let sight = sight(tx, principal, account).await?;
    let entries = outbox::newest_of_account(tx, account, before, i64::from(limit)).await?;
    Ok((name, entries.into_iter().map(|entry| view(entry, sight)).collect()))
}

/// How much of a mail the caller sees.
#[derive(Clone, Copy)]
enum Sight {
    /// Every address: an owner, or the operator.
    All,
    /// Those of members; where paper keys are, only owners need to know.
    OfMembers,
    /// None.
    NoAddresses,
}

async fn sight(tx: &mut Tx, principal: &Principal, account: AccountId) -> Result<Sight, Error> {
    let user = match principal {
        Principal::Operator { .. } => return Ok(Sight::All),
        Principal::Platform { .. } => return Ok(Sight::NoAddresses),
        Principal::Person { user, .. } => *user,
    };
    let member = members::find(tx, account, user).await?.map(|stored| stored.member);
    Ok(match member.filter(|member| member.status == Status::Active) {
        Some(member) if member.owner => Sight::All,
        Some(member) if member.administrator => Sight::OfMembers,
        Some(_) | None => Sight::NoAddresses,
    })
}

fn view(entry: Entry, sight: Sight) -> MailView {
    let (bounced_at, report) = entry.bounce.unzip();
    let (address, last_answer, bounce) = match (sight, entry.to.user) {
        (Sight::All, _) | (Sight::OfMembers, Some(_)) => (Some(entry.to.email), entry.last_answer, report),
        (Sight::OfMembers, None) | (Sight::NoAddresses, _) => (None, None, None),
    };
    let name = match (sight, entry.to.user) {
        (Sight::All, _) | (_, Some(_)) => entry.to.name,
        (Sight::OfMembers | Sight::NoAddresses, None) => "a recovery user".to_owned(),
    };
    MailView {
        id: entry.id,
        case: entry.case,
        recipient: RecipientView { user: entry.to.user, name },
        address,
        kind: entry.kind,
        status: entry.status.name(),
        attempts: entry.attempts,
        created_at: entry.created_at,
        next_at: entry.next_at,
        accepted_at: entry.accepted_at,
        last_answer,
        bounced_at,
        bounce,
    }
}
