//! Erasing personal values of the activity log: which there are, and taking them out. Their commitments stay.

use std::collections::BTreeSet;

use super::{
    activity::personal,
    entries::{self, Filter},
    error::DbError,
    sql::Pair,
    tx::Tx,
};
use crate::{
    activity::personal::{Whose, kinds_about_recovery_users, whose},
    id::{AccountId, RecoveryUserId, UserId},
    moment::Moment,
};

/// A personal value: the number of its entry, and its name.
pub type Place = (i64, String);

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The values that can be erased.
    pub places: Vec<Place>,
    /// The number of the last entry that was looked at; none when there are no more.
    pub after: Option<i64>,
}

/// So many entries are looked at at once.
const BATCH: i64 = 500;

/// The next values in the log of an account that are a person's, behind that number.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &mut Tx, account: AccountId, person: Whose, after: i64) -> Result<Found, DbError> {
    let filter = match person {
        Whose::User(user) => Filter { person: Some(user), after, ..Filter::default() },
        Whose::RecoveryUser(_) => Filter { kinds: kinds_about_recovery_users(), after, ..Filter::default() },
        Whose::Nobody => return Ok(Found::default()),
    };
    let lines = entries::list(tx, account, &filter, BATCH).await?;
    let values = personal(tx, account, &lines).await?;
    let mut found = Found { places: Vec::new(), after: lines.last().map(|line| line.seq) };
    for line in &lines {
        let entry = line.entry()?;
        let own = values.iter().filter(|value| value.seq == line.seq && whose(&entry, &value.name) == person);
        found.places.extend(own.map(|value| (line.seq, value.name.clone())));
    }
    Ok(found)
}

/// The oldest values that were recorded before a moment, in whatever account, except in cases that are open.
///
/// # Errors
/// When the database fails.
pub async fn recorded_before(tx: &mut Tx, moment: Moment) -> Result<Vec<(AccountId, i64, String)>, DbError> {
    tx.sql(
        "select p.account_id, p.seq, p.name from activity_personal p
         join activity a on a.account_id = p.account_id and a.seq = p.seq
         left join cases c on c.id = a.case_id
         where p.recorded_at < $1 and (c.id is null or c.ended_at is not null)
         order by p.recorded_at limit $2",
    )
    .bind(moment)
    .bind(BATCH)
    .all()
    .await
}

/// Those of these values that are there, and not in a case that is open.
///
/// # Errors
/// When the database fails.
pub async fn erasable(tx: &mut Tx, account: AccountId, places: &[Place]) -> Result<Vec<Place>, DbError> {
    tx.sql(ERASABLE).bind(account).bind(serde_json::json!(places).to_string()).all().await
}

macro_rules! among {
    ($places:literal) => {
        concat!(
            "select p.seq, p.name from activity_personal p
             join activity a on a.account_id = p.account_id and a.seq = p.seq
             left join cases c on c.id = a.case_id
             where p.account_id = $1 and (c.id is null or c.ended_at is not null) and (p.seq, p.name) in ",
            $places,
            " order by p.seq, p.name"
        )
    };
}

const ERASABLE: Pair = Pair {
    sqlite: among!("(select value ->> 0, value ->> 1 from json_each($2))"),
    postgres: among!("(select (value ->> 0)::bigint, value ->> 1 from jsonb_array_elements($2::jsonb))"),
};

/// Takes values out, behind the entry that says so, and says how many those were.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &mut Tx, account: AccountId, places: &[Place]) -> Result<u64, DbError> {
    tx.sql(ERASE).bind(account).bind(serde_json::json!(places).to_string()).run().await
}

macro_rules! out {
    ($places:literal) => {
        concat!("delete from activity_personal where account_id = $1 and (seq, name) in ", $places)
    };
}

const ERASE: Pair = Pair {
    sqlite: out!("(select value ->> 0, value ->> 1 from json_each($2))"),
    postgres: out!("(select (value ->> 0)::bigint, value ->> 1 from jsonb_array_elements($2::jsonb))"),
};

/// The accounts whose log tells of a person.
///
/// # Errors
/// When the database fails.
pub async fn accounts_of_user(tx: &mut Tx, user: UserId) -> Result<BTreeSet<AccountId>, DbError> {
    let rows: Vec<AccountId> = tx
        .sql(
            "select account_id from activity where user_id = $1
             union
             select account_id from activity where actor_id = $1 and actor_id is distinct from user_id",
        )
        .bind(user)
        .scalars()
        .await?;
    Ok(rows.into_iter().collect())
}

/// The account that chose a recovery user.
///
/// # Errors
/// When the database fails.
pub async fn account_of_recovery_user(tx: &mut Tx, user: RecoveryUserId) -> Result<Option<AccountId>, DbError> {
    tx.sql("select account_id from recovery_users where id = $1").bind(user).maybe_scalar().await
}
