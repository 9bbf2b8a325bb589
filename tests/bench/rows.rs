//! Puts many rows into a table at once: `COPY` on PostgreSQL, long `insert`s on SQLite.

use sqlx::{Connection, PgConnection, QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

use quorate::moment::Moment;

/// One value of a row.
#[derive(Clone)]
pub enum Cell {
    Id(Uuid),
    At(Moment),
    Text(String),
    Bytes(Vec<u8>),
    Number(i64),
    Flag(Flag),
    Null,
}

/// A truth value.
#[derive(Clone, Copy)]
pub enum Flag {
    Yes,
    No,
}

/// A connection to fill tables by, with nothing of the service in between.
pub enum Sink {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Sink {
    pub async fn open(url: &str) -> Self {
        if let Some(path) = url.strip_prefix("sqlite:") {
            use sqlx::ConnectOptions;
            // Nothing else is open, and an accident costs only the benchmark.
            let options = SqliteConnectOptions::new().filename(path).pragma("synchronous", "off").foreign_keys(false);
            Self::Sqlite(options.connect().await.unwrap())
        } else {
            Self::Postgres(PgConnection::connect(url).await.unwrap())
        }
    }

    /// Runs statements.
    pub async fn script(&mut self, statements: &str) {
        let statements = sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned()));
        match self {
            Self::Postgres(connection) => drop(statements.execute(connection).await.unwrap()),
            Self::Sqlite(connection) => drop(statements.execute(connection).await.unwrap()),
        }
    }

    /// One whole number out of the database.
    pub async fn number(&mut self, query: &str) -> i64 {
        let query = sqlx::AssertSqlSafe(query.to_owned());
        match self {
            Self::Postgres(connection) => sqlx::query_scalar(query).fetch_one(connection).await.unwrap(),
            Self::Sqlite(connection) => sqlx::query_scalar(query).fetch_one(connection).await.unwrap(),
        }
    }

    /// An id as it is written in a statement.
    pub fn literal(&self, id: Uuid) -> String {
        match self {
            Self::Postgres(_) => format!("'{id}'"),
            Self::Sqlite(_) => format!("x'{}'", id.simple()),
        }
    }

    /// A moment as it is written in a statement.
    pub fn moment(&self, at: Moment) -> String {
        match self {
            Self::Postgres(_) => format!("'{at}'"),
            Self::Sqlite(_) => at.micros().to_string(),
        }
    }

    /// One text out of the database.
    pub async fn text(&mut self, query: &str) -> String {
        let query = sqlx::AssertSqlSafe(query.to_owned());
        match self {
            Self::Postgres(connection) => sqlx::query_scalar(query).fetch_one(connection).await.unwrap(),
            Self::Sqlite(connection) => sqlx::query_scalar(query).fetch_one(connection).await.unwrap(),
        }
    }

    /// One column of byte strings.
    pub async fn bytes(&mut self, query: &str) -> Vec<Vec<u8>> {
        let query = sqlx::AssertSqlSafe(query.to_owned());
        match self {
            Self::Postgres(connection) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
            Self::Sqlite(connection) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
        }
    }

    /// Adds rows to a table, whose columns are named with commas between them.
    pub async fn rows(&mut self, table: &str, columns: &str, rows: Vec<Vec<Cell>>) {
        match self {
            Self::Postgres(connection) => copy(connection, table, columns, &rows).await,
            Self::Sqlite(connection) => insert(connection, table, columns, rows).await,
        }
    }

    pub async fn close(self) {
        match self {
            Self::Postgres(connection) => connection.close().await.unwrap(),
            Self::Sqlite(connection) => connection.close().await.unwrap(),
        }
    }
}

async fn copy(connection: &mut PgConnection, table: &str, columns: &str, rows: &[Vec<Cell>]) {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(copied).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    let mut into = connection.copy_in_raw(&format!("copy {table} ({columns}) from stdin")).await.unwrap();
    into.send(text.into_bytes()).await.unwrap();
    into.finish().await.unwrap();
}

fn copied(cell: &Cell) -> String {
    match cell {
        Cell::Id(id) => id.to_string(),
        Cell::At(at) => at.to_string(),
        Cell::Text(text) => text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r"),
        Cell::Bytes(bytes) => format!("\\\\x{}", data_encoding::HEXLOWER.encode(bytes)),
        Cell::Number(number) => number.to_string(),
        Cell::Flag(Flag::Yes) => "t".to_owned(),
        Cell::Flag(Flag::No) => "f".to_owned(),
        Cell::Null => "\\N".to_owned(),
    }
}

async fn insert(connection: &mut SqliteConnection, table: &str, columns: &str, rows: Vec<Vec<Cell>>) {
    // SQLite takes at most 32766 values a statement.
    let at_once = 30_000 / rows.first().map_or(1, |row| row.len().max(1));
    let mut transaction = connection.begin().await.unwrap();
    for some in rows.chunks(at_once) {
        let mut query = QueryBuilder::<Sqlite>::new(format!("insert into {table} ({columns}) "));
        query.push_values(some, |mut values, row| {
            for cell in row {
                match cell.clone() {
                    Cell::Id(id) => values.push_bind(id.as_bytes().to_vec()),
                    Cell::At(at) => values.push_bind(at.micros()),
                    Cell::Text(text) => values.push_bind(text),
                    Cell::Bytes(bytes) => values.push_bind(bytes),
                    Cell::Number(number) => values.push_bind(number),
                    Cell::Flag(Flag::Yes) => values.push("1"),
                    Cell::Flag(Flag::No) => values.push("0"),
                    Cell::Null => values.push("null"),
                };
            }
        });
        query.build().execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
}
