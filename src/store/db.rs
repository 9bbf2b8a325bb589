//! The database as the rest of the service sees it: it runs units of work, and reads.
//!
//! There is no other way to write than a unit of work. It runs in a task of its own, so that a request whose client has
//! gone away does not stop it half-way; it commits when it ends well, leaves no trace when it does not, and is run anew
//! when another transaction got in its way.

use std::{any::type_name, future::Future};

use sqlx::{Database, Pool};
use tokio_util::task::TaskTracker;

use super::{
    error::DbError,
    gate::{Call, Gate},
    nudge::Nudges,
    open::{self, Options, Pools},
    tx::{Access, Backend, Held, Link, Step, Tx},
};
use crate::{
    clock::Stopwatch,
    meter::{
        names,
        numbers::{Meter, Value},
    },
};

/// A change, or several that belong together: everything it writes is saved, or nothing.
pub trait Unit: Send + Sync + 'static {
    /// What it finds out.
    type Out: Send + 'static;
    /// Why it may not end well.
    type Error: From<DbError> + Send + 'static;

    /// Does the work. It may be called several times, each time on a transaction that has seen nothing of the earlier
    /// ones, so it changes nothing but the database.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Out, Self::Error>> + Send;
}

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    units: TaskTracker,
    nudges: Nudges,
    gate: Gate,
    meter: Meter,
}

/// The connections of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// What they are for: `write`, `read` or `snapshot`.
    pub pool: &'static str,
    /// How many are being used.
    pub in_use: u32,
    /// How many wait to be used.
    pub idle: u32,
    /// How many there are at most.
    pub max: u32,
}

impl Connections {
    fn of<D: Database>(pool: &'static str, connections: &Pool<D>) -> Self {
        let idle = u32::try_from(connections.num_idle()).unwrap_or(u32::MAX);
        let in_use = connections.size().saturating_sub(idle);
        Self { pool, in_use, idle, max: connections.options().get_max_connections() }
    }
}

/// How often a unit is run before the last failure is reported.
const ATTEMPTS: usize = 5;

enum Attempt<T> {
    Final(T),
    Again(T),
}

impl Db {
    /// Opens `sqlite:PATH`, which is created when it is not there, or `postgres://…`, which must exist.
    ///
    /// # Errors
    /// When the address makes no sense, or the database does not answer.
    pub async fn open(url: &str, options: &Options) -> Result<Self, DbError> {
        let pools = open::open(url, options).await?;
        let (gate, nudges, meter) = (options.gate.clone(), Nudges::default(), Meter::default());
        Ok(Self { pools, units: TaskTracker::new(), nudges, gate, meter })
    }

    /// What units of work ring when they have committed.
    #[must_use]
    pub const fn nudges(&self) -> &Nudges {
        &self.nudges
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match &self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres { .. } => Backend::Postgres,
        }
    }

    /// The numbers of the service that has this database open.
    #[must_use]
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Runs a unit of work to its end, even when the future returned here is dropped.
    ///
    /// # Errors
    /// What the unit returned, or what the database reported. Nothing was saved then, except perhaps with
    /// [`DbError::Unsure`].
    pub async fn run<U: Unit>(&self, unit: U) -> Result<U::Out, U::Error> {
        self.run_in(Around::Transaction, unit).await
    }

    /// The same for a unit that writes with one statement and does nothing else: PostgreSQL needs no BEGIN and COMMIT
    /// around it, which are two round trips.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_one<U: Unit>(&self, unit: U) -> Result<U::Out, U::Error> {
        self.run_in(Around::Nothing, unit).await
    }

    async fn run_in<U: Unit>(&self, around: Around, unit: U) -> Result<U::Out, U::Error> {
        let (db, watch) = (self.clone(), Stopwatch::start());
        match self.units.spawn(async move { db.measured(around, &unit, watch).await }).await {
            Ok(outcome) => outcome,
            Err(stopped) => {
                self.meter.took(&names::UNIT_SECONDS, [name::<U>(), "panicked".into()], watch.seconds());
                Err(DbError::from(stopped).into())
            }
        }
    }

    /// A connection for reads that need not agree with each other: no transaction, one round trip each.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read(&self) -> Result<Tx, DbError> {
        let watch = Stopwatch::start();
        let link = match &self.pools {
            Pools::Sqlite { readers, .. } => Link::Sqlite(Held::Plain(readers.acquire().await?)),
            Pools::Postgres { readers, .. } => Link::Postgres(Held::Plain(readers.acquire().await?)),
        };
        self.meter.took(&names::WAIT_SECONDS, ["read".into()], watch.seconds());
        Ok(Tx::new(link, Access::Read, self.gate.clone()))
    }

    /// A snapshot: all reads see the database as it was at the first of them.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Tx, DbError> {
        let link = match &self.pools {
            Pools::Sqlite { readers, .. } => Link::Sqlite(Held::Open(readers.begin().await?)),
            Pools::Postgres { snapshots, .. } => {
                let begin = "begin isolation level repeatable read read only";
                Link::Postgres(Held::Open(snapshots.begin_with(begin).await?))
            }
        };
        Ok(Tx::new(link, Access::Read, self.gate.clone()))
    }

    /// The connections of this process.
    #[must_use]
    pub fn connections(&self) -> Vec<Connections> {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                vec![Connections::of("write", writer), Connections::of("read", readers)]
            }
            Pools::Postgres { writers, readers, snapshots } => {
                vec![
                    Connections::of("write", writers),
                    Connections::of("read", readers),
                    Connections::of("snapshot", snapshots),
                ]
            }
        }
    }

    /// Waits for the units of work that are under way, then closes every connection.
    pub async fn close(&self) {
        self.units.close();
        self.units.wait().await;
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                // Last, because the last connection folds the write-ahead log into the file.
                writer.close().await;
            }
            Pools::Postgres { writers, readers, snapshots } => {
                readers.close().await;
                snapshots.close().await;
                writers.close().await;
            }
        }
    }

    pub(super) const fn pools(&self) -> &Pools {
        &self.pools
    }

    async fn measured<U: Unit>(&self, around: Around, unit: &U, watch: Stopwatch) -> Result<U::Out, U::Error> {
        let outcome = self.attempts(around, unit).await;
        // What a use case refuses was rolled back just as what went wrong was; the difference is in the refusals.
        let ended = if outcome.is_ok() { "saved" } else { "rolled_back" };
        self.meter.took(&names::UNIT_SECONDS, [name::<U>(), ended.into()], watch.seconds());
        outcome
    }

    async fn attempts<U: Unit>(&self, around: Around, unit: &U) -> Result<U::Out, U::Error> {
        for _ in 1..ATTEMPTS {
            if let Attempt::Final(outcome) = self.attempt(around, unit).await {
                return outcome;
            }
            self.meter.count(&names::UNIT_RETRIES, [], 1);
        }
        match self.attempt(around, unit).await {
            Attempt::Final(outcome) | Attempt::Again(outcome) => outcome,
        }
    }

    async fn attempt<U: Unit>(&self, around: Around, unit: &U) -> Attempt<Result<U::Out, U::Error>> {
        let mut tx = match self.begin(around, type_name::<U>()).await {
            Ok(tx) => tx,
            // It died while idle, and nothing has been done yet. A busy SQLite is not asked again: it has waited already.
            Err(error) if error.is_lost_connection() => return Attempt::Again(Err(error.into())),
            Err(error) => return Attempt::Final(Err(error.into())),
        };
        let outcome = unit.run(&mut tx).await;
        let (step, due, tally) = (tx.step(), tx.due(), tx.tally());
        let outcome = match (outcome, step) {
            (Ok(out), Step::Clean) => match tx.commit().await {
                Ok(()) => {
                    self.nudges.ring(due);
                    tally.add_to(&self.meter);
                    return Attempt::Final(Ok(out));
                }
                Err(error) if error.is_transient() => return Attempt::Again(Err(error.into())),
                Err(error) => return Attempt::Final(Err(error.into())),
            },
            (Ok(_), Step::Unfinished | Step::Failed | Step::Transient) => Err(DbError::WentOn.into()),
            (Err(error), _) => Err(error),
        };
        if let Err(error) = tx.roll_back().await {
            // The transaction ends with its connection, which the pool will not hand out again.
            tracing::debug!(%error, "a unit of work could not be rolled back");
        }
        match step {
            Step::Transient => Attempt::Again(outcome),
            Step::Clean | Step::Unfinished | Step::Failed => Attempt::Final(outcome),
        }
    }

    async fn begin(&self, around: Around, unit: &'static str) -> Result<Tx, DbError> {
        self.gate.pass(Call::Begin { unit })?;
        let watch = Stopwatch::start();
        let link = match (&self.pools, around) {
            // A plain BEGIN takes the lock at the first write, which fails when somebody else has written since. One
            // statement of ours can be several of SQLite's.
            (Pools::Sqlite { writer, .. }, Around::Transaction | Around::Nothing) => {
                Link::Sqlite(Held::Open(writer.begin_with("begin immediate").await?))
            }
            (Pools::Postgres { writers, .. }, Around::Transaction) => {
                Link::Postgres(Held::Open(writers.begin().await?))
            }
            (Pools::Postgres { writers, .. }, Around::Nothing) => Link::Postgres(Held::Plain(writers.acquire().await?)),
        };
        self.meter.took(&names::WAIT_SECONDS, ["write".into()], watch.seconds());
        let access = match around {
            Around::Transaction => Access::Write,
            Around::Nothing => Access::WriteOnce,
        };
        Ok(Tx::new(link, access, self.gate.clone()))
    }
}

/// What stands around a unit of work.
#[derive(Clone, Copy)]
enum Around {
    /// BEGIN and COMMIT.
    Transaction,
    /// Nothing, where a statement alone is a transaction of its own.
    Nothing,
}

/// The name of a unit's type, without its path, and of one inside another that of the inner: so many values as there are
/// units in the program.
fn name<U>() -> Value {
    let path = type_name::<U>();
    path.rsplit_once("::").map_or(path, |(_, name)| name).trim_end_matches('>').into()
}
