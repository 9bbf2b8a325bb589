//! A future dropped while sqlx waits for the answer to BEGIN leaves the connection inside a transaction (its issues 4385
//! and 4393). What the next one on that connection is told is saved is then lost. Here futures are dropped at every
//! point; the control shows that sqlx alone loses the write, so that these tests can be seen to test something.

use std::{future::Future, pin::pin, task::Poll};

use quorate::store::{db::Db, open::Options};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgPoolOptions};

use super::db::{Add, count, counter};
use crate::harness::TestDb;

/// After how many polls a future is dropped, several times over, because the answer is sometimes there at once. BEGIN
/// and the first statement are over well before the last of these.
fn points() -> impl Iterator<Item = usize> {
    (1..=8).cycle().take(ROUNDS)
}

const ROUNDS: usize = 80;

#[tokio::test(flavor = "multi_thread")]
async fn control_sqlx_alone_loses_an_acknowledged_write() {
    let Some(test) = TestDb::postgres().await else { return };
    counter(&test).await;
    let mut lost = 0;
    for polls in points() {
        let pool: PgPool = PgPoolOptions::new().max_connections(1).connect(&test.url).await.unwrap();
        drop_after(polls, pool.begin()).await;
        let before = count(&test.db).await;
        sqlx::query("update counter set n = n + 1").execute(&pool).await.unwrap();
        pool.close().await;
        lost += before + 1 - count(&test.db).await;
        if lost > 0 {
            break;
        }
    }
    assert!(lost > 0, "sqlx mended its BEGIN: see whether our remedies can go");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_write_is_lost() {
    let Some(test) =
        TestDb::bare_postgres(&Options { readers: 1, writers: 1, snapshots: 1, ..Options::default() }).await
    else {
        return;
    };
    counter(&test).await;
    let mut watcher = PgConnection::connect(&test.url).await.unwrap();
    let mut added = 0;
    for polls in points() {
        drop_after(polls, test.db.snapshot()).await;
        test.db.run(Add::one()).await.unwrap();
        // There is one connection for snapshots, so this one gets it as the dropped future left it.
        let mut snapshot = test.db.snapshot().await.unwrap();
        assert_eq!(snapshot.sql("select n from counter").scalar::<i64>().await.unwrap(), added + 1, "an old snapshot");
        drop(snapshot);
        drop_after(polls, async {
            let mut snapshot = test.db.snapshot().await.unwrap();
            snapshot.sql("select n from counter").scalar::<i64>().await.unwrap()
        })
        .await;
        test.db.run(Add::one()).await.unwrap();
        drop_after(polls, async { count(&test.db).await }).await;
        added += 2;
        assert_eq!(count(&test.db).await, added, "after {polls} polls");
        // Whoever gets the one connection for snapshots waits until it has been cleaned.
        let held = test.db.snapshot().await.unwrap();
        let (open,): (i64,) = sqlx::query_as(
            "select count(*) from pg_stat_activity
             where datname = current_database() and application_name = 'quorate' and state like 'idle in transaction%'",
        )
        .fetch_one(&mut watcher)
        .await
        .unwrap();
        assert_eq!(open, 1, "a connection besides the one held was left in a transaction after {polls} polls");
        drop(held);
    }
    for polls in points() {
        // Its first poll hands the unit over, so it is saved although nobody waits for it.
        drop_after(polls, test.db.run(Add::one())).await;
        test.db.run(Add::one()).await.unwrap();
        added += 2;
    }
    test.db.close().await;
    let again = Db::open(&test.url, &Options::default()).await.unwrap();
    assert_eq!(count(&again).await, added);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_not_confused_either() {
    let test = TestDb::bare_sqlite(&Options { readers: 1, ..Options::default() }).await;
    counter(&test).await;
    for polls in points() {
        drop_after(polls, test.db.snapshot()).await;
        drop_after(polls, async { count(&test.db).await }).await;
        drop_after(polls, test.db.run(Add::one())).await;
        let n = test.db.run(Add::one()).await.unwrap();
        assert!(count(&test.db).await >= n, "after {polls} polls");
    }
    test.db.close().await;
    let again = Db::open(&test.url, &Options::default()).await.unwrap();
    assert_eq!(count(&again).await, 2 * i64::try_from(ROUNDS).unwrap());
}

/// Polls a future so many times, each time when it is woken, and drops it where it then stands.
async fn drop_after<F: Future>(polls: usize, future: F) {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|cx| {
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Pending if left > 0 => Poll::Pending,
            Poll::Pending | Poll::Ready(_) => Poll::Ready(()),
        }
    })
    .await;
}
