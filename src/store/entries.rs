//! Looking entries of an account's log up: by what they are, by whom, about whom, of which case, and from when.
//!
//! Each way has an index, so that a page costs the same however long the log is. Several together go by the one that finds the
//! least, and look at each entry for the rest.

use super::{activity::Line, error::DbError, sql::Pair, tx::Tx};
use crate::{
    id::{AccountId, CaseId, UserId},
    moment::Moment,
};

/// What entries to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only after that number.
    pub after: i64,
    /// Only up to that number.
    pub until: i64,
    /// Only about that case.
    pub case: Option<CaseId>,
    /// Only by that person.
    pub actor: Option<UserId>,
    /// Only by that person, or about them.
    pub person: Option<UserId>,
    /// Only of these kinds; none at all: of every kind.
    pub kinds: Vec<&'static str>,
    /// Only from that moment on.
    pub from: Option<Moment>,
    /// Only before that moment.
    pub before: Option<Moment>,
    /// Which come first.
    pub order: Order,
}

/// Which entries come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Those with the smallest numbers.
    OldestFirst,
    /// Those with the greatest.
    NewestFirst,
}

impl Default for Filter {
    /// All of them, the oldest first.
    fn default() -> Self {
        Self {
            after: 0,
            until: i64::MAX,
            case: None,
            actor: None,
            person: None,
            kinds: Vec::new(),
            from: None,
            before: None,
            order: Order::OldestFirst,
        }
    }
}

// $1 account, $2 after, $3 until, $4 kinds, $5 actor, $6 from, $7 before, $8 limit, $9 person, $10 case.
macro_rules! rest {
    () => {
        "account_id = $1 and seq > $2 and seq <= $3 and ($5 is null or actor_id = $5)
             and ($6 is null or at >= $6) and ($7 is null or at < $7)"
    };
}

macro_rules! columns {
    () => {
        "seq, at, kind, body, hash"
    };
}

macro_rules! all {
    ($order:literal) => {
        concat!(
            "select ",
            columns!(),
            " from activity
             where ",
            rest!(),
            " and $4 is null and $9 is null and $10 is null
             order by seq ",
            $order,
            " limit $8"
        )
    };
}

macro_rules! of_case {
    ($order:literal, $kinds:literal) => {
        concat!(
            "select ",
            columns!(),
            " from activity
             where case_id = $10 and ",
            rest!(),
            " and ($4 is null or kind in ",
            $kinds,
            ")
                 and ($9 is null or actor_id = $9 or user_id = $9)
             order by seq ",
            $order,
            " limit $8"
        )
    };
}

// What they did to themselves stands in one of the two indexes alone, and in one of the two halves.
macro_rules! of_person {
    ($order:literal, $kinds:literal) => {
        concat!(
            "select ",
            columns!(),
            " from (
                 select ",
            columns!(),
            " from activity
                 where user_id = $9 and ",
            rest!(),
            " and ($4 is null or kind in ",
            $kinds,
            ") and $10 is null
                 order by seq ",
            $order,
            " limit $8
             ) about
             union all
             select ",
            columns!(),
            " from (
                 select ",
            columns!(),
            " from activity
                 where actor_id = $9 and actor_id is distinct from user_id
                     and ",
            rest!(),
            " and ($4 is null or kind in ",
            $kinds,
            ")
                 order by seq ",
            $order,
            " limit $8
             ) by_them
             order by seq ",
            $order,
            " limit $8"
        )
    };
}

// The first of each kind, and of these the first: no kind is read further than it can matter.
macro_rules! of_kinds_sqlite {
    ($order:literal) => {
        concat!(
            "select a.seq, a.at, a.kind, a.body, a.hash from json_each($4) k
             cross join activity a on a.account_id = $1 and a.kind = k.value and a.seq in (
                 select seq from activity
                 where kind = k.value and ",
            rest!(),
            " and $9 is null and $10 is null
                 order by seq ",
            $order,
            " limit $8
             )
             order by a.seq ",
            $order,
            " limit $8"
        )
    };
}

macro_rules! of_kinds_postgres {
    ($order:literal) => {
        concat!(
            "select a.seq, a.at, a.kind, a.body, a.hash from jsonb_array_elements_text($4::jsonb) k (kind)
             cross join lateral (
                 select ",
            columns!(),
            " from activity
                 where activity.kind = k.kind and ",
            rest!(),
            " and $9 is null and $10 is null
                 order by seq ",
            $order,
            " limit $8
             ) a
             order by a.seq ",
            $order,
            " limit $8"
        )
    };
}

macro_rules! both {
    ($text:ident, $order:literal) => {
        Pair {
            sqlite: $text!($order, "(select value from json_each($4))"),
            postgres: $text!($order, "(select jsonb_array_elements_text($4::jsonb))"),
        }
    };
}

macro_rules! of_kinds {
    ($order:literal) => {
        Pair { sqlite: of_kinds_sqlite!($order), postgres: of_kinds_postgres!($order) }
    };
}

fn text(filter: &Filter) -> Pair {
    let person = filter.person.or(filter.actor);
    match (filter.order, filter.case, person, filter.kinds.is_empty()) {
        (Order::OldestFirst, Some(_), _, _) => both!(of_case, "asc"),
        (Order::NewestFirst, Some(_), _, _) => both!(of_case, "desc"),
        (Order::OldestFirst, None, Some(_), _) => both!(of_person, "asc"),
        (Order::NewestFirst, None, Some(_), _) => both!(of_person, "desc"),
        (Order::OldestFirst, None, None, false) => of_kinds!("asc"),
        (Order::NewestFirst, None, None, false) => of_kinds!("desc"),
        (Order::OldestFirst, None, None, true) => all!("asc").into(),
        (Order::NewestFirst, None, None, true) => all!("desc").into(),
    }
}

/// Reads entries in the order that the filter says.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, account: AccountId, filter: &Filter, limit: i64) -> Result<Vec<Line>, DbError> {
    let kinds = (!filter.kinds.is_empty()).then(|| serde_json::json!(filter.kinds).to_string());
    tx.sql(text(filter))
        .bind(account)
        .bind(filter.after)
        .bind(filter.until)
        .bind(kinds)
        .bind(filter.actor)
        .bind(filter.from)
        .bind(filter.before)
        .bind(limit)
        .bind(filter.person.or(filter.actor))
        .bind(filter.case)
        .all()
        .await
}

/// Replicas' clocks differ a little, so that moments do not quite follow numbers: so many entries around a moment are looked at.
const ASTRAY: i64 = 100;

/// Narrows a filter to the numbers between its moments. Moments follow numbers, so they are found by halves, without an index.
///
/// # Errors
/// When the database fails.
pub async fn narrow(tx: &mut Tx, account: AccountId, head: u64, filter: &mut Filter) -> Result<(), DbError> {
    let head = i64::try_from(head).unwrap_or(i64::MAX);
    if let Some(from) = filter.from {
        filter.after = filter.after.max(last_before(tx, account, head, from).await?.saturating_sub(ASTRAY));
    }
    if let Some(before) = filter.before {
        filter.until = filter.until.min(last_before(tx, account, head, before).await?.saturating_add(ASTRAY));
    }
    Ok(())
}

/// The number of the last entry before a moment; 0 when there is none.
async fn last_before(tx: &mut Tx, account: AccountId, head: i64, moment: Moment) -> Result<i64, DbError> {
    tx.sql(
        "with recursive halves (low, high) as (
             select cast(0 as bigint), cast($2 as bigint) + 1
             union all
             select case when a.at < $3 then a.seq else halves.low end,
                 case when a.at < $3 then halves.high else a.seq end
             from halves
             join activity a on a.account_id = $1 and a.seq = (halves.low + halves.high) / 2
             where halves.high - halves.low > 1
         )
         select max(low) from halves",
    )
    .bind(account)
    .bind(head)
    .bind(moment)
    .scalar()
    .await
}

/// Whether the log tells of anything that a person did, or that was done to them.
///
/// # Errors
/// When the database fails.
pub async fn tells_of(tx: &mut Tx, account: AccountId, person: UserId) -> Result<bool, DbError> {
    let filter = Filter { person: Some(person), ..Filter::default() };
    Ok(!list(tx, account, &filter, 1).await?.is_empty())
}
