//! The sweep of lapsed offers: all of them, each once, whatever happens to one.

use jiff::SignedDuration;
use quorate::jobs::{each::Swept, transfers::sweep};
use tokio_util::sync::CancellationToken;

use crate::harness::{
    TestDb, on_both,
    world::{World, hours},
};

on_both!(an_offer_that_fails_hides_no_other);

async fn an_offer_that_fails_hides_no_other(test: TestDb) {
    let world = World::new(test);
    let mut offers = Vec::new();
    for _ in 0..3 {
        // Their ids are in the order of their making, to the millisecond.
        world.advance(SignedDuration::from_millis(1));
        let team = world.account("single-owner", 1).await;
        let offer = world.offer(&team, world.proven(team.owner), team.admins[0]).await.unwrap();
        offers.push(offer.id);
    }
    let stop = CancellationToken::new();
    assert_eq!(sweep(&world.app, &stop).await.unwrap(), Swept::default(), "none is due");
    world.advance(hours(72));
    let stopped = CancellationToken::new();
    stopped.cancel();
    assert_eq!(sweep(&world.app, &stopped).await.unwrap(), Swept::default(), "whoever is stopped begins nothing");

    // The account of the first cannot be read.
    let first = "where id = (select account_id from transfers order by id limit 1)";
    world.script(&format!("update accounts set policy = 'x' || policy {first}")).await;
    for looked_at in [3, 1] {
        assert_eq!(sweep(&world.app, &stop).await.unwrap(), Swept { looked_at, failed: 1 });
    }
    for offer in &offers[1..] {
        assert_eq!(world.transfer(*offer).await.state.word(), "expired");
    }
    world.script(&format!("update accounts set policy = substr(policy, 2) {first}")).await;
    assert_eq!(sweep(&world.app, &stop).await.unwrap(), Swept { looked_at: 1, failed: 0 });
    assert_eq!(world.transfer(offers[0]).await.state.word(), "expired");
    assert_eq!(sweep(&world.app, &stop).await.unwrap(), Swept::default());
}
