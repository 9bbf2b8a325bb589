//! What can go wrong with the database, and the few questions that store code asks about it.
//!
//! None of these texts is shown to people who use the service: they go to the log, and to the operator's terminal.

use std::{any::Any, fmt};

use sqlx::error::{DatabaseError, ErrorKind};
use tokio::task::JoinError;

use super::schema::Status;

/// A failure of the database, or of a row in it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The driver or the database reported this.
    #[error("the database failed: {0}")]
    Sqlx(#[from] sqlx::Error),
    /// The connection broke while a change was being committed: it may or may not have been saved.
    #[error("the database did not say whether it saved the change; look before trying again: {0}")]
    Unsure(#[source] sqlx::Error),
    /// The migrations could not be applied.
    #[error("the schema could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The schema is not the one that this version was built for.
    #[error("{0}")]
    Schema(Status),
    /// The address of the database is none that can be opened.
    #[error("the database address {0}")]
    Address(String),
    /// The file of the embedded database could not be made.
    #[error("the database file `{path}` cannot be created: {source}")]
    File {
        /// Where it should have been.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A row says what it can never say.
    #[error("the row `{id}` of table `{table}` makes no sense; compare it with a backup")]
    Corrupt {
        /// The table's name.
        table: &'static str,
        /// The row's id, as text.
        id: String,
    },
    /// A row that must be there is not.
    #[error("no row where one must be, asked by `{0}`")]
    NoRow(&'static str),
    /// Several rows where there can be only one.
    #[error("several rows where at most one can be, asked by `{0}`")]
    ManyRows(&'static str),
    /// A statement that does not fit the facade: a defect of the program.
    #[error("{what}, in `{text}`")]
    Misuse {
        /// What is wrong with it.
        what: &'static str,
        /// The statement.
        text: &'static str,
    },
    /// A unit of work wanted to commit although one of its statements failed or was abandoned.
    #[error("a unit of work went on after a statement of it had failed; nothing was saved")]
    WentOn,
    /// A unit of work panicked.
    #[error("a unit of work stopped with a panic and left no trace: {0}")]
    Panicked(String),
    /// The process is shutting down.
    #[error("a unit of work was stopped with the process and left no trace")]
    Stopped,
}

impl From<JoinError> for DbError {
    fn from(stopped: JoinError) -> Self {
        match stopped.try_into_panic() {
            Ok(payload) => Self::Panicked(words(&*payload)),
            Err(_) => Self::Stopped,
        }
    }
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it left no message").to_owned()
}

impl DbError {
    /// A row that says what it can never say.
    pub fn corrupt(table: &'static str, id: impl fmt::Display) -> Self {
        Self::Corrupt { table, id: id.to_string() }
    }

    /// Whether the same unit of work may succeed when run anew: a deadlock, a serialization failure, a busy SQLite.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.database() {
            None => false,
            Some(error) => match error.code().as_deref() {
                Some("40001" | "40P01") => true,
                // SQLite's extended result codes carry the plain one, here SQLITE_BUSY, in their lowest byte.
                Some(code) if is_sqlite(error) => code.parse::<i32>().is_ok_and(|code| code & 0xff == 5),
                Some(_) | None => false,
            },
        }
    }

    /// Whether a unique index or a primary key refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.has_kind(&ErrorKind::UniqueViolation)
    }

    /// Whether the row names another one that does not exist, or others name the row that was to go.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.has_kind(&ErrorKind::ForeignKeyViolation)
    }

    /// Whether a check constraint refused the row.
    #[must_use]
    pub fn is_check_violation(&self) -> bool {
        self.has_kind(&ErrorKind::CheckViolation)
    }

    /// Which constraint refused the row: its name on PostgreSQL; on SQLite the name of a check, and for a unique index
    /// its columns, as in `members.account, members.user`.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        let error = self.database()?;
        error.constraint().or_else(|| error.message().split_once(" constraint failed: ").map(|(_, which)| which))
    }

    /// Whether the connection was lost, as opposed to the statement refused.
    pub(super) fn is_lost_connection(&self) -> bool {
        matches!(self, Self::Sqlx(sqlx::Error::Io(_)))
    }

    fn has_kind(&self, kind: &ErrorKind) -> bool {
        self.database().is_some_and(|error| error.kind() == *kind)
    }

    fn database(&self) -> Option<&(dyn DatabaseError + 'static)> {
        match self {
            Self::Sqlx(error) | Self::Unsure(error) => error.as_database_error(),
            Self::Migrate(_)
            | Self::Schema(_)
            | Self::Address(_)
            | Self::File { .. }
            | Self::Corrupt { .. }
            | Self::NoRow(_)
            | Self::ManyRows(_)
            | Self::Misuse { .. }
            | Self::WentOn
            | Self::Panicked(_)
            | Self::Stopped => None,
        }
    }
}

fn is_sqlite(error: &(dyn DatabaseError + 'static)) -> bool {
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
}
