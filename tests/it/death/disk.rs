//! A full disk. SQLite then ends the transaction by itself, of which sqlx knows nothing.

use quorate::store::{
    db::{Db, Unit},
    error::DbError,
    open::Options,
    tx::Tx,
};

use crate::harness::TestDb;

/// Writes more than there is room for.
struct Overfill;

impl Unit for Overfill {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.sql("pragma max_page_count = 1").all::<(i64,)>().await?;
        for _ in 0..100 {
            tx.sql("insert into filling (bytes) values (zeroblob(100000))").run().await?;
        }
        Ok(())
    }
}

/// Makes room, and writes a little.
struct Write;

impl Unit for Write {
    type Out = i64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, DbError> {
        tx.sql("pragma max_page_count = 1000000").all::<(i64,)>().await?;
        tx.sql("insert into filling (bytes) values (x'00')").run().await?;
        tx.sql("select count(*) from filling").scalar().await
    }
}

/// Without the look at what comes back to the pool (`store::open`), no unit of work ever begins again.
#[tokio::test(flavor = "multi_thread")]
async fn writing_goes_on_once_there_is_room() {
    let test = TestDb::bare_sqlite(&Options::default()).await;
    test.script("create table filling (id integer primary key, bytes blob not null)").await;
    for round in 1..=3 {
        let full = test.db.run(Overfill).await.unwrap_err();
        assert!(full.to_string().contains("full"), "{full}");
        assert_eq!(test.db.run(Write).await.unwrap(), round, "a full disk leaves nothing, and stops nothing after it");
    }
    test.db.close().await;
    let again = Db::open(&test.url, &Options::default()).await.unwrap();
    assert_eq!(again.run(Write).await.unwrap(), 4);
}
