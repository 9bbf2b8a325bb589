//! Mails to one domain go at its pace, and keep no other waiting.

use std::{collections::BTreeSet, sync::Arc};

use jiff::SignedDuration;
use quorate::{
    id::MailId,
    jobs::deliver::Delivered,
    mail::{
        pace::{Limits, Pace},
        post::Post,
    },
    store::mails::Status,
};

use super::world::{World, smtp};
use crate::harness::{
    TestDb, on_both,
    smtp::{MailServer, Mood, Whim},
};

on_both!(a_domain_that_puts_mails_off_rests_alone, so_many_go_in_a_minute, waiting_is_no_attempt);

fn paced(server: &MailServer, limits: Limits) -> Arc<Post> {
    let Ok(post) = Arc::try_unwrap(smtp(server)) else { panic!("nobody else has it") };
    Arc::new(Post { pace: Pace::within(limits), ..post })
}

async fn mails(world: &World, domain: &str, count: usize) -> Vec<MailId> {
    let mut mails = Vec::new();
    for number in 0..count {
        mails.push(world.alert_at(&format!("reader{number}@{domain}")).await);
    }
    mails
}

async fn a_domain_that_puts_mails_off_rests_alone(test: TestDb) {
    let (world, server) = (World::new(test).await, MailServer::start().await);
    let post = paced(&server, Limits { at_once: 1, per_minute: 1_000 });
    let slow = mails(&world, "slow.example", 20).await;
    let well = mails(&world, "Well.example", 20).await;
    for number in 0..20 {
        server.on(&format!("reader{number}@slow.example"), Whim::AtRecipient("451 4.7.1 later"));
    }
    let delivered = world.deliver(&post).await;
    assert_eq!(delivered, Delivered { accepted: 20, deferred: 2, paced: 18, ..Delivered::default() });
    for mail in &well {
        assert_eq!(world.entry(*mail).await.status, Status::Accepted);
    }
    // Those that waited were not tried, and are, soon.
    let mut untried = 0;
    for mail in &slow {
        let entry = world.entry(*mail).await;
        assert_eq!(entry.status, Status::Queued);
        if entry.attempts == 0 {
            assert!(entry.next_at.unwrap().since(world.app.now()) <= SignedDuration::from_secs(10), "{entry:?}");
            untried += 1;
        }
    }
    assert_eq!(untried, 18);
    for number in 0..20 {
        server.forgive(&format!("reader{number}@slow.example"));
    }
    for _ in 0..20 {
        world.app.clock.advance(SignedDuration::from_secs(10));
        world.deliver(&post).await;
    }
    for mail in &slow {
        assert_eq!(world.entry(*mail).await.status, Status::Accepted);
    }
    assert_eq!(server.taken().len(), 40);
}

async fn so_many_go_in_a_minute(test: TestDb) {
    let (world, server) = (World::new(test).await, MailServer::start().await);
    let post = paced(&server, Limits { at_once: 2, per_minute: 30 });
    mails(&world, "acme.example", 75).await;
    mails(&world, "beta.example", 10).await;
    let taken = |domain: &str| server.taken().iter().filter(|mail| mail.to.ends_with(domain)).count();
    world.deliver(&post).await;
    assert_eq!((taken("@acme.example"), taken("@beta.example")), (30, 10));
    for minute in 1..=4 {
        for _ in 0..60 {
            world.app.clock.advance(SignedDuration::from_secs(1));
            world.deliver(&post).await;
        }
        assert!(taken("@acme.example") <= 30 * (minute + 1), "{minute}: {}", taken("@acme.example"));
    }
    assert_eq!(taken("@acme.example"), 75, "and none is forgotten");
    let readers: BTreeSet<String> = server.taken().into_iter().map(|mail| mail.to).collect();
    assert_eq!(readers.len(), 85, "nor sent twice");
}

/// A mail that waits for its turn for hours has its patience, and its attempts, before it.
async fn waiting_is_no_attempt(test: TestDb) {
    let (world, server) = (World::new(test).await, MailServer::start().await);
    let post = paced(&server, Limits { at_once: 1, per_minute: 1 });
    mails(&world, "acme.example", 1).await;
    world.deliver(&post).await;
    let mail = world.alert_at("late@acme.example").await;
    for _ in 0..100 {
        world.app.clock.advance(SignedDuration::from_secs(1));
        // Somebody else is always faster.
        let _ = post.pace.turn("acme.example", world.app.now());
        world.test.script("update mails set next_at = created_at where status = 'queued'").await;
        world.deliver(&post).await;
    }
    let entry = world.entry(mail).await;
    assert_eq!((entry.status, entry.attempts), (Status::Queued, 0), "{entry:?}");
    server.feel(Mood::Always(Whim::AtRecipient("451 4.3.0 later")));
    world.app.clock.advance(SignedDuration::from_mins(6));
    world.deliver(&post).await;
    let entry = world.entry(mail).await;
    assert_eq!(entry.attempts, 1);
    let wait = entry.next_at.unwrap().since(world.app.now());
    assert!(wait <= SignedDuration::from_secs(75), "the wait after a first attempt, {wait}");
    server.feel(Mood::Well);
    world.app.clock.advance(SignedDuration::from_mins(2));
    world.deliver(&post).await;
    assert_eq!(world.entry(mail).await.status, Status::Accepted);
}
