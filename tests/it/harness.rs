//! A fresh database for every test, on SQLite and on PostgreSQL.
//!
//! A test is an `async fn` that takes a [`TestDb`]; `on_both!(its_name)` makes two tests of it, `its_name::sqlite` and
//! `its_name::postgres`. Where PostgreSQL is not installed, the second says so aloud and does nothing, unless
//! `QUORATE_TEST_REQUIRE_POSTGRES` is set: then it fails.

pub mod authenticator;
pub mod browser;
pub mod dkim;
pub mod dns;
pub mod every_entry;
pub mod forms;
pub mod maildir;
pub mod nameserver;
pub mod oidc;
pub mod opendkim;
pub mod postfix;
pub mod postgres;
pub mod program;
pub mod proof;
pub mod provider;
pub mod race;
pub mod reading;
pub mod receiver;
pub mod smtp;
pub mod standard_webhooks;
pub mod town;
pub mod trace;
pub mod webdriver;
pub mod world;

use std::{path::Path, sync::Arc};

use quorate::{
    ownership::preset::Presets,
    password::hasher::{Cost, Passwords},
    store::{db::Db, open::Options, schema, tx::Backend},
};

/// The presets that are part of the program.
pub fn presets() -> Arc<Presets> {
    Arc::new(Presets::built_in().unwrap())
}

/// Hashes of passwords that cost next to nothing.
pub fn quick_passwords() -> Passwords {
    Passwords::new(Cost { memory: 8, passes: 1 })
}

/// An empty database that only one test sees.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// Its address, to open it once more.
    pub url: String,
    /// Holds the file of an embedded database until the test ends.
    _directory: Option<tempfile::TempDir>,
}

impl TestDb {
    /// An embedded database with the whole schema.
    pub async fn sqlite() -> Self {
        let test = Self::bare_sqlite(&small()).await;
        schema::migrate(&test.db).await.unwrap();
        test
    }

    /// A PostgreSQL database with the whole schema, or nothing where there is no PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        let url = postgres::server()?.migrated_database().await;
        Some(Self { db: Db::open(&url, &small()).await.unwrap(), url, _directory: None })
    }

    /// An embedded database without a schema.
    pub async fn bare_sqlite(options: &Options) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", directory.path().join("quorate.db").display());
        Self { db: Db::open(&url, options).await.unwrap(), url, _directory: Some(directory) }
    }

    /// A PostgreSQL database without a schema, or nothing where there is no PostgreSQL.
    pub async fn bare_postgres(options: &Options) -> Option<Self> {
        let url = postgres::server()?.empty_database().await;
        Some(Self { db: Db::open(&url, options).await.unwrap(), url, _directory: None })
    }

    /// A copy of the database at that address, to which nobody may be connected. `way` is the directory of another socket
    /// that leads to PostgreSQL.
    pub async fn copy_of(url: &str, options: &Options, way: Option<&Path>) -> Self {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let directory = tempfile::tempdir().unwrap();
            let copy = directory.path().join("quorate.db");
            std::fs::copy(path, &copy).unwrap();
            let url = format!("sqlite:{}", copy.display());
            return Self { db: Db::open(&url, options).await.unwrap(), url, _directory: Some(directory) };
        }
        let server = postgres::server().unwrap();
        let url = server.copy_of(url).await;
        let through = way.map_or_else(|| url.clone(), |way| server.through(&url, way));
        Self { db: Db::open(&through, options).await.unwrap(), url, _directory: None }
    }

    /// One more database of the same kind, with the whole schema.
    pub async fn another(&self) -> Self {
        match self.db.backend() {
            Backend::Sqlite => Self::sqlite().await,
            Backend::Postgres => Self::postgres().await.unwrap(),
        }
    }

    /// One more database of the same kind, without a schema.
    pub async fn bare_sibling(&self) -> Self {
        match self.db.backend() {
            Backend::Sqlite => Self::bare_sqlite(&small()).await,
            Backend::Postgres => Self::bare_postgres(&small()).await.unwrap(),
        }
    }

    /// Runs statements that are no part of the service, such as tables of the test's own, on a connection of its own.
    pub async fn script(&self, statements: &str) {
        use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, raw_sql, sqlite::SqliteConnectOptions};
        let statements = raw_sql(AssertSqlSafe(statements.to_owned()));
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
            statements.execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            statements.execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        postgres::discard(&self.url);
    }
}

/// An HTTP client of this machine's, which also wants to know whose TLS it would speak.
pub fn http() -> reqwest::ClientBuilder {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy()
}

/// Few connections, because many tests run at once.
pub fn small() -> Options {
    Options { readers: 4, writers: 8, snapshots: 4, ..Options::default() }
}

/// Makes of each `async fn name(test: TestDb)` the tests `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name($crate::harness::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                if let Some(test) = $crate::harness::TestDb::postgres().await {
                    super::$name(test).await;
                }
            }
        })*
    };
}
pub(crate) use on_both;
