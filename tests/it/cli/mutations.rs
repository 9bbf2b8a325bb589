//! Rows of every audited table are changed, put in, taken out, swapped and set back at random, as somebody would who owns the database;
//! `audit verify` finds each of them.

use quorate::{
    app::{
        act::Asked,
        audit::{Findings, verify},
        audit_log::Kept,
        error::Error,
        sign_ballot::cast_signed,
    },
    jobs::seal::sweep,
    recovery::{ballot::Choice, terms::Kind},
    secret::Chance,
    store::tx::Backend,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, raw_sql, sqlite::SqliteConnectOptions};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        redemption::{completed, held},
        signed_ballots::{answer, opened, wanted},
    },
    harness::{
        TestDb, on_both,
        race::{rounds, tell},
        world::{World, hours},
    },
};

on_both!(every_mutation_is_found);

/// A table that the log answers for.
pub struct Audited {
    pub name: &'static str,
    /// Whether the log answers for each row being there, or for some columns only.
    rows: Rows,
    key: &'static [&'static str],
    /// Its columns. For what is not here the log does not answer, and docs/threat-model.md says so.
    pub columns: &'static [(&'static str, Type)],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    All,
    Changed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Number,
    Moment,
    Text,
    YesNo,
    Bytes,
    Id,
}
use Type::{Bytes, Id, Moment, Number, Text, YesNo};

pub const TABLES: &[Audited] = &[
    Audited {
        name: "activity",
        rows: Rows::All,
        key: &["account_id", "seq"],
        columns: &[
            ("account_id", Id),
            ("seq", Number),
            ("at", Moment),
            ("kind", Text),
            ("actor_id", Id),
            ("case_id", Id),
            ("user_id", Id),
            ("owners", YesNo),
            ("body", Text),
            ("hash", Bytes),
        ],
    },
    Audited {
        name: "activity_personal",
        rows: Rows::All,
        key: &["account_id", "seq", "name"],
        columns: &[("account_id", Id), ("seq", Number), ("name", Text), ("salt", Bytes), ("value", Text)],
    },
    Audited { name: "accounts", rows: Rows::All, key: &["id"], columns: &[("head_seq", Number), ("head_hash", Bytes)] },
    Audited { name: "members", rows: Rows::Changed, key: &["account_id", "user_id"], columns: &[("owner", YesNo)] },
    Audited {
        name: "cases",
        rows: Rows::All,
        key: &["id"],
        columns: &[
            ("id", Id),
            ("account_id", Id),
            ("opener", Id),
            ("nominee", Id),
            ("kind", Text),
            ("terms", Text),
            ("terms_hash", Bytes),
            ("required", Number),
            ("opened_at", Moment),
            ("closes_at", Moment),
            ("state", Text),
            ("since_at", Moment),
            ("until_at", Moment),
            ("due_at", Moment),
            ("ended_at", Moment),
            ("ended_by", Id),
            ("rejection", Text),
            ("pauses", Number),
            ("extended", YesNo),
            ("route", Text),
            ("accepted_at", Moment),
        ],
    },
    Audited {
        name: "electors",
        rows: Rows::All,
        key: &["case_id", "user_id"],
        columns: &[("case_id", Id), ("user_id", Id), ("lost_at", Moment), ("signed_in_only", YesNo)],
    },
    Audited {
        name: "ballots",
        rows: Rows::All,
        key: &["case_id", "user_id"],
        columns: &[
            ("case_id", Id),
            ("user_id", Id),
            ("account_id", Id),
            ("choice", Text),
            ("way", Text),
            ("terms_hash", Bytes),
            ("cast_at", Moment),
            ("live", YesNo),
        ],
    },
    Audited {
        name: "ballot_signatures",
        rows: Rows::All,
        key: &["case_id", "user_id"],
        columns: &[("case_id", Id), ("user_id", Id), ("signature", Text)],
    },
    Audited {
        name: "redemptions",
        rows: Rows::All,
        key: &["case_id", "recovery_user_id"],
        columns: &[
            ("case_id", Id),
            ("recovery_user_id", Id),
            ("account_id", Id),
            ("key_id", Id),
            ("member_id", Id),
            ("redeemed_at", Moment),
            ("lost_at", Moment),
        ],
    },
    Audited {
        name: "log_leaves",
        rows: Rows::All,
        key: &["leaf"],
        columns: &[("leaf", Number), ("account_id", Id), ("seq", Number)],
    },
    Audited {
        name: "log_unsealed",
        rows: Rows::All,
        key: &["account_id", "seq"],
        columns: &[("account_id", Id), ("seq", Number)],
    },
    Audited {
        name: "log_tiles",
        rows: Rows::All,
        key: &["level", "tile"],
        columns: &[("level", Number), ("tile", Number), ("hashes", Bytes)],
    },
    Audited {
        name: "log_keys",
        rows: Rows::All,
        key: &["number"],
        columns: &[("number", Number), ("name", Text), ("public_key", Bytes), ("first_checkpoint", Number)],
    },
    Audited {
        name: "log_checkpoints",
        rows: Rows::All,
        key: &["number"],
        columns: &[("number", Number), ("size", Number), ("root", Bytes), ("note", Text)],
    },
    Audited { name: "log_head", rows: Rows::All, key: &["one"], columns: &[("size", Number), ("checkpoints", Number)] },
];

/// Random numbers that are the same each time.
pub struct Dice(pub Chance);

impl Dice {
    pub fn below(&self, bound: usize) -> usize {
        usize::try_from(u64::from_be_bytes(self.0.bytes()) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    pub fn one_of<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Accounts with a case of each kind, some over and some under way, most of it sealed. The tables as they were before the last acts
/// are kept under other names.
async fn story(world: &World) {
    let (team, _, key) = held(world, 2, &json!({})).await;
    completed(world, &team, &key, Kind::Add).await;
    let (_, voters, signed) = opened(world, &["passkey"]).await;
    let waiting = world.account("recommended", 5).await;
    let case = world.open(&waiting, waiting.admins[0], waiting.admins[1]).await.unwrap();
    world.vote(&case, waiting.admins[0], Choice::Reject).await.unwrap();
    seal(world).await;
    keep(world, "early").await;
    for mut voter in voters {
        let asked = wanted(&signed, Choice::Approve);
        let answer = answer(world, &mut voter, asked).await;
        cast_signed(&world.app, voter.by.clone(), asked, answer).await.unwrap();
    }
    world.approve(&case, &[waiting.admins[0], waiting.admins[2], waiting.admins[3]]).await;
    world.deliver().await;
    world.advance(hours(80));
    world.sweep().await;
    seal(world).await;
    let paused = world.account("recommended", 3).await;
    let case = world.open(&paused, paused.admins[0], paused.admins[0]).await.unwrap();
    world.approve(&case, &paused.admins[1..]).await;
    world.act(case.id(), world.proven(paused.owner), Asked::Pause).await.unwrap();
    let (team, _, case) = opened(world, &["signed_in"]).await;
    world.act(case.id(), world.proven(team.owner), Asked::Veto).await.unwrap();
    keep(world, "right").await;
}

async fn seal(world: &World) {
    sweep(&world.app, &CancellationToken::new()).await.unwrap();
}

/// Copies every table under another name.
async fn keep(world: &World, name: &str) {
    for table in TABLES {
        world.script(&format!("create table {name}_{0} as select * from {0}", table.name)).await;
    }
}

async fn count(world: &World, statement: &str) -> usize {
    let mut tx = world.app.db.read().await.unwrap();
    let text: &'static str = Box::leak(statement.to_owned().into_boxed_str());
    usize::try_from(tx.sql(text).scalar::<i64>().await.unwrap()).unwrap()
}

async fn look(world: &World) -> Result<Findings, Error> {
    verify(&world.app.db, None, &Kept::default(), std::sync::Arc::new(|_| ())).await
}

/// Another value of that type for a column.
fn other(backend: Backend, table: &str, (column, kind): (&str, Type), dice: &Dice) -> String {
    let sqlite = backend == Backend::Sqlite;
    let elsewhere = format!(
        "(select o.{column} from {table} o where o.{column} {} {table}.{column} order by o.{column} limit 1)",
        if sqlite { "is not" } else { "is distinct from" }
    );
    let tweaked = match kind {
        Number => format!("{column} + 1"),
        Moment if sqlite => format!("{column} + 1000000"),
        Moment => format!("{column} + interval '1 second'"),
        Text => format!("{column} || 'x'"),
        YesNo => format!("not {column}"),
        Bytes if sqlite => format!("randomblob(length({column}))"),
        Bytes => format!("set_byte({column}, 0, 255 - get_byte({column}, 0))"),
        Id if sqlite => "randomblob(16)".to_owned(),
        Id => "gen_random_uuid()".to_owned(),
    };
    dice.one_of(&[elsewhere, tweaked.clone(), tweaked, "null".to_owned()]).clone()
}

/// A random change of one row of a table.
async fn mutation(world: &World, table: &Audited, dice: &Dice) -> String {
    let (name, key) = (table.name, table.key.join(", "));
    let rows = count(world, &format!("select count(*) from {name}")).await;
    let row =
        |from: &str, offset| format!("({key}) = (select {key} from {from} order by {key} limit 1 offset {offset})");
    let this = row(name, dice.below(rows));
    let backend = world.app.db.backend();
    let kinds = match table.rows {
        Rows::All => 0..6,
        // Who is a member, the log does not say.
        Rows::Changed => 4..6,
    };
    match kinds.start + dice.below(kinds.len()) {
        0 => format!("delete from {name} where {this}"),
        1 => {
            // The same row once more, under another key.
            let all = columns(world, name).await;
            let (changed, kind) =
                table.columns.iter().find(|(column, _)| table.key.contains(column)).copied().unwrap_or(("", Text));
            let value =
                |column: &String| if column == changed { other_key(backend, (changed, kind)) } else { column.clone() };
            let values: Vec<String> = all.iter().map(value).collect();
            format!("insert into {name} ({}) select {} from {name} where {this}", all.join(", "), values.join(", "))
        }
        2 => {
            // Two rows swap a value.
            let (column, _) = dice.one_of(table.columns);
            let that = row(name, dice.below(rows));
            format!(
                "create temporary table swapped as select (select {column} from {name} where {this}) as a, (select {column} from {name} where {that}) as b;
                 update {name} set {column} = case when {this} then (select b from swapped) else (select a from swapped) end where {this} or {that};
                 drop table swapped"
            )
        }
        3 => {
            // A row is set back to what it was.
            let before = count(world, &format!("select count(*) from early_{name}")).await;
            let old = row(&format!("early_{name}"), dice.below(before));
            let all = columns(world, name).await.join(", ");
            format!(
                "delete from {name} where {old}; insert into {name} ({all}) select {all} from early_{name} where {old}"
            )
        }
        _ => {
            let (column, kind) = *dice.one_of(table.columns);
            format!("update {name} set {column} = {} where {this}", other(backend, name, (column, kind), dice))
        }
    }
}

fn other_key(backend: Backend, (column, kind): (&str, Type)) -> String {
    match (kind, backend) {
        (Number, _) => format!("{column} + 1000"),
        (Id, Backend::Sqlite) => "randomblob(16)".to_owned(),
        (Id, Backend::Postgres) => "gen_random_uuid()".to_owned(),
        (Moment | Text | YesNo | Bytes, _) => format!("{column} || 'x'"),
    }
}

async fn columns(world: &World, table: &str) -> Vec<String> {
    let statement = match world.app.db.backend() {
        Backend::Sqlite => format!("select name from pragma_table_info('{table}')"),
        Backend::Postgres => {
            format!(
                "select column_name::text from information_schema.columns where table_schema = current_schema() and table_name = '{table}' order by ordinal_position"
            )
        }
    };
    let text: &'static str = Box::leak(statement.into_boxed_str());
    world.app.db.read().await.unwrap().sql(text).scalars().await.unwrap()
}

async fn every_mutation_is_found(test: TestDb) {
    let world = World::new(test);
    story(&world).await;
    let found = look(&world).await.unwrap();
    assert!(found.whole(), "the control: {found:?}");
    world.disarm().await;
    let dice = Dice(Chance::seeded(23));
    let (mut done, mut refused, mut idle, mut missed) = (0, 0, 0, Vec::new());
    while done < rounds() {
        let table = dice.one_of(TABLES);
        let name = table.name;
        let change = mutation(&world, table, &dice).await;
        let all = columns(&world, name).await.join(", ");
        let differs = format!(
            "select (select count(*) from (select {all} from {name} except select {all} from right_{name}) a)
                 + (select count(*) from (select {all} from right_{name} except select {all} from {name}) b)"
        );
        if !attempt(&world, &change).await {
            refused += 1;
            continue;
        }
        if count(&world, &differs).await == 0 {
            idle += 1;
            continue;
        }
        done += 1;
        match look(&world).await {
            Ok(found) if found.whole() => missed.push(change),
            Ok(_) => {}
            // A row that cannot be read is named as well.
            Err(error) => assert!(error.to_string().contains(name) || matches!(error, Error::Internal(_)), "{error}"),
        }
        let back = format!("delete from {name}; insert into {name} ({all}) select {all} from right_{name}");
        assert!(attempt(&world, &back).await, "{name} is put back");
    }
    let backend = world.app.db.backend();
    let not_found = missed.len();
    tell(&format!(
        "mutations on {backend:?}: of {done} changes of rows {not_found} were not found; {refused} the database refused, {idle} changed nothing"
    ));
    assert!(missed.is_empty(), "{} of {done}: {missed:#?}", missed.len());
    assert!(look(&world).await.unwrap().whole(), "and everything was put back");
}

/// Whether the database takes the statements, all of them or none. Triggers and foreign keys are out of the way, as for somebody who
/// owns the machine.
async fn attempt(world: &World, statements: &str) -> bool {
    match world.app.db.backend() {
        Backend::Sqlite => {
            let path = world.url().strip_prefix("sqlite:").unwrap();
            let file = SqliteConnectOptions::new().filename(path).foreign_keys(false);
            let mut connection = file.connect().await.unwrap();
            let all = format!("begin immediate; {statements}; commit");
            let done = raw_sql(AssertSqlSafe(all)).execute(&mut connection).await.is_ok();
            connection.close().await.unwrap();
            done
        }
        Backend::Postgres => {
            let mut connection = PgConnection::connect(world.url()).await.unwrap();
            let all = format!("begin; set local session_replication_role = replica; {statements}; commit");
            let done = raw_sql(AssertSqlSafe(all)).execute(&mut connection).await.is_ok();
            connection.close().await.unwrap();
            done
        }
    }
}
