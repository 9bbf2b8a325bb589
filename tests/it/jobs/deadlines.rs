//! The sweep of due cases: all of them, each once, whatever happens to one.

use quorate::{
    jobs::{
        deadlines::{BATCH, sweep},
        each::Swept,
    },
    moment::Moment,
    store::{db::Unit, error::DbError, tx::Tx},
};
use tokio_util::sync::CancellationToken;

use super::world::{World, insert_case};
use crate::{
    harness::{TestDb, on_both},
    mail::samples::id,
};

on_both!(cases_that_fail_hide_no_other_and_keep_nobody_busy);

/// Cases whose terms cannot be read, so that every look at them fails.
struct Broken(usize, Moment);

impl Unit for Broken {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for number in 0..u128::try_from(self.0).unwrap() {
            let opener = id(10_000 + number);
            tx.sql("insert into users (id, email, name, created_at) values ($1, $2, 'x', $3)")
                .bind(opener)
                .bind(opener.to_string())
                .bind(self.1)
                .run()
                .await?;
            insert_case(tx, id(20_000 + number), opener, self.1, Some(self.1)).await?;
        }
        Ok(())
    }
}

async fn cases_that_fail_hide_no_other_and_keep_nobody_busy(test: TestDb) {
    let world = World::new(test).await;
    let broken = 2 * BATCH + 50;
    world.app.db.run(Broken(broken, world.app.now())).await.unwrap();
    let stop = CancellationToken::new();
    for _ in 0..2 {
        let swept = sweep(&world.app, &stop).await.unwrap();
        assert_eq!(swept, Swept { looked_at: broken, failed: broken }, "each once, and again by the next sweep");
    }
    world.test.script("update cases set wake_at = null").await;
    assert_eq!(sweep(&world.app, &stop).await.unwrap(), Swept::default());
}
