//! A ballot that changes the count and nothing else: everything it writes, in one statement.
//!
//! Most ballots are of that kind, and they are what a service with many accounts spends its time on. The statement takes
//! the place of the account's lock: it writes only while the account's activity chain still ends where the decision
//! found it.

use super::{cases, error::DbError, sql::Pair, tx::Tx};
use crate::{
    activity::{chain::Sealed, entry::Hash},
    id::{AccountId, CaseId, UserId},
    recovery::ballot::Ballot,
};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is saved.
    Whole,
    /// Somebody else wrote in the account since it was read, and nothing is saved.
    Overtaken,
}

/// A ballot, and what it is saved under.
#[derive(Debug, Clone)]
pub struct Alone {
    /// The account.
    pub account: AccountId,
    /// Where its activity chain ended when the ballot was decided on.
    pub head: Hash,
    /// The case.
    pub case: CaseId,
    /// Whose ballot.
    pub elector: UserId,
    /// The ballot.
    pub ballot: Ballot,
    /// Its activity entry, which must have no personal values.
    pub sealed: Sealed,
}

/// Saves a ballot together with its activity entry.
///
/// # Errors
/// When the database fails.
pub async fn save_alone(tx: &mut Tx, alone: &Alone) -> Result<Saved, DbError> {
    let Alone { account, head, case, elector, ballot, sealed } = alone;
    let seq = i64::try_from(sealed.entry.seq).map_err(|_| DbError::corrupt("activity", *account))?;
    let written = tx
        .sql(SAVE)
        .bind(*account)
        .bind(seq)
        .bind(sealed.hash.as_bytes().to_vec())
        .bind(head.as_bytes().to_vec())
        .bind(*case)
        .bind(*elector)
        .bind(cases::choice_word(ballot.choice))
        .bind(cases::way_word(ballot.way))
        .bind(ballot.terms_hash.as_bytes().to_vec())
        .bind(ballot.cast_at)
        .bind(sealed.entry.kind.clone())
        .bind(sealed.body.clone())
        .run()
        .await?;
    Ok(if written > 0 { Saved::Whole } else { Saved::Overtaken })
}

/// On SQLite three statements that are sent together; each writes only if the one before it did.
const SAVE: Pair = Pair {
    postgres: "with head as (
            update accounts set head_seq = $2, head_hash = $3
            where id = $1 and head_seq = $2 - 1 and head_hash = $4
            returning id
        ), ballot as (
            insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
            select $5, $6, id, $7, $8, $9, $10, true from head
            on conflict (case_id, user_id) do update set choice = excluded.choice, way = excluded.way,
                terms_hash = excluded.terms_hash, cast_at = excluded.cast_at, live = excluded.live
        )
        insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash)
        select id, $2, $10, $11, $6, $5, $6, false, $12, $3 from head",
    sqlite: "update accounts set head_seq = $2, head_hash = $3
            where id = $1 and head_seq = $2 - 1 and head_hash = $4;
        insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
            select $5, $6, $1, $7, $8, $9, $10, true where changes() = 1
            on conflict (case_id, user_id) do update set choice = excluded.choice, way = excluded.way,
                terms_hash = excluded.terms_hash, cast_at = excluded.cast_at, live = excluded.live;
        insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash)
            select $1, $2, $10, $11, $6, $5, $6, false, $12, $3 where changes() = 1",
};
