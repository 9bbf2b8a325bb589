//! (B): our very own statements, made into a `pgbench` script from what the service sends for two votes.
//!
//! What is the same in both votes stays as it is. Of what differs, ids and the session's token follow from the numbers
//! that `pgbench` draws, moments become `now()`, and what a vote compares and sets (the end of the log, the version of the
//! case) is taken from the service's own reads by `\gset`, or where no read brings it in one row, from a subquery.
//! Hashes and the body of the entry stay those of the first vote: they are as long as any other's.

use sqlx::{AssertSqlSafe, Column, Connection, Executor, PgConnection, Row, ValueRef, raw_sql};

use super::{
    numbers::{self, Named, TOKEN, TOKEN_LETTERS},
    pgbench::{CHOICE, choose},
    statements::Statement,
};

/// One vote, with what the database held before it.
pub struct Sample {
    pub statements: Vec<Statement>,
    pub account: u64,
    pub voter: u64,
    pub head_seq: i64,
    pub head_hash: String,
    pub version: i64,
}

/// What comes out of the database on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    HeadSeq,
    HeadHash,
    Version,
}

impl Read {
    const ALL: [Self; 3] = [Self::HeadSeq, Self::HeadHash, Self::Version];

    const fn column(self) -> &'static str {
        match self {
            Self::HeadSeq => "head_seq",
            Self::HeadHash => "head_hash",
            Self::Version => "version",
        }
    }

    fn kind(self) -> &'static str {
        if self == Self::HeadHash { "bytea" } else { "bigint" }
    }

    fn subquery(self) -> String {
        let (table, named) = match self {
            Self::HeadSeq | Self::HeadHash => ("accounts", Named::Account),
            Self::Version => ("cases", Named::OpenCase),
        };
        format!("(select {} from {table} where id = {})", self.column(), uuid(named, ":account::text"))
    }
}

/// The script.
pub async fn script(url: &str, first: &Sample, second: &Sample) -> String {
    let texts = |sample: &Sample| sample.statements.iter().map(|one| one.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(first), texts(second), "two votes sent different statements");
    let mut connection = PgConnection::connect(url).await.unwrap();
    let mut script = choose();
    // Which read brings what: the variable of `pgbench` that holds it.
    let mut known: Vec<(Read, String)> = Vec::new();
    for (place, (one, other)) in first.statements.iter().zip(&second.statements).enumerate() {
        let types = types(&mut connection, &one.text).await;
        let values = one.values.iter().zip(&other.values).enumerate();
        let values: Vec<String> = values
            .map(|(at, (value, other))| {
                let kind = types.get(at).map(String::as_str).or(value.as_deref().and_then(guess));
                expression(value.as_deref(), other.as_deref(), kind, first, &known)
            })
            .collect();
        let text = fill(&one.text, &values);
        let brought = brought(&mut connection, other, second, &types).await;
        if brought.is_empty() {
            script.push_str(&format!("{text};\n"));
        } else {
            script.push_str(&format!("{text} \\gset r{place}_\n"));
            known.extend(brought.into_iter().map(|read| (read, format!(":r{place}_{}", read.column()))));
        }
    }
    connection.close().await.unwrap();
    script
}

/// The types of a statement's parameters, as the server infers them.
async fn types(connection: &mut PgConnection, text: &str) -> Vec<String> {
    if !text.contains("$1") {
        return Vec::new();
    }
    let prepared = connection.execute(raw_sql(AssertSqlSafe(format!("prepare asked as {text}")))).await;
    if prepared.is_err() {
        return Vec::new();
    }
    let query = "select array(select unnest(parameter_types)::text) from pg_prepared_statements where name = 'asked'";
    let types = sqlx::query_scalar(query).fetch_one(&mut *connection).await.unwrap();
    connection.execute("deallocate asked").await.unwrap();
    types
}

/// The type of a value by its looks, where the server could not tell from the statement alone.
fn guess(value: &str) -> Option<&'static str> {
    let is_id = value.len() == 36 && value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    if is_id {
        Some("uuid")
    } else if value.starts_with("\\x") {
        Some("bytea")
    } else if value.parse::<i64>().is_ok() {
        Some("bigint")
    } else {
        None
    }
}

/// Which of the values that a vote compares come with this statement, in its only row.
async fn brought(connection: &mut PgConnection, statement: &Statement, sample: &Sample, types: &[String]) -> Vec<Read> {
    let reads = ["select", "with"].iter().any(|word| statement.text.trim_start().to_lowercase().starts_with(word));
    let writes = ["insert into", "update "].iter().any(|word| {
        let text = statement.text.to_lowercase();
        text.contains(word) && !text.contains("for update")
    });
    if !reads || writes {
        return Vec::new();
    }
    let values: Vec<String> = statement
        .values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let kind = types.get(at).map(String::as_str).or(value.as_deref().and_then(guess));
            cast(&value.as_deref().map_or("null".to_owned(), literal), kind)
        })
        .collect();
    let text = fill(&statement.text, &values);
    let mut transaction = connection.begin().await.unwrap();
    let rows = raw_sql(AssertSqlSafe(text)).fetch_all(&mut *transaction).await.unwrap_or_default();
    transaction.rollback().await.unwrap();
    let [row] = rows.as_slice() else { return Vec::new() };
    // The vote is over, so each number is one further.
    Read::ALL
        .into_iter()
        .filter(|read| {
            let column = row.columns().iter().find(|column| column.name() == read.column());
            let value = column.and_then(|column| row.try_get_raw(column.ordinal()).ok());
            let value = value.filter(|value| !value.is_null());
            let text = value.and_then(|value| value.as_str().ok().map(str::to_owned));
            match read {
                Read::HeadSeq => text == Some((sample.head_seq + 1).to_string()),
                Read::Version => text == Some((sample.version + 1).to_string()),
                Read::HeadHash => text.is_some(),
            }
        })
        .collect()
}

/// What stands in the script for a value.
fn expression(
    value: Option<&str>,
    other: Option<&str>,
    kind: Option<&str>,
    sample: &Sample,
    known: &[(Read, String)],
) -> String {
    let Some(value) = value else { return cast("null", kind) };
    if Some(value) == other {
        return cast(&literal(value), kind);
    }
    let elements = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    if let (Some(elements), Some(kind)) = (elements, kind.filter(|kind| kind.ends_with("[]")))
        && !elements.contains('"')
    {
        let kind_of_one = kind.trim_end_matches("[]");
        let all: Vec<String> =
            elements.split(',').map(|one| expression(Some(one), None, Some(kind_of_one), sample, known)).collect();
        return format!("array[{}]::{kind}", all.join(", "));
    }
    let read = |read: Read, more: &str| {
        let variable = known.iter().find(|(known, _)| *known == read).map(|(_, name)| name.clone());
        let source = variable.unwrap_or_else(|| read.subquery());
        format!("({source}::{}{more})", read.kind())
    };
    let token = data_encoding::HEXLOWER.encode(numbers::token_hash(sample.account, sample.voter).as_bytes());
    if let Some(bytes) = value.strip_prefix("\\x") {
        return if bytes == token {
            format!("sha256(convert_to('{TOKEN}' || lpad(:voter::text, {TOKEN_LETTERS}, '0'), 'UTF8'))")
        } else if value == sample.head_hash {
            read(Read::HeadHash, "")
        } else {
            cast(&literal(value), Some("bytea"))
        };
    }
    if let Ok(number) = value.parse::<i64>() {
        return match number {
            number if number == sample.head_seq => read(Read::HeadSeq, ""),
            number if number == sample.head_seq + 1 => read(Read::HeadSeq, " + 1"),
            number if number == sample.version => read(Read::Version, ""),
            number if number == sample.version + 1 => read(Read::Version, " + 1"),
            _ => cast(&literal(value), kind),
        };
    }
    if value == "approve" || value == "reject" {
        return cast(CHOICE, kind);
    }
    if kind.is_some_and(|kind| kind.starts_with("timestamp")) {
        // A moment of this vote, or one that the terms gave.
        return if is_of_today(value) { "now()".to_owned() } else { cast(&literal(value), kind) };
    }
    cast(&ids(value, sample), kind)
}

/// A moment without a time that somebody planned: those of the vote have microseconds, as do the seeded ones, but the
/// seeded ones are at least a day away.
fn is_of_today(value: &str) -> bool {
    let now = quorate::clock::Clock::system().now();
    let iso = value.replacen(' ', "T", 1).replace("+00", "Z");
    iso.parse::<quorate::moment::Moment>().is_ok_and(|at| now.since(at).abs() < jiff::SignedDuration::from_hours(1))
}

/// A text in which the ids of our numbers become what `pgbench` draws.
fn ids(value: &str, sample: &Sample) -> String {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some(place) = rest.find("0190000") {
        let Some(id) = rest.get(place..place + 36) else { break };
        if place > 0 {
            pieces.push(literal(&rest[..place]));
        }
        let number: u64 = id[24..].parse().unwrap_or(u64::MAX);
        let drawn = if number == sample.account {
            Some(":account::text".to_owned())
        } else if number == sample.account * 10 + sample.voter {
            Some(":voter::text".to_owned())
        } else if number / 10 == sample.account {
            Some(format!("(:account::bigint * 10 + {})::text", number % 10))
        } else {
            None
        };
        pieces.push(drawn.map_or_else(|| literal(id), |drawn| format!("'{}' || lpad({drawn}, 12, '0')", &id[..24])));
        rest = &rest[place + 36..];
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(literal(rest));
    }
    if pieces.len() == 1 && !pieces[0].contains("||") { pieces.remove(0) } else { format!("({})", pieces.join(" || ")) }
}

fn uuid(named: Named, drawn: &str) -> String {
    format!("('{}' || lpad({drawn}, 12, '0'))::uuid", numbers::prefix(named))
}

/// A literal in which `pgbench` finds no variable of its own.
fn literal(value: &str) -> String {
    format!("E'{}'", value.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a"))
}

fn cast(text: &str, kind: Option<&str>) -> String {
    kind.map_or_else(|| text.to_owned(), |kind| format!("{text}::{kind}"))
}

/// Puts values where `$1` and so on stand.
fn fill(text: &str, values: &[String]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('$') {
        out.push_str(&rest[..place]);
        let digits: String = rest[place + 1..].chars().take_while(char::is_ascii_digit).collect();
        match digits.parse::<usize>().ok().and_then(|number| values.get(number.checked_sub(1)?)) {
            Some(value) => out.push_str(&format!("({value})")),
            None => out.push_str(&rest[place..=place + digits.len()]),
        }
        rest = &rest[place + 1 + digits.len()..];
    }
    out.push_str(rest);
    out
}
