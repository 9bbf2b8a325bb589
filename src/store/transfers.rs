//! Offers of ownership: one row each, of which at most one of an account waits for an answer.

use sqlx::FromRow;

use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, TransferId, UserId},
    moment::Moment,
    ownership::transfer::{Cancelled, State, Transfer},
};

/// A transfer with the account that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The account.
    pub account: AccountId,
    /// The transfer.
    pub transfer: Transfer,
}

#[derive(FromRow)]
struct TransferRow {
    id: TransferId,
    account_id: AccountId,
    from_id: UserId,
    to_id: UserId,
    offered_at: Moment,
    expires_at: Moment,
    state: String,
    ended_at: Option<Moment>,
    why: Option<String>,
    ended_by: Option<UserId>,
    case_id: Option<CaseId>,
}

impl TransferRow {
    fn decode(self) -> Result<Stored, DbError> {
        let state = self.state().ok_or_else(|| DbError::corrupt("transfers", self.id))?;
        let Self { id, from_id: from, to_id: to, offered_at, expires_at, .. } = self;
        Ok(Stored { account: self.account_id, transfer: Transfer { id, from, to, offered_at, expires_at, state } })
    }

    fn state(&self) -> Option<State> {
        match (self.state.as_str(), self.ended_at, self.why.as_deref()) {
            ("pending", None, None) => Some(State::Pending),
            ("accepted", Some(at), None) => Some(State::Accepted { at }),
            ("declined", Some(at), None) => Some(State::Declined { at }),
            ("expired", Some(at), None) => Some(State::Expired { at }),
            ("cancelled", Some(at), Some(why)) => self.why(why).map(|why| State::Cancelled { at, why }),
            _ => None,
        }
    }

    fn why(&self, word: &str) -> Option<Cancelled> {
        match (word, self.ended_by, self.case_id) {
            ("taken_back", Some(by), None) => Some(Cancelled::TakenBack { by }),
            ("offerer_no_owner", None, None) => Some(Cancelled::OffererNoOwner),
            ("member_unfit", None, None) => Some(Cancelled::MemberUnfit),
            ("recovered", None, Some(case)) => Some(Cancelled::Recovered { case }),
            _ => None,
        }
    }
}

/// Stores a new offer. The database refuses it while another one of the account waits for an answer.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, account: AccountId, transfer: &Transfer) -> Result<(), DbError> {
    tx.sql(
        "insert into transfers (id, account_id, from_id, to_id, offered_at, expires_at, state)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(transfer.id)
    .bind(account)
    .bind(transfer.from)
    .bind(transfer.to)
    .bind(transfer.offered_at)
    .bind(transfer.expires_at)
    .bind(transfer.state.word())
    .run()
    .await?;
    Ok(())
}

/// Saves how an offer ended.
///
/// # Errors
/// When the database fails, or the offer has ended before.
pub async fn end(tx: &mut Tx, transfer: TransferId, state: State) -> Result<(), DbError> {
    let (why, by, case) = match state {
        State::Cancelled { why, .. } => match why {
            Cancelled::TakenBack { by } => (Some(why.word()), Some(by), None),
            Cancelled::Recovered { case } => (Some(why.word()), None, Some(case)),
            Cancelled::OffererNoOwner | Cancelled::MemberUnfit => (Some(why.word()), None, None),
        },
        State::Pending | State::Accepted { .. } | State::Declined { .. } | State::Expired { .. } => (None, None, None),
    };
    let written = tx
        .sql(
            "update transfers set state = $2, ended_at = $3, why = $4, ended_by = $5, case_id = $6
             where id = $1 and state = 'pending'",
        )
        .bind(transfer)
        .bind(state.word())
        .bind(state.ended_at())
        .bind(why)
        .bind(by)
        .bind(case)
        .run()
        .await?;
    if written == 1 { Ok(()) } else { Err(DbError::corrupt("transfers", transfer)) }
}

/// The transfer with that id.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, transfer: TransferId) -> Result<Option<Stored>, DbError> {
    let row = tx
        .sql(
            "select id, account_id, from_id, to_id, offered_at, expires_at, state, ended_at, why, ended_by, case_id
             from transfers where id = $1",
        )
        .bind(transfer)
        .maybe::<TransferRow>()
        .await?;
    row.map(TransferRow::decode).transpose()
}

/// The transfer of an account that waits for an answer, as far as anybody has written down.
///
/// # Errors
/// When the database fails.
pub async fn pending(tx: &mut Tx, account: AccountId) -> Result<Option<Transfer>, DbError> {
    let row = tx
        .sql(
            "select id, account_id, from_id, to_id, offered_at, expires_at, state, ended_at, why, ended_by, case_id
             from transfers where account_id = $1 and state = 'pending'",
        )
        .bind(account)
        .maybe::<TransferRow>()
        .await?;
    Ok(row.map(TransferRow::decode).transpose()?.map(|stored| stored.transfer))
}

/// The transfers of an account by id, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    account: AccountId,
    after: Option<TransferId>,
    limit: i64,
) -> Result<Vec<Transfer>, DbError> {
    let rows = tx
        .sql(
            "select id, account_id, from_id, to_id, offered_at, expires_at, state, ended_at, why, ended_by, case_id
             from transfers where account_id = $1 and id > $2 order by id limit $3",
        )
        .bind(account)
        .bind(after.unwrap_or(TransferId::LOWEST))
        .bind(limit)
        .all::<TransferRow>()
        .await?;
    rows.into_iter().map(|row| row.decode().map(|stored| stored.transfer)).collect()
}

/// The offers that wait for an answer of that person, the first first.
///
/// # Errors
/// When the database fails.
pub async fn offered_to(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Stored>, DbError> {
    let rows = tx
        .sql(
            "select id, account_id, from_id, to_id, offered_at, expires_at, state, ended_at, why, ended_by, case_id
             from transfers where to_id = $1 and state = 'pending' and expires_at > $2 order by id limit 100",
        )
        .bind(user)
        .bind(now)
        .all::<TransferRow>()
        .await?;
    rows.into_iter().map(TransferRow::decode).collect()
}

/// Offers whose time is over and that nobody has ended, by id, after a given one.
///
/// # Errors
/// When the database fails.
pub async fn due(tx: &mut Tx, now: Moment, after: Option<TransferId>, limit: i64) -> Result<Vec<TransferId>, DbError> {
    tx.sql(
        "select id from transfers where state = 'pending' and expires_at <= $1 and ($2 is null or id > $2)
         order by id limit $3",
    )
    .bind(now)
    .bind(after)
    .bind(limit)
    .scalars()
    .await
}
