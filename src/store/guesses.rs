//! How often a password or a code was tried lately: for one address, whether or not anybody has it, for one request, or in
//! one session.
//!
//! A try is counted before it is weighed, in one statement that locks its row. So tries at the same time cannot all see
//! the count before them, and an address that nobody has costs what any other does.

use super::{error::DbError, tx::Tx};
use crate::{moment::Moment, secret::Subject};

/// What a count has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// When it began.
    pub since_at: Moment,
    /// How many tries there were, with this one.
    pub tries: i64,
}

/// Counts a try, and says how many there were since the count began. It begins anew where it began before `since`.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &mut Tx, subject: &Subject, now: Moment, since: Moment) -> Result<Counted, DbError> {
    let (since_at, tries) = tx
        .sql(
            "insert into guesses (subject, since_at, count) values ($1, $2, 1)
             on conflict (subject) do update set
                 count = case when guesses.since_at > $3 then guesses.count + 1 else 1 end,
                 since_at = case when guesses.since_at > $3 then guesses.since_at else $2 end
             returning since_at, count",
        )
        .bind(subject.as_bytes().to_vec())
        .bind(now)
        .bind(since)
        .one::<(Moment, i64)>()
        .await?;
    Ok(Counted { since_at, tries })
}

/// Takes a try back that was right, unless the count has begun anew since.
///
/// # Errors
/// When the database fails.
pub async fn take_back(tx: &mut Tx, subject: &Subject, counted: Counted) -> Result<(), DbError> {
    tx.sql("update guesses set count = count - 1 where subject = $1 and since_at = $2 and count > 0")
        .bind(subject.as_bytes().to_vec())
        .bind(counted.since_at)
        .run()
        .await?;
    Ok(())
}

/// Deletes counts that began before a moment.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64, DbError> {
    tx.sql("delete from guesses where since_at < $1").bind(before).run().await
}
