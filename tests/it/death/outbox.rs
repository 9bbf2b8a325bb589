//! Mails, while each call to the database that their delivery makes fails once: none is lost, and one that is sent twice
//! is the same letter.

use quorate::{
    jobs::{
        deliver::{Delivered, LEASE, deliver},
        seal,
    },
    store::{db::Unit, error::DbError, mails::Status, outbox::Entry, tx::Tx},
};
use tokio_util::sync::CancellationToken;

use super::{faults::How, ground::Prepared, trials};
use crate::{
    harness::{TestDb, on_both, race::tell, smtp::MailServer},
    jobs::world::smtp,
};

on_both!(no_mail_is_lost);

/// Waits for every mail. A connection that was lost keeps what it had locked until PostgreSQL has noticed, and who delivers
/// passes that by.
struct Settle;

impl Unit for Settle {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        tx.sql("update mails set last_answer = last_answer").run().await
    }
}

async fn no_mail_is_lost(test: TestDb) {
    let trial = trials::jobs::TRIALS.iter().find(|trial| trial.name == "deliver").unwrap();
    let backend = test.db.backend();
    let prepared = Prepared::new(trial, test).await;
    let queued = |entry: &Entry| entry.status == Status::Queued;
    let (mut failures, mut mails, mut twice) = (0, 0, 0);
    for how in How::all(backend) {
        for call in 1.. {
            let ground = prepared.copy().await;
            let server = MailServer::start().await;
            let due: Vec<_> =
                ground.world.everything_mailed().await.into_iter().filter(queued).map(|entry| entry.id).collect();
            let (app, post, stop) = (&ground.world.app, smtp(&server), CancellationToken::new());
            ground.faults.arm(call, *how);
            // What fails here is tried again by the next sweep.
            drop(deliver(app, &post, &stop).await);
            let struck = ground.faults.disarm();
            // What a mail says of the log is what it said the first time.
            seal::sweep(app, &stop).await.unwrap();
            app.clock.advance(LEASE + LEASE);
            app.db.run(Settle).await.unwrap();
            while deliver(app, &post, &stop).await.unwrap() != Delivered::default() {}
            let at = format!("call {call} {how:?}");
            for entry in ground.world.everything_mailed().await.into_iter().filter(|entry| due.contains(&entry.id)) {
                assert_eq!(entry.status, Status::Accepted, "{at}: {entry:?}");
                let id = format!("<{}@", entry.id);
                let letters: Vec<_> = server.taken().into_iter().filter(|taken| taken.raw.contains(&id)).collect();
                let [first, rest @ ..] = &letters[..] else { panic!("{at}: lost {entry:?}") };
                assert!(rest.iter().all(|letter| letter.raw == first.raw), "{at}: two letters of one mail");
                assert!(rest.len() <= 1, "{at}: sent {} times", letters.len());
                (mails, twice) = (mails + 1, twice + rest.len());
            }
            if !struck {
                break;
            }
            failures += 1;
        }
    }
    assert!(twice > 0, "control: a call that fails after the sending has the mail sent again");
    tell(&format!(
        "delivery on {backend:?}: {failures} calls failed, {mails} mails arrived, {twice} of them twice, 0 were lost"
    ));
}
