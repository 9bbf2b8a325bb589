//! The schema: which migrations there are, which of them a database has seen, and how it gets the rest.
//!
//! Migrations go forward only; see `migrations/README.md`. Every file in both folders is listed here by hand, and a test
//! compares the list with the folders.

use std::fmt;

use sqlx::{
    Connection, PgConnection, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

use super::{
    db::Db,
    error::DbError,
    open::Pools,
    sql::Pair,
    tx::{Backend, Tx},
};

/// One step of the schema, for both databases.
pub struct Step {
    /// Counts from 1, without gaps.
    pub version: i64,
    /// What it is about; the file is called `NNNN_name.sql`.
    pub name: &'static str,
    /// Its statements.
    pub text: Pair,
}

macro_rules! steps {
    ($($version:literal $file:literal $name:literal;)*) => {
        &[$(Step {
            version: $version,
            name: $name,
            text: Pair {
                sqlite: include_str!(concat!("../../migrations/sqlite/", $file, "_", $name, ".sql")),
                postgres: include_str!(concat!("../../migrations/postgres/", $file, "_", $name, ".sql")),
            },
        }),*]
    };
}

/// Every migration, in order.
pub const STEPS: &[Step] = steps! {
    1 "0001" "foundation";
    2 "0002" "addresses";
    3 "0003" "tree";
    4 "0004" "owners";
    5 "0005" "settings";
    6 "0006" "readiness";
    7 "0007" "credentials";
    8 "0008" "told";
    9 "0009" "passkeys";
    10 "0010" "sessions";
    11 "0011" "sign_in_requests";
    12 "0012" "signed_ballots";
    13 "0013" "sign_on";
    14 "0014" "known_browsers";
    15 "0015" "known_browsers_token";
    16 "0016" "recovery_users";
    17 "0017" "paper_keys";
    18 "0018" "drills";
    19 "0019" "redemptions";
    20 "0020" "key_reminders";
    21 "0021" "inbound_mails";
    22 "0022" "mail_tracking";
    23 "0023" "webhooks";
    24 "0024" "time_zones";
    25 "0025" "sealed_log";
    26 "0026" "activity_pages";
    27 "0027" "halts";
    28 "0028" "activity_of_person";
    29 "0029" "checkpoint_of_mail";
};

/// What a database has of the schema of this version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// All of it, and nothing else.
    Current,
    /// Nothing at all: a new database.
    Empty,
    /// Only the beginning.
    Older {
        /// The versions that are missing.
        missing: Vec<i64>,
    },
    /// All of it, and more: a newer version of the program was here.
    Newer {
        /// The versions that this program does not know.
        unknown: Vec<i64>,
    },
    /// A migration was changed after it had been applied, or applied in part.
    Altered {
        /// Which one.
        version: i64,
    },
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current => f.write_str("the schema is up to date"),
            Self::Empty => f.write_str("the database has no schema yet; run `quorate migrate`"),
            Self::Older { missing } => {
                write!(
                    f,
                    "the schema is older than this version of quorate and misses {}; run `quorate migrate`",
                    list(missing)
                )
            }
            Self::Newer { unknown } => {
                write!(
                    f,
                    "the schema is newer than this version of quorate and has {}; install the newer version",
                    list(unknown)
                )
            }
            Self::Altered { version } => write!(
                f,
                "migration {version} was applied with another text than this version of quorate has; install the version it came with"
            ),
        }
    }
}

fn list(versions: &[i64]) -> String {
    let words: Vec<String> = versions.iter().map(i64::to_string).collect();
    format!("{} {}", if words.len() == 1 { "migration" } else { "migrations" }, words.join(", "))
}

/// Applies every migration that is missing. Several processes may do so at the same time.
///
/// # Errors
/// When the database refuses a migration, has been altered, or is newer. What was applied before stays applied.
pub async fn migrate(db: &Db) -> Result<(), DbError> {
    migrate_to(db, STEPS).await
}

/// Applies the given beginning of [`STEPS`], so that a test can stop before each one.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_to(db: &Db, steps: &[Step]) -> Result<(), DbError> {
    let migrator = migrator(db.backend(), steps);
    // `run_direct` and not `run`, whose future the compiler cannot see to be `Send`.
    match db.pools() {
        Pools::Sqlite { writer, .. } => {
            // sqlx takes no lock on SQLite. In one transaction, a second process waits and then finds everything done.
            let mut transaction = writer.begin_with("begin immediate").await?;
            migrator.run_direct(None, &mut *transaction, false).await?;
            transaction.commit().await?;
        }
        Pools::Postgres { writers, .. } => {
            // A connection of its own: sqlx's advisory lock belongs to the connection and survives a failed migration.
            let mut connection = PgConnection::connect_with(&writers.connect_options()).await?;
            migrator.run_direct(None, &mut connection, false).await?;
            connection.close().await?;
        }
    }
    Ok(())
}

/// Compares the database with [`STEPS`].
///
/// # Errors
/// When the database fails.
pub async fn status(db: &Db) -> Result<Status, DbError> {
    let mut tx = db.read().await?;
    let tables: i64 = tx.sql(FIND_TABLE).scalar().await?;
    let applied = if tables == 0 { Vec::new() } else { applied(&mut tx).await? };
    if applied.is_empty() && !STEPS.is_empty() {
        return Ok(Status::Empty);
    }
    let migrator = migrator(db.backend(), STEPS);
    for (version, checksum, whole) in &applied {
        let ours = migrator.iter().find(|step| step.version == *version);
        if !whole || ours.is_some_and(|step| step.checksum != *checksum) {
            return Ok(Status::Altered { version: *version });
        }
    }
    let unknown: Vec<i64> =
        applied.iter().map(|row| row.0).filter(|version| !migrator.version_exists(*version)).collect();
    if !unknown.is_empty() {
        return Ok(Status::Newer { unknown });
    }
    let missing: Vec<i64> =
        STEPS.iter().map(|step| step.version).filter(|version| applied.iter().all(|row| row.0 != *version)).collect();
    Ok(if missing.is_empty() { Status::Current } else { Status::Older { missing } })
}

/// Goes on only with a schema that is up to date.
///
/// # Errors
/// [`DbError::Schema`] with what is wrong otherwise, or when the database fails.
pub async fn require_current(db: &Db) -> Result<(), DbError> {
    match status(db).await? {
        Status::Current => Ok(()),
        other @ (Status::Empty | Status::Older { .. } | Status::Newer { .. } | Status::Altered { .. }) => {
            Err(DbError::Schema(other))
        }
    }
}

const FIND_TABLE: Pair = Pair {
    sqlite: "select count(*) from sqlite_schema where type = 'table' and name = '_sqlx_migrations'",
    postgres: "select count(*) from information_schema.tables
               where table_schema = current_schema() and table_name = '_sqlx_migrations'",
};

async fn applied(tx: &mut Tx) -> Result<Vec<(i64, Vec<u8>, bool)>, DbError> {
    tx.sql("select version, checksum, success from _sqlx_migrations order by version").all().await
}

fn migrator(backend: Backend, steps: &[Step]) -> Migrator {
    let migration = |step: &Step| {
        let text = match backend {
            Backend::Sqlite => step.text.sqlite,
            Backend::Postgres => step.text.postgres,
        };
        Migration::new(step.version, step.name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.iter().map(migration).collect())
}
