//! What store functions work on: a unit of work, a snapshot, or a connection for plain reads.
//!
//! A `Tx` watches its statements. Once one of them failed, or was abandoned half-way, nothing can be committed any
//! more: PostgreSQL would answer such a COMMIT with a silent ROLLBACK, and SQLite would keep the half of it.

use sqlx::{Database, Postgres, Sqlite, Transaction, pool::PoolConnection};

use super::{
    error::DbError,
    gate::{Call, Gate},
    nudge::{Bell, Due},
    sql::{Pair, Sql, Target},
};
use crate::meter::{names::Metric, numbers::Meter};

/// Which database this is, for the few things that cannot be the same on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// The one with replicas.
    Postgres,
}

/// A connection on which statements run, inside a transaction or not. Made by [`super::db::Db`].
pub struct Tx {
    link: Link,
    progress: Progress,
    due: Due,
    tally: Tally,
}

/// What a unit of work wants counted, once it is saved.
#[derive(Default)]
pub(super) struct Tally(Vec<(&'static Metric, &'static str)>);

impl Tally {
    pub(super) fn add_to(self, meter: &Meter) {
        for (metric, label) in self.0 {
            meter.count(metric, [label.into()], 1);
        }
    }
}

pub(super) enum Link {
    Sqlite(Held<Sqlite>),
    Postgres(Held<Postgres>),
}

pub(super) enum Held<D: Database> {
    Plain(PoolConnection<D>),
    Open(Transaction<'static, D>),
}

impl Tx {
    pub(super) fn new(link: Link, access: Access, gate: Gate) -> Self {
        Self {
            link,
            progress: Progress { access, step: Step::Clean, gate },
            due: Due::default(),
            tally: Tally::default(),
        }
    }

    /// Begins a statement. The text is fixed when the program is built; values are bound.
    pub fn sql(&mut self, text: impl Into<Pair>) -> Sql<'_> {
        let pair: Pair = text.into();
        let (text, target) = match &mut self.link {
            Link::Sqlite(held) => {
                (pair.sqlite, Target::Sqlite(held.connection(), sqlx::sqlite::SqliteArguments::default()))
            }
            Link::Postgres(held) => {
                (pair.postgres, Target::Postgres(held.connection(), sqlx::postgres::PgArguments::default()))
            }
        };
        Sql::new(text, target, &mut self.progress)
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match &self.link {
            Link::Sqlite(_) => Backend::Sqlite,
            Link::Postgres(_) => Backend::Postgres,
        }
    }

    /// Has something counted when this unit of work is saved, and only then: a unit may run several times.
    pub fn count(&mut self, metric: &'static Metric, label: &'static str) {
        self.tally.0.push((metric, label));
    }

    pub(super) fn tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }

    /// There will be mails in the outbox once this has committed.
    pub(super) const fn mails_are_due(&mut self) {
        self.due.add(Bell::Mails);
    }

    /// There will be requests to sign in once this has committed.
    pub(super) const fn sign_ins_are_due(&mut self) {
        self.due.add(Bell::SignIns);
    }

    /// There will be cases to look at again once this has committed.
    pub(super) const fn cases_are_due(&mut self) {
        self.due.add(Bell::Deadlines);
    }

    /// There will be webhooks to send once this has committed.
    pub(super) const fn webhooks_are_due(&mut self) {
        self.due.add(Bell::Webhooks);
    }

    /// There will be entries in the log that somebody wants to have sealed once this has committed.
    pub(super) const fn log_is_due(&mut self) {
        self.due.add(Bell::Log);
    }

    pub(super) const fn due(&self) -> Due {
        self.due
    }

    pub(super) const fn step(&self) -> Step {
        self.progress.step
    }

    pub(super) async fn commit(self) -> Result<(), DbError> {
        let gate = self.progress.gate;
        let outcome = match self.link {
            Link::Sqlite(Held::Open(transaction)) => {
                gate.pass(Call::Commit)?;
                transaction.commit().await
            }
            Link::Postgres(Held::Open(transaction)) => {
                gate.pass(Call::Commit)?;
                transaction.commit().await
            }
            // Its one statement is saved already.
            Link::Sqlite(Held::Plain(_)) | Link::Postgres(Held::Plain(_)) => Ok(()),
        };
        outcome.map_err(unless_answered)
    }

    pub(super) async fn roll_back(self) -> Result<(), DbError> {
        match self.link {
            Link::Sqlite(Held::Open(transaction)) => transaction.rollback().await?,
            Link::Postgres(Held::Open(transaction)) => transaction.rollback().await?,
            Link::Sqlite(Held::Plain(_)) | Link::Postgres(Held::Plain(_)) => (),
        }
        Ok(())
    }
}

impl<D: Database> Held<D> {
    fn connection(&mut self) -> &mut D::Connection {
        match self {
            Self::Plain(connection) => &mut *connection,
            Self::Open(transaction) => &mut *transaction,
        }
    }
}

/// What the statements of a `Tx` may do, and how the last one ended.
pub(super) struct Progress {
    access: Access,
    step: Step,
    gate: Gate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// One statement, which is saved once it succeeds.
    WriteOnce,
    Write,
    /// That one statement has been run.
    Spent,
}

/// How far the statements got.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// All of them succeeded.
    Clean,
    /// One was sent, and nobody waited for its end.
    Unfinished,
    /// One failed, and would fail again.
    Failed,
    /// One failed for a reason that may be gone at the next attempt.
    Transient,
}

impl Progress {
    pub(super) fn may_write(&self) -> bool {
        match self.access {
            Access::Write | Access::WriteOnce => true,
            Access::Read | Access::Spent => false,
        }
    }

    /// The reason not to run this statement, if there is one: outside a unit of work, only reading is allowed. The
    /// database refuses the rest too; this one says so before it is asked, and in the same words on both.
    pub(super) fn refusal(&self, text: &'static str) -> Option<DbError> {
        let reads = || ["select", "with"].iter().any(|word| first_word(text).eq_ignore_ascii_case(word));
        let what = match self.access {
            Access::Write | Access::WriteOnce => return None,
            Access::Read if reads() => return None,
            Access::Read => "a statement that may write, outside a unit of work",
            Access::Spent => "a second statement, where one was announced",
        };
        Some(DbError::Misuse { what, text })
    }

    pub(super) fn start(&mut self) -> Result<(), DbError> {
        if self.access == Access::WriteOnce {
            self.access = Access::Spent;
        }
        if self.step == Step::Clean {
            self.step = Step::Unfinished;
        }
        let passed = self.gate.pass(Call::Statement);
        if passed.is_err() { self.finish(passed) } else { Ok(()) }
    }

    pub(super) fn finish<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, DbError> {
        let outcome = outcome.map_err(|error| match self.access {
            Access::Spent => unless_answered(error),
            Access::Read | Access::Write | Access::WriteOnce => DbError::Sqlx(error),
        });
        if self.step == Step::Unfinished {
            self.step = match &outcome {
                Ok(_) => Step::Clean,
                Err(error) if error.is_transient() => Step::Transient,
                Err(_) => Step::Failed,
            };
        }
        outcome
    }
}

/// Only an answer of the database itself is an answer. Without one, nobody knows what became of a change.
fn unless_answered(error: sqlx::Error) -> DbError {
    if matches!(error, sqlx::Error::Database(_)) { DbError::Sqlx(error) } else { DbError::Unsure(error) }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}
