//! Everything that is in a database, to see whether something has left a trace.

use std::collections::{BTreeMap, BTreeSet};

use quorate::store::tx::Backend;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, query_scalar,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};

use super::world::World;

/// Every row of every table, in words.
pub type Dump = BTreeMap<String, Vec<String>>;

/// The rows that only one of the two has.
pub fn difference(before: &Dump, after: &Dump) -> Vec<String> {
    let rows = |dump: &Dump| -> BTreeSet<String> {
        dump.iter().flat_map(|(table, rows)| rows.iter().map(move |row| format!("{table}: {row}"))).collect()
    };
    rows(before).symmetric_difference(&rows(after)).cloned().collect()
}

impl World {
    pub async fn dump(&self) -> Dump {
        match self.app.db.backend() {
            Backend::Sqlite => {
                let path = self.url().strip_prefix("sqlite:").unwrap();
                let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
                sqlite(&mut connection).await
            }
            Backend::Postgres => postgres(&mut PgConnection::connect(self.url()).await.unwrap()).await,
        }
    }
}

async fn sqlite(connection: &mut SqliteConnection) -> Dump {
    let tables = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'";
    let tables: Vec<String> = query_scalar(tables).fetch_all(&mut *connection).await.unwrap();
    let mut dump = Dump::new();
    for table in tables {
        let columns = format!("select name from pragma_table_info('{table}')");
        let columns: Vec<String> = query_scalar(AssertSqlSafe(columns)).fetch_all(&mut *connection).await.unwrap();
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let rows = format!("select {} from {table} order by 1", quoted.join(" || ', ' || "));
        dump.insert(table, query_scalar(AssertSqlSafe(rows)).fetch_all(&mut *connection).await.unwrap());
    }
    dump
}

async fn postgres(connection: &mut PgConnection) -> Dump {
    let tables = "select table_name::text from information_schema.tables where table_schema = current_schema()";
    let tables: Vec<String> = query_scalar(tables).fetch_all(&mut *connection).await.unwrap();
    let mut dump = Dump::new();
    for table in tables {
        let rows = format!("select t::text from {table} t order by 1");
        dump.insert(table, query_scalar(AssertSqlSafe(rows)).fetch_all(&mut *connection).await.unwrap());
    }
    dump
}
