//! What the service sends over a real connection, as the official library of Standard Webhooks sees it.

use jiff::SignedDuration;
use quorate::{app::app::App, clock::Clock, jobs::webhooks::deliver};
use tokio_util::sync::CancellationToken;

use crate::{
    app::webhooks::{added, replace},
    harness::{
        TestDb, on_both,
        receiver::{Got, Receiver},
        standard_webhooks::{directory, verify},
        world::World,
    },
};

on_both!(the_official_library_takes_what_is_sent_and_nothing_else);

/// Something that happens, as it arrives.
async fn arrives(world: &World, team: &crate::harness::world::Team, receiver: &Receiver) -> Got {
    world.invite(team, world.proven(team.owner), "member").await.unwrap();
    deliver(&world.app, &CancellationToken::new()).await.unwrap();
    receiver.got().pop().unwrap()
}

async fn the_official_library_takes_what_is_sent_and_nothing_else(test: TestDb) {
    let Some(library) = directory() else { return };
    let (mut world, receiver) = (World::new(test), Receiver::start().await);
    // The library compares the time with the machine's.
    world.app = App { clock: Clock::system(), ..world.app };
    let team = world.account("recommended", 0).await;
    let first = added(&world, &team, &receiver.url).await;
    let got = arrives(&world, &team, &receiver).await;
    let taken = verify(&library, &first.secret, &got.headers, &got.body).unwrap();
    assert_eq!(taken, got.json());
    assert_eq!(taken["type"], "member.invited");
    assert_eq!(taken["data"]["account"], team.id.to_string());

    // The control: it takes nothing else.
    let other = added(&world, &team, &format!("{}/other", receiver.url)).await;
    let changed = got.body.replace("member.invited", "owner.granted");
    for (secret, name, value, body) in [
        (&other.secret, "", "", &got.body),
        (&first.secret, "", "", &changed),
        (&first.secret, "webhook-id", "acct_1-1", &got.body),
        (&first.secret, "webhook-signature", "v1,AAAA", &got.body),
    ] {
        let mut headers = got.headers.clone();
        if !name.is_empty() {
            headers.insert(name.to_owned(), value.to_owned());
        }
        let refused = verify(&library, secret, &headers, body).unwrap_err();
        assert_eq!(refused, "No matching signature found", "{name} {value}");
    }
    // Nor what was recorded and is played again later.
    let mut old = got.headers.clone();
    let seconds: i64 = old["webhook-timestamp"].parse().unwrap();
    old.insert("webhook-timestamp".to_owned(), (seconds - 3600).to_string());
    assert_eq!(verify(&library, &first.secret, &old, &got.body).unwrap_err(), "Message timestamp too old");

    // While a secret is replaced, either takes it.
    world
        .app
        .db
        .run(quorate::app::change_webhook::RemoveWebhook {
            app: world.app.clone(),
            account: team.id,
            webhook: other.endpoint.id,
            principal: world.proven(team.owner),
        })
        .await
        .unwrap();
    let second = replace(&world, &team, world.proven(team.owner), first.endpoint.id).await.unwrap();
    let got = arrives(&world, &team, &receiver).await;
    for secret in [&first.secret, &second.secret] {
        assert_eq!(verify(&library, secret, &got.headers, &got.body).unwrap(), got.json());
    }
    // Some days later, the new one only: the clock of the service says so, and the library is told its time.
    world.app = App { clock: Clock::set_to(world.app.now().after(SignedDuration::from_hours(25))), ..world.app };
    let got = arrives(&world, &team, &receiver).await;
    assert_eq!(verify(&library, &first.secret, &got.headers, &got.body).unwrap_err(), "Message timestamp too new");
    assert_eq!(got.headers["webhook-signature"].split(' ').count(), 1);
}
