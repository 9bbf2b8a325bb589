//! The migrations: the same on both databases, complete, and good over data that is already there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use quorate::store::{
    db::{Db, Unit},
    error::DbError,
    open::Options,
    schema::{self, STEPS, Status, Step},
    sql::Pair,
    tx::{Backend, Tx},
};

use tokio::sync::Barrier;

use crate::harness::{TestDb, on_both, small};

on_both!(every_step_works_over_data, the_status_is_told, migrating_at_the_same_time_is_harmless);

#[test]
fn the_folders_hold_what_is_listed() {
    let listed: BTreeSet<String> = STEPS.iter().map(|step| format!("{:04}_{}.sql", step.version, step.name)).collect();
    for folder in ["sqlite", "postgres"] {
        let found: BTreeSet<String> = fs::read_dir(root().join("migrations").join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect();
        assert_eq!(found, listed, "{folder}");
    }
    let versions: Vec<i64> = STEPS.iter().map(|step| step.version).collect();
    assert_eq!(versions, (1..).take(STEPS.len()).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_tables() {
    let Some(postgres) = TestDb::postgres().await else { return };
    let sqlite = TestDb::sqlite().await;
    assert_eq!(columns(&sqlite.db).await, columns(&postgres.db).await);
    assert_eq!(loose_tables(&sqlite.db).await, Vec::<String>::new(), "every table on SQLite is strict");
}

#[tokio::test(flavor = "multi_thread")]
async fn control_a_difference_is_seen() {
    let Some(postgres) = TestDb::bare_postgres(&small()).await else { return };
    let made = "create table shape (id uuid primary key, at timestamptz not null, words text, yes boolean not null)";
    postgres.script(made).await;
    let same = "create table shape (id blob primary key, at integer not null, words text, yes integer not null) strict";
    for (made, is_same) in [
        (same.to_owned(), true),
        (same.replace("words text", "words text not null"), false),
        (same.replace("at integer", "at text"), false),
        (same.replace("words text, ", ""), false),
        (same.replace("words", "word"), false),
        (same.replace("shape", "shapes"), false),
    ] {
        let sqlite = TestDb::bare_sqlite(&small()).await;
        sqlite.script(&made).await;
        assert_eq!(columns(&sqlite.db).await == columns(&postgres.db).await, is_same, "{made}");
    }
    let sqlite = TestDb::bare_sqlite(&small()).await;
    sqlite.script("create table shape (id blob primary key)").await;
    assert_eq!(loose_tables(&sqlite.db).await, ["shape"]);
}

/// Fills a new database with sample data after each step, up to every step in turn, and applies the rest at once.
async fn every_step_works_over_data(test: TestDb) {
    for filled in 1..=STEPS.len() {
        let fresh = test.bare_sibling().await;
        for (steps, step) in (1..).zip(&STEPS[..filled]) {
            schema::migrate_to(&fresh.db, &STEPS[..steps]).await.unwrap();
            let sample = sample(fresh.db.backend(), step.version);
            assert!(sample.exists() || steps == STEPS.len(), "write sample data, {}", sample.display());
            if sample.exists() {
                fresh.script(&fs::read_to_string(sample).unwrap()).await;
            }
        }
        schema::migrate(&fresh.db).await.unwrap();
        assert_eq!(schema::status(&fresh.db).await.unwrap(), Status::Current);
    }
}

async fn the_status_is_told(test: TestDb) {
    assert_eq!(schema::status(&test.db).await.unwrap(), Status::Current);
    assert!(schema::require_current(&test.db).await.is_ok());
    schema::migrate(&test.db).await.unwrap();
    let fresh = test.bare_sibling().await;
    let nothing = if STEPS.is_empty() { Status::Current } else { Status::Empty };
    assert_eq!(schema::status(&fresh.db).await.unwrap(), nothing);
    schema::migrate_to(&fresh.db, &[]).await.unwrap();
    assert_eq!(schema::status(&fresh.db).await.unwrap(), nothing);

    test.db
        .run(Pretend(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                         values (9999, 'from the future', true, $1, 0)",
        ))
        .await
        .unwrap();
    assert_eq!(schema::status(&test.db).await.unwrap(), Status::Newer { unknown: vec![9999] });
    let refused = schema::require_current(&test.db).await.unwrap_err();
    assert!(matches!(refused, DbError::Schema(Status::Newer { .. })), "{refused}");
    assert!(schema::migrate(&test.db).await.is_err(), "a newer database is left alone");

    let Some(last) = STEPS.last() else { return };
    test.db
        .run(Pretend(
            "delete from _sqlx_migrations where version in
                         (9999, (select max(version) from _sqlx_migrations where version < 9999)) and $1 is not null",
        ))
        .await
        .unwrap();
    let expected = if STEPS.len() == 1 { Status::Empty } else { Status::Older { missing: vec![last.version] } };
    assert_eq!(schema::status(&test.db).await.unwrap(), expected);
    let fresh = test.bare_sibling().await;
    schema::migrate(&fresh.db).await.unwrap();
    fresh.db.run(Pretend("update _sqlx_migrations set checksum = $1 where version = 1")).await.unwrap();
    assert_eq!(schema::status(&fresh.db).await.unwrap(), Status::Altered { version: 1 });
}

/// A statement on sqlx's own table, with a checksum that no migration has.
struct Pretend(&'static str);

impl Unit for Pretend {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        tx.sql(self.0).bind([1_u8, 2, 3].as_slice()).run().await
    }
}

const STEPS_OF_ITS_OWN: &[Step] = &[
    Step {
        version: 1,
        name: "table",
        text: Pair { sqlite: "create table once (n int)", postgres: "create table once (n int)" },
    },
    Step {
        version: 2,
        name: "row",
        text: Pair { sqlite: "insert into once values (1)", postgres: "insert into once values (1)" },
    },
];

async fn migrating_at_the_same_time_is_harmless(test: TestDb) {
    let fresh = test.bare_sibling().await;
    for steps in 0..=STEPS_OF_ITS_OWN.len() {
        let start = Arc::new(Barrier::new(8));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            // Each with connections of its own, as another process would have.
            let db = Db::open(&fresh.url, &Options { readers: 1, writers: 1, ..Options::default() }).await.unwrap();
            let start = start.clone();
            tasks.spawn(async move {
                start.wait().await;
                schema::migrate_to(&db, &STEPS_OF_ITS_OWN[..steps]).await
            });
        }
        for outcome in tasks.join_all().await {
            outcome.unwrap();
        }
    }
    let mut tx = fresh.db.read().await.unwrap();
    assert_eq!(tx.sql("select count(*) from once").scalar::<i64>().await.unwrap(), 1);
}

/// Every column of every table: its place, its name, its type in PostgreSQL's words made SQLite's, and whether it may be null.
async fn columns(db: &Db) -> BTreeMap<String, Vec<(String, String, bool)>> {
    let mut tx = db.read().await.unwrap();
    let rows: Vec<(String, String, String, bool)> = match tx.backend() {
        Backend::Sqlite => tx.sql(
            // A primary key is never null in a strict table, and the pragma does not say so.
            "select t.name, c.name, c.type, c.\"notnull\" = 0 and c.pk = 0
             from sqlite_schema t, pragma_table_info(t.name) c
             where t.type = 'table' and t.name not like 'sqlite_%' and t.name <> '_sqlx_migrations' order by t.name, c.cid",
        ),
        Backend::Postgres => tx.sql(
            "select table_name::text, column_name::text, data_type::text, is_nullable = 'YES' from information_schema.columns
             where table_schema = current_schema() and table_name <> '_sqlx_migrations' order by table_name, ordinal_position",
        ),
    }
    .all()
    .await
    .unwrap();
    let mut tables = BTreeMap::<String, Vec<(String, String, bool)>>::new();
    for (table, column, kind, nullable) in rows {
        let kind = match kind.as_str() {
            "uuid" | "bytea" => "BLOB",
            "timestamp with time zone" | "bigint" | "integer" | "boolean" => "INTEGER",
            "text" => "TEXT",
            other => other,
        };
        tables.entry(table).or_default().push((column, kind.to_owned(), nullable));
    }
    tables
}

async fn loose_tables(db: &Db) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    tx.sql(
        "select name from pragma_table_list
         where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%' and name <> '_sqlx_migrations'",
    )
    .scalars()
    .await
    .unwrap()
}

/// Rows as they may stand in a database that has just reached this version.
fn sample(backend: Backend, version: i64) -> PathBuf {
    let folder = match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    };
    root().join(format!("tests/it/store/samples/{folder}/{version:04}.sql"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
