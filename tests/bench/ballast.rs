//! Rows that only make tables long: right for every constraint and query, but with texts and hashes that nobody could
//! verify. Made by the database itself, because a million accounts would take too long otherwise.

use super::{
    numbers::{Named, prefix},
    rows::Sink,
};

/// How many to add.
#[derive(Clone, Copy)]
pub struct Ballast {
    /// Accounts of eight people, with an open case and four entries each.
    pub accounts: u64,
    /// Further open cases, shared out among these accounts.
    pub cases: u64,
}

/// The first account of the ballast has this number.
const FIRST: u64 = 1_000_000;

/// Adds it to a seeded database: copies of the first account there.
pub async fn add(url: &str, ballast: Ballast) {
    let mut sink = Sink::open(url).await;
    let dialect = match &sink {
        Sink::Postgres(_) => Dialect::Postgres,
        Sink::Sqlite(_) => Dialect::Sqlite,
    };
    if dialect == Dialect::Postgres {
        sink.script("set session_replication_role = replica").await;
    }
    for statement in statements(dialect, ballast) {
        sink.script(&statement).await;
    }
    if dialect == Dialect::Postgres {
        sink.script("set session_replication_role = origin").await;
        sink.script("vacuum analyze").await;
        sink.script("checkpoint").await;
    } else {
        sink.script("analyze").await;
    }
    sink.close().await;
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Postgres,
    Sqlite,
}

impl Dialect {
    /// The id with the number that an expression gives.
    fn id(self, named: Named, number: &str) -> String {
        let prefix = prefix(named);
        match self {
            Self::Postgres => format!("cast('{prefix}' || lpad(cast({number} as text), 12, '0') as uuid)"),
            Self::Sqlite => format!("unhex('{}' || printf('%012d', {number}))", prefix.replace('-', "")),
        }
    }

    /// The numbers from one to another, as `n`.
    fn series(self, first: u64, last: u64) -> String {
        match self {
            Self::Postgres => format!("generate_series({first}, {last}) as series (n)"),
            Self::Sqlite => format!(
                "(with recursive s (n) as (select {first} union all select n + 1 from s where n < {last}) select n from s)"
            ),
        }
    }
}

fn statements(dialect: Dialect, ballast: Ballast) -> Vec<String> {
    let last = FIRST + ballast.accounts - 1;
    let account = dialect.id(Named::Account, "n");
    let person = dialect.id(Named::User, "n * 10 + k");
    let numbers = dialect.series(FIRST, last);
    let eight = (1..8).fold("select 0 as k".to_owned(), |text, k| format!("{text} union all select {k}"));
    let people = format!("{numbers} cross join ({eight}) as persons");
    let (first_account, first_case) = (dialect.id(Named::Account, "0"), dialect.id(Named::OpenCase, "0"));
    let first_user = dialect.id(Named::User, "k");
    let case = |number: &str| dialect.id(Named::OpenCase, number);
    let columns =
        "kind, terms, terms_hash, required, opened_at, closes_at, state, pauses, extended, reminders, wake_at, version";
    let more = dialect.series(1, ballast.cases.max(1));
    let spread = format!("({FIRST} + n % {})", ballast.accounts);
    vec![
        format!(
            "insert into users (id, email, name, confirmed_at, created_at) select {person}, 'person' || k || '@account' || n || '.example', u.name, u.confirmed_at, u.created_at from {people} join users u on u.id = {first_user}"
        ),
        format!(
            "insert into accounts (id, name, preset, policy, status, created_at, version, head_seq, head_hash) select {account}, 'Account ' || n, a.preset, a.policy, a.status, a.created_at, 1, 4, a.head_hash from {numbers} cross join accounts a where a.id = {first_account}"
        ),
        format!(
            "insert into readiness_digests (account_id, wanted, next_at) select {account}, r.wanted, r.next_at from {numbers} cross join readiness_digests r where r.account_id = {first_account}"
        ),
        format!(
            "insert into members (account_id, user_id, role, administrator, status, owner, created_at, version) select {account}, {person}, m.role, m.administrator, m.status, m.owner, m.created_at, 1 from {people} join members m on m.account_id = {first_account} and m.user_id = {first_user}"
        ),
        format!(
            "insert into roster (account_id, user_id, joined, standing, from_at) select {account}, {person}, r.joined, r.standing, r.from_at from {people} join roster r on r.account_id = {first_account} and r.user_id = {first_user}"
        ),
        format!(
            "insert into cases (id, account_id, opener, nominee, {columns}) select {}, {account}, {}, {}, {columns} from {numbers} cross join cases c where c.id = {first_case}",
            case("n"),
            dialect.id(Named::User, "n * 10 + 7"),
            dialect.id(Named::User, "n * 10 + 7")
        ),
        format!("insert into electors (case_id, user_id) select {}, {person} from {people} where k > 0", case("n")),
        format!(
            "insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash) select {account}, a.seq, a.at, a.kind, a.actor_id, {}, a.user_id, a.owners, a.body, a.hash from {numbers} cross join activity a where a.account_id = {first_account} and a.seq <= 4",
            case("n")
        ),
        format!(
            "insert into cases (id, account_id, opener, nominee, {columns}) select {}, {}, {}, {}, {columns} from {more} cross join cases c where c.id = {first_case} and {} > 0",
            case("(900000000000 + n)"),
            dialect.id(Named::Account, &spread),
            dialect.id(Named::User, "(900000000000 + n)"),
            dialect.id(Named::User, "(900000000000 + n)"),
            ballast.cases
        ),
    ]
}
