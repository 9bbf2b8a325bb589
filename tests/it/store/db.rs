//! The facade: what goes in comes out, and a unit of work is all or nothing.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use quorate::{
    id::{AccountId, UserId},
    moment::Moment,
    store::{
        db::{Db, Unit},
        error::DbError,
        open::Options,
        sql::Pair,
        tx::{Backend, Tx},
    },
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::harness::{TestDb, on_both, small};

on_both!(
    values_come_back,
    an_unstorable_moment_is_refused,
    a_forgotten_value_is_refused,
    rows_are_counted,
    an_error_leaves_no_trace,
    a_panic_is_an_error_and_leaves_no_trace,
    a_swallowed_failure_is_not_committed,
    a_dropped_caller_stops_nothing,
    no_increment_is_lost,
    plain_reads_cannot_write,
    a_snapshot_stays_as_it_was,
    violations_are_told_apart,
);

#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
struct Everything {
    id: AccountId,
    person: Option<UserId>,
    made_at: Moment,
    seen_at: Option<Moment>,
    number: i64,
    small: Option<i32>,
    yes: bool,
    maybe: Option<bool>,
    words: String,
    note: Option<String>,
    bytes: Vec<u8>,
    seal: Option<Vec<u8>>,
}

async fn values_come_back(test: TestDb) {
    let (id, time, flag, bytes) = match test.db.backend() {
        Backend::Sqlite => ("blob", "integer", "integer", "blob"),
        Backend::Postgres => ("uuid", "timestamptz", "boolean", "bytea"),
    };
    let strict = if test.db.backend() == Backend::Sqlite { "strict" } else { "" };
    test.script(&format!(
        "create table everything (id {id} primary key, person {id}, made_at {time} not null, seen_at {time},
             number {number} not null, small integer, yes {flag} not null, maybe {flag}, words text not null, note text,
             bytes {bytes} not null, seal {bytes}) {strict}",
        number = if strict.is_empty() { "bigint" } else { "integer" },
    ))
    .await;
    let full = Everything {
        id: AccountId::from_uuid(Uuid::from_u128(u128::MAX)),
        person: Some(UserId::from_uuid(Uuid::from_u128(7))),
        made_at: "1969-12-31T23:59:59.999999Z".parse().unwrap(),
        seen_at: Some("9999-12-30T21:59:59.999999Z".parse().unwrap()),
        number: i64::MIN,
        small: Some(-1),
        yes: true,
        maybe: Some(false),
        words: "it's \"ünïcode\" $1 ?".to_owned(),
        note: Some(String::new()),
        bytes: vec![0, 255],
        seal: Some(Vec::new()),
    };
    let sparse = Everything {
        id: AccountId::from_uuid(Uuid::nil()),
        person: None,
        seen_at: None,
        small: None,
        maybe: None,
        note: None,
        seal: None,
        ..full.clone()
    };
    for row in [full, sparse] {
        test.db.run(Keep(row.clone())).await.unwrap();
        let mut tx = test.db.read().await.unwrap();
        let read: Everything = tx.sql("select * from everything where id = $1").bind(row.id).one().await.unwrap();
        assert_eq!(read, row);
        let found: i64 = tx
            .sql("select count(*) from everything where made_at = $1 and id = $2 and yes = $3 and bytes = $4")
            .bind(row.made_at)
            .bind(row.id)
            .bind(row.yes)
            .bind(row.bytes.as_slice())
            .scalar()
            .await
            .unwrap();
        assert_eq!(found, 1);
    }
    let mut tx = test.db.read().await.unwrap();
    let ids: Vec<AccountId> = tx.sql("select id from everything order by id").scalars().await.unwrap();
    assert!(ids.is_sorted() && ids.len() == 2, "the order of ids is the order of columns");
}

struct Keep(Everything);

impl Unit for Keep {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let Everything { id, person, made_at, seen_at, number, small, yes, maybe, words, note, bytes, seal } = &self.0;
        let written = tx
            .sql("insert into everything values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
            .bind(id)
            .bind(person)
            .bind(made_at)
            .bind(seen_at)
            .bind(number)
            .bind(small)
            .bind(yes)
            .bind(maybe)
            .bind(words)
            .bind(note.as_deref())
            .bind(bytes)
            .bind(seal)
            .run()
            .await?;
        assert_eq!(written, 1);
        Ok(())
    }
}

async fn an_unstorable_moment_is_refused(test: TestDb) {
    let mut tx = test.db.read().await.unwrap();
    for micros in [i64::MAX, i64::MIN] {
        let asked = tx.sql("select 1 where $1 is not null").bind(Moment::from_micros(micros)).all::<(i32,)>().await;
        assert!(asked.is_err(), "{micros}");
    }
}

async fn a_forgotten_value_is_refused(test: TestDb) {
    let mut tx = test.db.read().await.unwrap();
    let asked = tx.sql("select 1 where $1 = $2").bind(1_i64).all::<(i32,)>().await;
    assert!(matches!(asked, Err(DbError::Misuse { .. })), "{asked:?}");
    let asked = tx.sql("select 1").bind(1_i64).all::<(i32,)>().await;
    assert!(matches!(asked, Err(DbError::Misuse { .. })), "{asked:?}");
}

async fn rows_are_counted(test: TestDb) {
    counter(&test).await;
    let mut tx = test.db.read().await.unwrap();
    let none = tx.sql("select n from counter where name = $1").bind("nobody").maybe_scalar::<i64>().await.unwrap();
    assert_eq!(none, None);
    let none = tx.sql("select n from counter where name = $1").bind("nobody").scalar::<i64>().await;
    assert!(matches!(none, Err(DbError::NoRow(_))), "{none:?}");
    let two = tx.sql("select 1 union all select 2").maybe::<(i32,)>().await;
    assert!(matches!(two, Err(DbError::ManyRows(_))), "{two:?}");
}

async fn an_error_leaves_no_trace(test: TestDb) {
    counter(&test).await;
    let failed = test.db.run(Add { ending: Ending::Refuse, ..Add::one() }).await;
    assert!(matches!(failed, Err(DbError::Corrupt { .. })), "{failed:?}");
    assert_eq!(count(&test.db).await, 0);
    test.db.run(Add::one()).await.unwrap();
    assert_eq!(count(&test.db).await, 1);
}

async fn a_panic_is_an_error_and_leaves_no_trace(test: TestDb) {
    counter(&test).await;
    // More often than there are connections: none of them may be lost either.
    for _ in 0..10 {
        let failed = test.db.run(Add { ending: Ending::Panic, ..Add::one() }).await;
        assert!(matches!(&failed, Err(DbError::Panicked(words)) if words == "on purpose"), "{failed:?}");
    }
    assert_eq!(count(&test.db).await, 0);
    test.db.run(Add::one()).await.unwrap();
    assert_eq!(count(&test.db).await, 1);
}

async fn a_swallowed_failure_is_not_committed(test: TestDb) {
    counter(&test).await;
    let failed = test.db.run(Add { ending: Ending::Swallow, ..Add::one() }).await;
    assert!(matches!(failed, Err(DbError::WentOn)), "{failed:?}");
    assert_eq!(count(&test.db).await, 0);
}

async fn a_dropped_caller_stops_nothing(test: TestDb) {
    counter(&test).await;
    let gate = Arc::new(Semaphore::new(0));
    let mut running = Box::pin(test.db.run(Add { gate: Some(gate.clone()), ..Add::one() }));
    // One poll hands the unit over; then the caller is gone while the unit is still held up.
    assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(running.as_mut().poll(cx).is_pending())).await);
    drop(running);
    gate.add_permits(1);
    test.db.close().await;
    let again = Db::open(&test.url, &Options::default()).await.unwrap();
    assert_eq!(count(&again).await, 1);
}

async fn no_increment_is_lost(test: TestDb) {
    counter(&test).await;
    let mut tasks = tokio::task::JoinSet::new();
    let as_another_process = Db::open(&test.url, &small()).await.unwrap();
    for task in 0..8 {
        let db = if task % 2 == 0 { test.db.clone() } else { as_another_process.clone() };
        tasks.spawn(async move {
            for _ in 0..50 {
                db.run(Add::one()).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(count(&test.db).await, 400);
}

async fn plain_reads_cannot_write(test: TestDb) {
    counter(&test).await;
    let mut tx = test.db.read().await.unwrap();
    let written = tx.sql("update counter set n = 5").run().await;
    assert!(matches!(written, Err(DbError::Misuse { .. })), "{written:?}");
    let locked = tx.sql("select n from counter").for_update().scalar::<i64>().await;
    assert!(matches!(locked, Err(DbError::Misuse { .. })), "{locked:?}");
    // What the facade does not see through, the database refuses.
    let hidden = Pair {
        sqlite: "with x as (select 1) update counter set n = 5 returning n",
        postgres: "with x as (update counter set n = 5 returning n) select n from x",
    };
    assert!(tx.sql(hidden).all::<(i64,)>().await.is_err());
    let mut snapshot = test.db.snapshot().await.unwrap();
    assert!(snapshot.sql(hidden).all::<(i64,)>().await.is_err());
    assert_eq!(count(&test.db).await, 0);
}

async fn a_snapshot_stays_as_it_was(test: TestDb) {
    counter(&test).await;
    let mut snapshot = test.db.snapshot().await.unwrap();
    assert_eq!(snapshot.sql("select n from counter").scalar::<i64>().await.unwrap(), 0);
    test.db.run(Add::one()).await.unwrap();
    assert_eq!(snapshot.sql("select n from counter").scalar::<i64>().await.unwrap(), 0);
    drop(snapshot);
    assert_eq!(count(&test.db).await, 1);
}

async fn violations_are_told_apart(test: TestDb) {
    counter(&test).await;
    let taken = test.db.run(Insert("votes", 1)).await.unwrap_err();
    assert!(taken.is_unique_violation() && !taken.is_check_violation() && !taken.is_transient(), "{taken}");
    let negative = test.db.run(Insert("other", -1)).await.unwrap_err();
    assert!(negative.is_check_violation() && !negative.is_unique_violation(), "{negative}");
    assert_eq!(negative.constraint(), Some("counter_not_negative"));
    let unique = if test.db.backend() == Backend::Sqlite { "counter.name" } else { "counter_pkey" };
    assert_eq!(taken.constraint(), Some(unique));
}

struct Insert(&'static str, i64);

impl Unit for Insert {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        tx.sql("insert into counter (name, n) values ($1, $2)").bind(self.0).bind(self.1).run().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_serialization_failure_is_run_anew() {
    let Some(test) = TestDb::postgres().await else { return };
    counter(&test).await;
    let tries = Arc::new(AtomicU32::new(0));
    test.db.run(FailsTwice(tries.clone())).await.unwrap();
    assert_eq!((tries.load(Ordering::Relaxed), count(&test.db).await), (3, 1));
}

struct FailsTwice(Arc<AtomicU32>);

impl Unit for FailsTwice {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        Add::one().run(tx).await?;
        if self.0.fetch_add(1, Ordering::Relaxed) < 2 {
            tx.sql("do $$ begin raise exception using errcode = '40001'; end $$").run().await?;
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_sqlite_is_a_passing_failure() {
    let test = TestDb::sqlite().await;
    counter(&test).await;
    let gate = Arc::new(Semaphore::new(0));
    let impatient = Options { wait: std::time::Duration::from_millis(50), ..Options::default() };
    let other = Db::open(&test.url, &impatient).await.unwrap();
    let holder = tokio::spawn({
        let (db, gate) = (test.db.clone(), gate.clone());
        async move { db.run(Add { gate: Some(gate), ..Add::one() }).await }
    });
    // Until the holder has the lock, which it keeps until it is let through the gate.
    let failed = loop {
        if let Err(error) = other.run(Add::one()).await {
            break error;
        }
    };
    assert!(failed.is_transient(), "{failed}");
    gate.add_permits(1);
    holder.await.unwrap().unwrap();
    let before = count(&other).await;
    other.run(Add::one()).await.unwrap();
    assert_eq!(count(&other).await, before + 1);
}

/// Adds one to the only counter there is, and ends as it is told.
pub struct Add {
    pub gate: Option<Arc<Semaphore>>,
    pub ending: Ending,
}

pub enum Ending {
    Well,
    Refuse,
    Panic,
    Swallow,
}

impl Add {
    pub fn one() -> Self {
        Self { gate: None, ending: Ending::Well }
    }
}

impl Unit for Add {
    type Out = i64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, DbError> {
        let n: i64 = tx.sql("select n from counter where name = $1").bind("votes").for_update().scalar().await?;
        tx.sql("update counter set n = $1").bind(n + 1).run().await?;
        if let Some(gate) = &self.gate {
            gate.acquire().await.unwrap().forget();
        }
        match self.ending {
            Ending::Well => Ok(n + 1),
            Ending::Refuse => Err(DbError::corrupt("counter", "votes")),
            Ending::Panic => panic!("on purpose"),
            Ending::Swallow => {
                drop(tx.sql("insert into counter (name, n) values ($1, $2)").bind("votes").bind(9_i64).run().await);
                Ok(n + 1)
            }
        }
    }
}

pub async fn counter(test: &TestDb) {
    let strict = if test.db.backend() == Backend::Sqlite { "strict" } else { "" };
    let number = if strict.is_empty() { "bigint" } else { "integer" };
    test.script(&format!(
        "create table counter (name text primary key, n {number} not null constraint counter_not_negative check (n >= 0)) {strict};
         insert into counter values ('votes', 0)"
    ))
    .await;
}

pub async fn count(db: &Db) -> i64 {
    db.read().await.unwrap().sql("select n from counter where name = 'votes'").scalar().await.unwrap()
}
