//! Looking entries of an account's log up: by what they are, by whom, about whom, of which case, and from when.
//!
//! Each way has an index, so that a page costs the same however long the log is. Several together go by the one that finds the
//! least, and look at each entry for the rest. The index of a person has the kind in it, as what a person does most is of few kinds.

use serde_json::json;

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

// The first of each kind, and of these the first: no kind is read further than it can matter.
macro_rules! of_each_kind_sqlite {
    ($whose:literal, $order:literal) => {
        concat!(
            "select a.seq, a.at, a.kind, a.body, a.hash from json_each($4) k
             cross join activity a on a.account_id = $1 and a.kind = k.value and a.seq in (
                 select seq from activity
                 where kind = k.value and ",
            $whose,
            " and ",
            rest!(),
            " and $10 is null
                 order by seq ",
            $order,
            " limit $8
             )"
        )
    };
}

macro_rules! of_each_kind_postgres {
    ($whose:literal, $order:literal) => {
        concat!(
            "select a.seq, a.at, a.kind, a.body, a.hash from jsonb_array_elements_text($4::jsonb) k (kind)
             cross join lateral (
                 select ",
            columns!(),
            " from activity
                 where activity.kind = k.kind and ",
            $whose,
            " and ",
            rest!(),
            " and $10 is null
                 order by seq ",
            $order,
            " limit $8
             ) a"
        )
    };
}

macro_rules! of_kinds {
    ($each:ident, $order:literal) => {
        concat!($each!("$9 is null", $order), " order by seq ", $order, " limit $8")
    };
}

// What they did to themselves stands in one of the two indexes alone, and in one of the two halves.
macro_rules! of_person {
    ($each:ident, $order:literal) => {
        concat!(
            $each!("user_id = $9", $order),
            " union all ",
            $each!("actor_id = $9 and actor_id is distinct from user_id", $order),
            " order by seq ",
            $order,
            " limit $8"
        )
    };
}

macro_rules! pair {
    ($text:ident, $order:literal) => {
        Pair { sqlite: $text!(of_each_kind_sqlite, $order), postgres: $text!(of_each_kind_postgres, $order) }
    };
}

macro_rules! case_pair {
    ($order:literal) => {
        Pair {
            sqlite: of_case!($order, "(select value from json_each($4))"),
            postgres: of_case!($order, "(select jsonb_array_elements_text($4::jsonb))"),
        }
    };
}

fn text(filter: &Filter) -> Pair {
    let person = filter.person.or(filter.actor);
    match (filter.order, filter.case, person, filter.kinds.is_empty()) {
        (Order::OldestFirst, Some(_), _, _) => case_pair!("asc"),
        (Order::NewestFirst, Some(_), _, _) => case_pair!("desc"),
        (Order::OldestFirst, None, Some(_), _) => pair!(of_person, "asc"),
        (Order::NewestFirst, None, Some(_), _) => pair!(of_person, "desc"),
        (Order::OldestFirst, None, None, false) => pair!(of_kinds, "asc"),
        (Order::NewestFirst, None, None, false) => pair!(of_kinds, "desc"),
        (Order::OldestFirst, None, None, true) => all!("asc").into(),
        (Order::NewestFirst, None, None, true) => all!("desc").into(),
    }
}

/// Reads entries in the order that the filter says.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, account: AccountId, filter: &Filter, limit: i64) -> Result<Vec<Line>, DbError> {
    let person = filter.person.or(filter.actor);
    let kinds = match person {
        Some(person) if filter.kinds.is_empty() && filter.case.is_none() => {
            Some(json!(kinds_of(tx, account, person).await?))
        }
        _ => (!filter.kinds.is_empty()).then(|| json!(filter.kinds)),
    };
    tx.sql(text(filter))
        .bind(account)
        .bind(filter.after)
        .bind(filter.until)
        .bind(kinds.map(|kinds| kinds.to_string()))
        .bind(filter.actor)
        .bind(filter.from)
        .bind(filter.before)
        .bind(limit)
        .bind(person)
        .bind(filter.case)
        .all()
        .await
}

/// Of which kinds there is anything that a person did, or that was done to them: from one kind to the next, however much there is of each.
async fn kinds_of(tx: &mut Tx, account: AccountId, person: UserId) -> Result<Vec<String>, DbError> {
    tx.sql(KINDS_OF).bind(account).bind(person).scalars().await
}

macro_rules! next_kind {
    ($which:literal) => {
        concat!("(select kind from activity where account_id = $1 and ", $which, " order by kind limit 1)")
    };
}

const KINDS_OF: &str = concat!(
    "with recursive about (kind) as (
         select ",
    next_kind!("user_id = $2"),
    " union all select ",
    next_kind!("user_id = $2 and kind > about.kind"),
    " from about where kind is not null
     ), by_them (kind) as (
         select ",
    next_kind!("actor_id = $2 and actor_id is distinct from user_id"),
    " union all select ",
    next_kind!("actor_id = $2 and actor_id is distinct from user_id and kind > by_them.kind"),
    " from by_them where kind is not null
     )
     select kind from about where kind is not null union select kind from by_them where kind is not null"
);

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
