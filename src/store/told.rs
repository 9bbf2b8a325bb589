//! Who was told, as far as their mail servers say: what waits for it, waits for nothing else.

use std::collections::BTreeMap;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// What became of the alerts about the present quorum of a case: those of the quorum itself, of a prolonged waiting period,
/// of the end of a pause, and the reminders. Each names the moment at which ownership changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alerts(BTreeMap<UserId, Told>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    /// When a mail server first took one of them that has not come back.
    accepted_at: Option<Moment>,
    bounced: i64,
    undeliverable: i64,
    queued: i64,
}

/// Why an owner does not count as told in time. Whoever stayed silent is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// An alert was taken over, and too late.
    TooLate,
    /// The alerts came back.
    Bounced,
    /// The mail server refused the alerts for good.
    Undeliverable,
    /// The alerts still wait for the mail server.
    Queued,
    /// There was none.
    NotWritten,
}

impl Missed {
    /// The stable word, as in the activity log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooLate => "too_late",
            Self::Bounced => "bounced",
            Self::Undeliverable => "undeliverable",
            Self::Queued => "queued",
            Self::NotWritten => "not_written",
        }
    }
}

impl Alerts {
    /// The moment by which every one of these owners had been told. `None` when one of them has not been, and when there
    /// are no owners.
    #[must_use]
    pub fn notice(&self, owners: &[UserId]) -> Option<Moment> {
        let each: Option<Vec<Moment>> =
            owners.iter().map(|owner| self.0.get(owner).and_then(|told| told.accepted_at)).collect();
        each.and_then(|moments| moments.into_iter().max())
    }

    /// When a mail server first took an alert to this owner that has not come back.
    #[must_use]
    pub fn accepted_at(&self, owner: UserId) -> Option<Moment> {
        self.0.get(&owner).and_then(|told| told.accepted_at)
    }

    /// Why this owner had not been told by then, if so.
    #[must_use]
    pub fn missed(&self, owner: UserId, by: Moment) -> Option<Missed> {
        let Some(told) = self.0.get(&owner) else { return Some(Missed::NotWritten) };
        match told {
            Told { accepted_at: Some(at), .. } => (*at > by).then_some(Missed::TooLate),
            Told { bounced: 1.., .. } => Some(Missed::Bounced),
            Told { undeliverable: 1.., .. } => Some(Missed::Undeliverable),
            Told { queued: 1.., .. } => Some(Missed::Queued),
            Told { .. } => Some(Missed::NotWritten),
        }
    }
}

#[derive(sqlx::FromRow)]
struct ToldRow {
    user_id: UserId,
    accepted_at: Option<Moment>,
    bounced: i64,
    undeliverable: i64,
    queued: i64,
}

/// What became of the alerts about the quorum that a case has had since that moment.
///
/// # Errors
/// When the database fails.
pub async fn alerts(tx: &mut Tx, case: CaseId, since: Moment) -> Result<Alerts, DbError> {
    // An alert of an earlier quorum names an earlier due moment, even when a mail server takes it only now.
    let rows: Vec<ToldRow> = tx
        .sql(
            "select user_id, min(case when status = 'accepted' then accepted_at end) as accepted_at,
                 count(case when status = 'bounced' then 1 end) as bounced,
                 count(case when status = 'undeliverable' then 1 end) as undeliverable,
                 count(case when status = 'queued' then 1 end) as queued
             from mails
             where case_id = $1 and event in ('quorum', 'extended', 'resumed', 'reminder') and created_at >= $2
                 and user_id is not null
             group by user_id",
        )
        .bind(case)
        .bind(since)
        .all()
        .await?;
    let told = |row: ToldRow| {
        let ToldRow { user_id, accepted_at, bounced, undeliverable, queued } = row;
        (user_id, Told { accepted_at, bounced, undeliverable, queued })
    };
    Ok(Alerts(rows.into_iter().map(told).collect()))
}

/// The moment by which the mail servers had taken every mail of an event to people of the account, and to whom it
/// concerns wherever they are. `None` while one of them has not, and where nobody in the account was written to.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx, account: AccountId, event: &str) -> Result<Option<Moment>, DbError> {
    let (inside, missing, last): (i64, i64, Option<Moment>) = tx
        .sql(
            "select count(account_id), count(case when status <> 'accepted' then 1 end), max(accepted_at) from mails
             where event = $2 and case_id is null and (account_id = $1 or account_id is null)",
        )
        .bind(account)
        .bind(event.to_owned())
        .one()
        .await?;
    Ok(last.filter(|_| inside > 0 && missing == 0))
}
