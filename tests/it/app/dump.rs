//! Everything that a database holds, as one text: numbers and words as they are, bytes as hexadecimal digits.

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, sqlite::SqliteConnectOptions};

use crate::harness::TestDb;

pub async fn dump(test: &TestDb) -> String {
    let mut lines: Vec<String> = Vec::new();
    if let Some(path) = test.url.strip_prefix("sqlite:") {
        let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
        let columns: Vec<(String, String)> = sqlx::query_as(
            "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        for (table, column) in columns {
            let text = format!(
                "select case typeof(\"{column}\") when 'blob' then lower(hex(\"{column}\"))
                     else cast(\"{column}\" as text) end from \"{table}\" where \"{column}\" is not null"
            );
            let values: Vec<String> = sqlx::query_scalar(AssertSqlSafe(text)).fetch_all(&mut connection).await.unwrap();
            lines.extend(values);
        }
    } else {
        let mut connection = PgConnection::connect(&test.url).await.unwrap();
        let tables: Vec<String> =
            sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        for table in tables {
            let text = format!("select t::text from \"{table}\" t");
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(text)).fetch_all(&mut connection).await.unwrap();
            lines.extend(rows);
        }
    }
    lines.join("\n")
}
