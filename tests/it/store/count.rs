//! What a unit of work wants counted.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use quorate::{
    meter::names,
    store::{db::Unit, error::DbError, tx::Tx},
};

use crate::harness::{TestDb, on_both};

on_both!(only_what_is_saved_is_counted_and_once);

/// Fails in its first runs for a reason that passes, and then ends as it is told.
struct Counting {
    runs: Arc<AtomicU32>,
    end: fn() -> Result<(), DbError>,
}

impl Unit for Counting {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.count(&names::SIGN_INS, "asked");
        if self.runs.fetch_add(1, Ordering::Relaxed) < 2 {
            tx.sql(quorate::store::sql::Pair {
                sqlite: "select 1",
                postgres: "do $$ begin raise exception sqlstate '40001'; end $$",
            })
            .run()
            .await?;
        }
        (self.end)()
    }
}

async fn only_what_is_saved_is_counted_and_once(test: TestDb) {
    let unit = |end| Counting { runs: Arc::new(AtomicU32::new(0)), end };
    test.db.run(unit(|| Err(DbError::WentOn))).await.unwrap_err();
    let counted = |line: &str| test.db.meter().text().contains(&format!("\nquorate_{line}\n"));
    assert!(!counted("sign_ins_total{step=\"asked\"} 1"), "a unit that was rolled back is counted");
    let saved = unit(|| Ok(()));
    let runs = Arc::clone(&saved.runs);
    test.db.run(saved).await.unwrap();
    assert!(
        counted("sign_ins_total{step=\"asked\"} 1"),
        "after {} runs: {}",
        runs.load(Ordering::Relaxed),
        test.db.meter().text()
    );
    assert!(counted("database_unit_duration_seconds_count{unit=\"Counting\",outcome=\"saved\"} 1"));
    assert!(counted("database_unit_duration_seconds_count{unit=\"Counting\",outcome=\"rolled_back\"} 1"));
    if runs.load(Ordering::Relaxed) > 1 {
        assert!(counted("database_unit_retries_total 4"), "{}", test.db.meter().text());
    }
}
