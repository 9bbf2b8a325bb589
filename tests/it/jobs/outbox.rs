//! Claims, their end, and what the outbox tells.

use jiff::SignedDuration;
use quorate::{
    id::MailId,
    moment::Moment,
    store::{
        db::Unit,
        error::DbError,
        mails::{self, Claim, Claimed, Status},
        outbox, told,
        tx::Tx,
    },
};

use super::world::{World, alert, id_of, mailbox, the_case};
use crate::harness::{TestDb, on_both};

on_both!(
    a_claim_is_a_lease,
    a_late_worker_overwrites_nothing,
    notice_needs_every_owner_since_the_quorum,
    lists_go_on_where_they_ended,
);

const LEASE: SignedDuration = SignedDuration::from_mins(10);

struct Take(Moment, i64);

impl Unit for Take {
    type Out = Vec<Claimed>;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Claimed>, DbError> {
        mails::claim(tx, self.0, self.0.after(LEASE), self.1).await
    }
}

enum Mark {
    Accepted(MailId, i64, Moment),
    GivenUp(MailId, i64),
    Deferred(MailId, i64, Moment),
}

impl Unit for Mark {
    type Out = Claim;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Claim, DbError> {
        match *self {
            Self::Accepted(id, attempt, now) => mails::accepted(tx, id, attempt, now, "250 ok").await,
            Self::GivenUp(id, attempt) => mails::given_up(tx, id, attempt, "550 no").await,
            Self::Deferred(id, attempt, next_at) => mails::deferred(tx, id, attempt, next_at, "451 later").await,
        }
    }
}

async fn a_claim_is_a_lease(test: TestDb) {
    let world = World::new(test).await;
    for _ in 0..3 {
        world.alert("ann").await;
    }
    let app = &world.app;
    let take = async |limit| app.db.run(Take(app.now(), limit)).await.unwrap().len();
    assert_eq!([take(2).await, take(2).await, take(2).await], [2, 1, 0]);
    app.clock.advance(LEASE.checked_sub(SignedDuration::from_micros(1)).unwrap());
    assert_eq!(take(9).await, 0, "the lease holds to its end");
    app.clock.advance(SignedDuration::from_micros(1));
    let again = app.db.run(Take(app.now(), 9)).await.unwrap();
    assert_eq!(again.iter().map(|mail| mail.attempt).collect::<Vec<_>>(), [2, 2, 2]);
    let backlog = mails::backlog(&mut app.db.read().await.unwrap()).await.unwrap();
    assert_eq!((backlog.queued, backlog.oldest), (3, Some(app.now().after(LEASE))));
}

async fn a_late_worker_overwrites_nothing(test: TestDb) {
    let world = World::new(test).await;
    let id = world.alert("ann").await;
    let (db, clock) = (&world.app.db, &world.app.clock);
    db.run(Take(clock.now(), 1)).await.unwrap();
    clock.advance(LEASE);
    db.run(Take(clock.now(), 1)).await.unwrap();
    for late in [Mark::GivenUp(id, 1), Mark::Accepted(id, 1, clock.now()), Mark::Deferred(id, 1, clock.now())] {
        assert_eq!(db.run(late).await.unwrap(), Claim::Lost);
    }
    assert_eq!(db.run(Mark::Accepted(id, 2, clock.now())).await.unwrap(), Claim::Stood);
    for late in [Mark::GivenUp(id, 2), Mark::Deferred(id, 2, clock.now())] {
        assert_eq!(db.run(late).await.unwrap(), Claim::Lost, "what is settled is settled");
    }
    let entry = world.entry(id).await;
    assert_eq!((entry.status, entry.attempts, entry.accepted_at), (Status::Accepted, 2, Some(clock.now())));
}

async fn notice_needs_every_owner_since_the_quorum(test: TestDb) {
    let world = World::new(test).await;
    let (app, owners) = (&world.app, [id_of("ann"), id_of("ben")]);
    let hour = SignedDuration::from_hours(1);
    let notice =
        async |since| told::alerts(&mut app.db.read().await.unwrap(), the_case(), since).await.unwrap().notice(&owners);
    // An earlier quorum, of which one alert is taken only now, is no notice of this one.
    let early = app.now();
    let old = world.queue("ben", Some("quorum"), alert()).await;
    app.clock.advance(hour);
    let quorum = app.now();
    let (ann, ben) =
        (world.queue("ann", Some("quorum"), alert()).await, world.queue("ben", Some("quorum"), alert()).await);
    world.alert("ben").await;
    app.db.run(Take(app.now(), 9)).await.unwrap();
    assert_eq!(app.db.run(Mark::Accepted(old, 1, app.now())).await.unwrap(), Claim::Stood);
    assert_eq!(app.db.run(Mark::Accepted(ann, 1, app.now())).await.unwrap(), Claim::Stood);
    assert_eq!(notice(quorum).await, None, "the other owner was not told");
    app.clock.advance(hour);
    assert_eq!(app.db.run(Mark::Accepted(ben, 1, app.now())).await.unwrap(), Claim::Stood);
    assert_eq!(notice(quorum).await, Some(app.now()), "by then both were told");
    assert_eq!(notice(early).await, Some(quorum));
    assert_eq!(notice(app.now()).await, None, "nobody was told of a later quorum");
    let alerts = told::alerts(&mut app.db.read().await.unwrap(), the_case(), quorum).await.unwrap();
    assert_eq!(alerts.notice(&[]), None, "nobody is not everybody");
    let missed = |owner, by| alerts.missed(id_of(owner), by).map(told::Missed::word);
    assert_eq!((missed("ann", quorum), missed("ben", quorum)), (None, Some("too_late")));
    assert_eq!((missed("ben", app.now()), missed("somebody", app.now())), (None, Some("not_written")));
}

async fn lists_go_on_where_they_ended(test: TestDb) {
    let world = World::new(test).await;
    let mut queued = vec![];
    for _ in 0..5 {
        queued.push(world.alert("ann").await);
        world.app.clock.advance(SignedDuration::from_secs(1));
    }
    let mut tx = world.app.db.read().await.unwrap();
    let (mut listed, mut after) = (vec![], None);
    loop {
        let page = outbox::of_case(&mut tx, the_case(), after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        listed.extend(page.iter().map(|entry| entry.id));
    }
    assert_eq!(listed, queued);
    let account = crate::mail::samples::account().id;
    assert_eq!(outbox::of_account(&mut tx, account, Some(queued[2]), 9).await.unwrap().len(), 2);
    let newest = outbox::of_mailbox(&mut tx, 1).await.unwrap();
    assert_eq!((newest[0].entry.id, newest[0].message.clone()), (queued[4], Ok(alert())));
    let line = &newest[0].entry;
    assert_eq!((line.to.email.as_str(), line.kind.as_str()), ("ann@acme.example", "owner_alert"));
    drop(tx);
    world.deliver(&mailbox()).await;
    let counts = mails::counts(&mut world.app.db.read().await.unwrap()).await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(Status::Accepted, 5)]);
}
