//! Delivery: every mail at least once, and one bad recipient stops nobody.

use std::{collections::BTreeSet, sync::Arc};

use jiff::SignedDuration;
use quorate::{
    jobs::deliver::{Delivered, deliver},
    mail::{mailbox as built_in, message::Message},
    store::mails::Status,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::world::{World, a_code, a_link, mailbox, smtp};
use crate::{
    harness::{
        TestDb, on_both,
        smtp::{MailServer, Whim},
    },
    mail::samples::case,
};

on_both!(
    one_bad_recipient_stops_nobody,
    a_deferred_mail_comes_back_until_patience_ends,
    a_lost_mark_sends_the_same_mail_again,
    what_has_lost_its_purpose_is_dropped,
    what_cannot_be_read_is_given_up,
    replicas_share_the_work,
    a_stopping_service_gives_back_what_it_has_not_sent,
    the_mailbox_reveals_what_the_outbox_does_not_hold,
);

async fn one_bad_recipient_stops_nobody(test: TestDb) {
    let (world, server) = (World::new(test).await, MailServer::start().await);
    server.on("ann@acme.example", Whim::AtRecipient("550 5.1.1 nobody here"));
    server.on("ben@acme.example", Whim::AtRecipient("451 4.7.1 later"));
    let (refused, later) = (world.alert("ann").await, world.alert("ben").await);
    let mut well = vec![];
    for number in 0..20 {
        well.push(world.alert(&format!("well{number}")).await);
    }
    let delivered = world.deliver(&smtp(&server)).await;
    assert_eq!(delivered, Delivered { accepted: 20, deferred: 1, given_up: 1, ..Delivered::default() });
    assert_eq!(server.taken().len(), 20);
    for mail in well {
        let entry = world.entry(mail).await;
        assert_eq!((entry.status, entry.accepted_at), (Status::Accepted, Some(world.app.now())));
        assert!(entry.last_answer.unwrap().starts_with("250 2.0.0 queued as"));
    }
    let entry = world.entry(refused).await;
    assert_eq!((entry.status, entry.next_at), (Status::Undeliverable, None));
    assert_eq!(entry.last_answer.as_deref(), Some("550 5.1.1 nobody here"));
    let entry = world.entry(later).await;
    let wait = entry.next_at.unwrap().since(world.app.now());
    assert!(wait >= SignedDuration::from_mins(1) && wait <= SignedDuration::from_secs(75), "{wait}");
    assert_eq!(entry.status, Status::Queued);
}

async fn a_deferred_mail_comes_back_until_patience_ends(test: TestDb) {
    let (world, server) = (World::new(test).await, MailServer::start().await);
    let post = smtp(&server);
    server.on("ann@acme.example", Whim::AtRecipient("451 4.7.1 later"));
    let started = world.app.now();
    let mail = world.alert("ann").await;
    let mut attempts = 0;
    loop {
        world.deliver(&post).await;
        attempts += 1;
        let entry = world.entry(mail).await;
        assert_eq!(entry.attempts, attempts);
        let Some(next_at) = entry.next_at else { break };
        world.app.clock.advance(next_at.since(world.app.now()).checked_sub(SignedDuration::from_micros(1)).unwrap());
        assert_eq!(world.deliver(&post).await, Delivered::default(), "not before its time");
        world.app.clock.advance(SignedDuration::from_micros(1));
    }
    assert_eq!(world.entry(mail).await.status, Status::Undeliverable);
    assert_eq!(world.app.now().since(started), SignedDuration::from_hours(72));
    // And one that is taken at last.
    let mail = world.alert("ann").await;
    world.deliver(&post).await;
    server.forgive("ann@acme.example");
    world.app.clock.advance(SignedDuration::from_mins(2));
    world.deliver(&post).await;
    assert_eq!((world.entry(mail).await.status, server.taken().len()), (Status::Accepted, 1));
}

async fn a_lost_mark_sends_the_same_mail_again(test: TestDb) {
    let (world, server) = (World::new(test).await, MailServer::start().await);
    let post = smtp(&server);
    let mail = world.alert("ann").await;
    world.deliver(&post).await;
    // The process died between the server's answer and the mark: the claim stands, and nothing else.
    let due = match world.app.db.backend() {
        quorate::store::tx::Backend::Sqlite => "created_at",
        quorate::store::tx::Backend::Postgres => "created_at + interval '10 minutes'",
    };
    world.test.script(&format!("update mails set status = 'queued', accepted_at = null, next_at = {due}")).await;
    world.app.clock.advance(SignedDuration::from_mins(10));
    world.deliver(&post).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].raw, taken[1].raw);
    assert!(taken[0].raw.contains(&format!("Message-ID: <{mail}@quorate.example>")), "{}", taken[0].raw);
    assert_eq!(world.entry(mail).await.attempts, 2);
}

async fn what_has_lost_its_purpose_is_dropped(test: TestDb) {
    let world = World::new(test).await;
    let code = || Message::SignInCode { code: a_code(), minutes: 10 };
    let request = || Message::BallotRequest { case: case(), link: Some(a_link()), answer: None, address_changed: None };
    let alert = Message::OwnerAlert {
        case: case(),
        event: quorate::mail::facts::CaseEvent::Opened,
        at: world.app.now(),
        pause: Some(a_link()),
    };
    let (fresh, asked) = (world.queue("ann", None, code()).await, world.queue("ann", None, request()).await);
    assert_eq!(world.deliver(&mailbox()).await.accepted, 2, "all is well");
    assert_eq!([world.entry(fresh).await.status, world.entry(asked).await.status], [Status::Accepted; 2]);

    world.app.clock.advance(SignedDuration::from_mins(10));
    let expired = world.queue("ann", None, code()).await;
    world.test.script("update links set dead_at = created_at").await;
    let replaced = world.queue("ann", None, request()).await;
    let told = world.queue("ann", Some("opened"), alert).await;
    let delivered = world.deliver(&mailbox()).await;
    assert_eq!(delivered, Delivered { accepted: 1, dropped: 2, ..Delivered::default() });
    assert_eq!(world.entry(told).await.status, Status::Accepted, "an alert goes out whatever became of its link");
    let why = async |mail| (world.entry(mail).await.status, world.entry(mail).await.last_answer.unwrap());
    assert_eq!(why(expired).await, (Status::Dropped, "not sent, because its code had expired".to_owned()));
    assert_eq!(why(replaced).await.0, Status::Dropped);

    world.test.script("update cases set state = 'expired', ended_at = opened_at").await;
    world.test.script("update links set dead_at = null").await;
    let over = world.queue("ann", None, request()).await;
    world.deliver(&mailbox()).await;
    assert_eq!(why(over).await, (Status::Dropped, "not sent, because the case had ended".to_owned()));
}

async fn what_cannot_be_read_is_given_up(test: TestDb) {
    let world = World::new(test).await;
    let (bad, good) = (world.alert("ann").await, world.alert("ben").await);
    world.test.script("update mails set message = '{\"kind\":\"newer\"}' where address = 'ann@acme.example'").await;
    assert_eq!(world.deliver(&mailbox()).await, Delivered { accepted: 1, given_up: 1, ..Delivered::default() });
    assert_eq!(
        [world.entry(bad).await.status, world.entry(good).await.status],
        [Status::Undeliverable, Status::Accepted]
    );
    let opened = built_in::letter(&world.app, &mailbox(), bad).await.unwrap().unwrap();
    assert!(opened.letter.is_err());
    assert_eq!(world.deliver(&mailbox()).await, Delivered::default(), "and never again");
    // One whose attempts always break off, so that no answer is ever recorded.
    let cursed = world.alert("ann").await;
    world.test.script("update mails set attempts = 50 where status = 'queued'").await;
    world.deliver(&mailbox()).await;
    assert_eq!(world.entry(cursed).await.status, Status::Undeliverable);
}

async fn replicas_share_the_work(test: TestDb) {
    const MAILS: usize = 1000;
    let (world, server) = (World::new(test).await, MailServer::start().await);
    for number in 0..MAILS {
        world.alert(&format!("reader{number}")).await;
    }
    let mut workers = JoinSet::new();
    for _ in 0..4 {
        // Each has connections of its own, to the database and to the mail server.
        let db = quorate::store::db::Db::open(&world.test.url, &crate::harness::small()).await.unwrap();
        let (app, post) = (quorate::app::app::App { db, ..world.app.clone() }, smtp(&server));
        workers.spawn(async move {
            let mut total = Delivered::default();
            loop {
                let batch = deliver(&app, &post, &CancellationToken::new()).await.unwrap();
                if batch == Delivered::default() {
                    return total;
                }
                total.accepted += batch.accepted;
                assert_eq!(batch, Delivered { accepted: batch.accepted, ..Delivered::default() });
            }
        });
    }
    let totals = workers.join_all().await;
    assert_eq!(totals.iter().map(|total| total.accepted).sum::<usize>(), MAILS);
    let taken = server.taken();
    assert_eq!(taken.len(), MAILS, "none was sent twice");
    assert_eq!(taken.iter().map(|mail| mail.to.as_str()).collect::<BTreeSet<_>>().len(), MAILS);
}

async fn a_stopping_service_gives_back_what_it_has_not_sent(test: TestDb) {
    let world = World::new(test).await;
    let mail = world.alert("ann").await;
    let stop = CancellationToken::new();
    stop.cancel();
    let delivered = deliver(&world.app, &mailbox(), &stop).await.unwrap();
    assert_eq!(delivered, Delivered { returned: 1, ..Delivered::default() });
    assert_eq!(world.entry(mail).await.next_at, Some(world.app.now()));
    assert_eq!(world.deliver(&mailbox()).await.accepted, 1);
}

async fn the_mailbox_reveals_what_the_outbox_does_not_hold(test: TestDb) {
    let world = World::new(test).await;
    let post: Arc<_> = mailbox();
    let mail = world
        .queue(
            "ann",
            None,
            Message::BallotRequest { case: case(), link: Some(a_link()), answer: None, address_changed: None },
        )
        .await;
    world.deliver(&post).await;
    let entry = world.entry(mail).await;
    assert_eq!(entry.last_answer.as_deref(), Some("kept in the built-in mailbox"));
    let opened = built_in::letter(&world.app, &post, mail).await.unwrap().unwrap();
    let text = opened.letter.unwrap().rendered.text;
    let proof = world.app.secret.link_proof(a_link());
    assert!(text.contains(&format!("https://quorate.example/l/{}#{proof}", a_link())), "{text}");
    let stored = quorate::store::outbox::one(&mut world.app.db.read().await.unwrap(), mail).await.unwrap();
    assert!(!format!("{stored:?}").contains(&proof));
    let lines = built_in::list(&world.app, &post, 10).await.unwrap();
    assert!(lines[0].subject.is_some());
    assert!(built_in::letter(&world.app, &post, world.app.id()).await.unwrap().is_none());
}
