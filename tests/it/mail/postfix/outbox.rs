//! What becomes of mails in the outbox when a real server says no, or is not there.

use std::sync::Arc;

use jiff::SignedDuration;
use quorate::{
    id::MailId,
    jobs::deliver::Delivered as Counts,
    mail::{
        post::{Post, Way},
        smtp::{Postman, Settings},
    },
    store::{mails::Status, outbox::Entry},
};

use crate::{
    harness::{
        TestDb, on_both,
        postfix::{Greeting, PASSWORD, Postfix},
    },
    jobs::world::{World, post},
};

on_both!(a_wrong_password_keeps_the_mail_until_it_is_right, a_server_that_goes_and_comes_back_loses_nothing);

const ACCEPTED: Counts =
    Counts { accepted: 1, deferred: 0, given_up: 0, dropped: 0, returned: 0, paced: 0, lost: 0, failed: 0 };
const DEFERRED: Counts = Counts { accepted: 0, deferred: 1, ..ACCEPTED };
const GIVEN_UP: Counts = Counts { accepted: 0, given_up: 1, ..ACCEPTED };

fn way(settings: Settings) -> Arc<Post> {
    post(Way::Smtp(Box::new(Postman::new(settings).unwrap())))
}

/// Its status, and what the server last said.
async fn fate(world: &World, mail: MailId) -> (Status, String) {
    let Entry { status, last_answer, .. } = world.entry(mail).await;
    (status, last_answer.unwrap())
}

fn some_minutes(world: &World) {
    world.app.clock.advance(SignedDuration::from_mins(10));
}

async fn a_wrong_password_keeps_the_mail_until_it_is_right(test: TestDb) {
    let Some(server) = Postfix::start() else { return };
    let (world, post) = (World::new(test).await, way(server.settings(server.ports.starttls)));
    server.set_password("another password");
    let mail = world.alert("ann").await;
    assert_eq!(world.deliver(&post).await, DEFERRED);
    let told = "the mail server refused our sign-in (535), check the user and the password".to_owned();
    assert_eq!(fate(&world, mail).await, (Status::Queued, told));
    server.set_password(PASSWORD);
    some_minutes(&world);
    assert_eq!(world.deliver(&post).await, ACCEPTED, "{}", server.log());
    let found = server.newest(|mail| mail.to == "ann@acme.example").await;
    assert_eq!(found.message_id, format!("{mail}@quorate.example"));
}

async fn a_server_that_goes_and_comes_back_loses_nothing(test: TestDb) {
    let Some(server) = Postfix::start() else { return };
    let (world, post) = (World::new(test).await, way(server.settings(server.ports.starttls)));
    let before = world.alert("ann").await;
    assert_eq!(world.deliver(&post).await, ACCEPTED);
    server.stop();
    let during = [world.alert("ben").await, world.alert("cleo").await];
    assert_eq!(world.deliver(&post).await, Counts { deferred: 2, ..DEFERRED });
    for mail in during {
        let (status, answer) = fate(&world, mail).await;
        assert!(status == Status::Queued && answer.starts_with("connecting failed: Connection refused"), "{answer}");
    }
    server.resume();
    assert_eq!(world.deliver(&post).await, Counts { accepted: 0, ..ACCEPTED }, "not before its time");
    some_minutes(&world);
    assert_eq!(world.deliver(&post).await, Counts { accepted: 2, ..ACCEPTED }, "{}", server.log());
    server.newest(|_| server.delivered().len() == 3).await;
    let mut ids: Vec<_> = server.delivered().into_iter().map(|mail| mail.message_id).collect();
    ids.sort_unstable();
    let mut wanted = [before, during[0], during[1]].map(|mail| format!("{mail}@quorate.example"));
    wanted.sort_unstable();
    assert_eq!(ids, wanted, "each once, under its own name");
}

#[tokio::test]
async fn an_unknown_recipient_is_given_up_with_the_servers_words() {
    let Some(server) = Postfix::start() else { return };
    let (world, post) = (World::new(TestDb::sqlite().await).await, way(server.settings(server.ports.starttls)));
    let gone = world.alert("gone").await;
    assert_eq!(world.deliver(&post).await, GIVEN_UP);
    let words = "550 5.1.1 <gone@acme.example>: Recipient address rejected: User unknown in virtual mailbox table";
    assert_eq!(fate(&world, gone).await, (Status::Undeliverable, words.to_owned()));
    world.alert("ann").await;
    assert_eq!(world.deliver(&post).await, ACCEPTED, "the next one goes");
}

#[tokio::test]
async fn a_greylisted_mail_goes_later() {
    let Some(server) = Postfix::start() else { return };
    let (world, post) = (World::new(TestDb::sqlite().await).await, way(server.settings(server.ports.starttls)));
    server.greet(Greeting::Grey);
    let mail = world.alert("ann").await;
    assert_eq!(world.deliver(&post).await, DEFERRED);
    let (status, answer) = fate(&world, mail).await;
    assert!(status == Status::Queued && answer.starts_with("450 4.2.0 <ann@acme.example>"), "{answer}");
    assert!(answer.ends_with("Greylisted, please come back later"), "{answer}");
    server.greet(Greeting::Friendly);
    some_minutes(&world);
    assert_eq!(world.deliver(&post).await, ACCEPTED, "{}", server.log());
    let found = server.newest(|mail| mail.to == "ann@acme.example").await;
    assert_eq!(found.message_id, format!("{mail}@quorate.example"));
}

#[tokio::test]
async fn a_forgotten_sign_in_costs_no_mail() {
    let Some(server) = Postfix::start() else { return };
    let world = World::new(TestDb::sqlite().await).await;
    let stranger = way(Settings { login: None, ..server.settings(server.ports.starttls) });
    let mail = world.alert("ann").await;
    assert_eq!(world.deliver(&stranger).await, DEFERRED);
    let (status, answer) = fate(&world, mail).await;
    assert!(status == Status::Queued && answer.starts_with("554 5.7.1 <ann@acme.example>"), "{answer}");
    some_minutes(&world);
    assert_eq!(world.deliver(&way(server.settings(server.ports.starttls))).await, ACCEPTED);
    server.newest(|found| found.message_id == format!("{mail}@quorate.example")).await;
}

#[tokio::test]
async fn a_mail_whose_mark_was_lost_comes_twice_under_one_name() {
    let Some(server) = Postfix::start() else { return };
    let (world, post) = (World::new(TestDb::sqlite().await).await, way(server.settings(server.ports.starttls)));
    let mail = world.alert("ann").await;
    assert_eq!(world.deliver(&post).await, ACCEPTED);
    world.test.script("update mails set status = 'queued', accepted_at = null, next_at = created_at").await;
    some_minutes(&world);
    assert_eq!(world.deliver(&post).await, ACCEPTED);
    server.newest(|_| server.delivered().len() == 2).await;
    let both = server.delivered();
    let written = |raw: &str| raw[raw.find("\nMessage-ID:").unwrap()..].to_owned();
    assert!(both[0].raw.contains(&format!("Message-ID: <{mail}@quorate.example>")), "{}", both[0].raw);
    assert_eq!(written(&both[0].raw), written(&both[1].raw));
}
