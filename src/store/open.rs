//! Opens a database: reads its address, and sets both sides up the way the rest relies on.
//!
//! SQLite has one connection that writes, since it allows one writer at a time and a queue in the process is fairer
//! than its own. On both, plain reads have connections of their own, which the database itself keeps from writing.

use std::{path::Path, pin::Pin, str::FromStr, time::Duration};

use sqlx::{
    Connection, Database, Executor, PgConnection, PgPool, SqliteConnection, SqlitePool,
    pool::{PoolConnectionMetadata, PoolOptions},
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{error::DbError, gate::Gate};

/// How many connections, and how long to wait for one.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections for plain reads.
    pub readers: u32,
    /// Connections for units of work. SQLite always has one.
    pub writers: u32,
    /// Connections for snapshots. SQLite takes its readers.
    pub snapshots: u32,
    /// How long to wait for a free connection, and on SQLite for another process's lock.
    pub wait: Duration,
    /// Who looks at each call before it is made: nobody, outside of tests.
    pub gate: Gate,
}

impl Options {
    /// So many connections that write, as many for plain reads, and half as many for snapshots.
    #[must_use]
    pub fn sized(connections: u32) -> Self {
        let snapshots = connections.div_ceil(2);
        let wait = Duration::from_secs(10);
        Self { readers: connections, writers: connections, snapshots, wait, gate: Gate::default() }
    }
}

impl Default for Options {
    /// Four for each processor, eight at least, 32 at most. Every connection of PostgreSQL is a process of its own with
    /// caches of its own, and the pool takes them in turns: more than are at work make each statement slower.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self::sized(u32::try_from(processors).unwrap_or(u32::MAX).saturating_mul(4).clamp(8, 32))
    }
}

/// The connections of one database.
#[derive(Clone)]
pub(super) enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres { writers: PgPool, readers: PgPool, snapshots: PgPool },
}

/// Opens `sqlite:PATH`, which is created when it is not there, or `postgres://…`, which must exist.
pub(super) async fn open(url: &str, options: &Options) -> Result<Pools, DbError> {
    if let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
        open_sqlite(path, options).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        open_postgres(url, options).await
    } else {
        // The address may hold a password, so it is not repeated.
        Err(DbError::Address("must begin with `sqlite:` or `postgres://`".to_owned()))
    }
}

async fn open_sqlite(path: &str, options: &Options) -> Result<Pools, DbError> {
    if path.is_empty() || path.contains(":memory:") || path.contains('?') {
        return Err(DbError::Address(format!(
            "`sqlite:{path}` must name a file, as in `sqlite:/var/lib/quorate/quorate.db`"
        )));
    }
    create_private(Path::new(path)).map_err(|source| DbError::File { path: path.to_owned(), source })?;
    let shared = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(options.wait)
        .synchronous(SqliteSynchronous::Full);
    let for_writing = shared.clone().journal_mode(SqliteJournalMode::Wal);
    let writer = pool(options).max_connections(1).after_release(only_idle).connect_with(for_writing).await?;
    // A quarter of the pages that SQLite would keep for each: the system has them too, and there are many connections.
    let for_reading = shared.pragma("query_only", "on").pragma("cache_size", "-512");
    let readers =
        pool(options).max_connections(options.readers).after_release(only_idle).connect_lazy_with(for_reading);
    Ok(Pools::Sqlite { writer, readers })
}

/// Closes a connection that is not out of its transaction. On a full disk, or one that fails, SQLite rolls back by
/// itself; sqlx does not hear of it, its own ROLLBACK fails, and it would never again begin a unit of work there.
fn only_idle(
    connection: &mut SqliteConnection,
    _: PoolConnectionMetadata,
) -> Pin<Box<dyn Future<Output = Result<bool, sqlx::Error>> + Send + '_>> {
    Box::pin(async move {
        if !connection.is_in_transaction() {
            return Ok(true);
        }
        // A transaction that was dropped may still be on its way out: the ping comes after its ROLLBACK.
        connection.ping().await?;
        Ok(!connection.is_in_transaction())
    })
}

/// Creates the file readable by its owner only; SQLite gives its companions the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut create = std::fs::OpenOptions::new();
    create.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
    create.open(path).map(drop)
}

async fn open_postgres(url: &str, options: &Options) -> Result<Pools, DbError> {
    let connect = PgConnectOptions::from_str(url)
        .map_err(|_| DbError::Address("cannot be read; it has the form `postgres://user@host/database`".to_owned()))?
        .application_name("quorate");
    // A future dropped while sqlx waits for the answer to BEGIN leaves the connection inside a transaction of which
    // sqlx knows nothing (its issues 4385 and 4393). Whoever wrote on it next would have their writes lost, so those who
    // write have connections of their own: units of work run in tasks that nobody drops.
    let writers = pool(options).max_connections(options.writers).connect_with(connect.clone()).await?;
    // Snapshots are dropped with their requests, and whoever got the connection next would see an old one.
    //
    // It is done always, although it costs a round trip after each: sqlx knows the server's transaction status, but
    // only as of the last answer it read, and keeps it to itself. BEGIN goes first so that the usual, idle connection
    // draws no warning into the server's log; inside a failed transaction it fails, and the connection is closed.
    let snapshots = pool(options)
        .max_connections(options.snapshots)
        .after_release(|connection: &mut PgConnection, _| {
            Box::pin(async move {
                connection.execute(sqlx::raw_sql("begin; rollback")).await?;
                Ok(true)
            })
        })
        .connect_lazy_with(connect.clone());
    // Nothing ever begins a transaction on these, and the server refuses them every write.
    let readers = pool(options)
        .max_connections(options.readers)
        .after_connect(|connection: &mut PgConnection, _| {
            Box::pin(async move {
                connection.execute("set default_transaction_read_only = on").await?;
                Ok(())
            })
        })
        .connect_lazy_with(connect);
    Ok(Pools::Postgres { writers, readers, snapshots })
}

/// A connection that has just been used is taken as it is: asking first whether it still lives costs a round trip.
fn pool<D: Database>(options: &Options) -> PoolOptions<D> {
    const FRESH: Duration = Duration::from_secs(2);
    PoolOptions::new().acquire_timeout(options.wait).test_before_acquire(false).before_acquire(
        |connection: &mut D::Connection, meta: PoolConnectionMetadata| {
            Box::pin(async move { Ok(meta.idle_for < FRESH || connection.ping().await.is_ok()) })
        },
    )
}
