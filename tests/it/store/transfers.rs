//! What the database itself says of offers of ownership.

use quorate::{
    app::answer_transfer::Answer,
    id::{TransferId, kind},
    ownership::transfer::State,
    store::{db::Unit, error::DbError, transfers, tx::Tx},
};

use super::constraints::{UNIQUE, bites, hour_before, id, works};
use crate::harness::{
    TestDb, on_both,
    world::{World, signed_in},
};

on_both!(
    one_offer_of_an_account_waits,
    an_offer_that_has_ended_stays_so,
    an_offer_never_changes,
    the_code_ends_an_offer_once
);

async fn one_offer_of_an_account_waits(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let offer = world.offer(&team, world.proven(team.owner), team.admins[0]).await.unwrap();
    let copy = |fresh: &str, to: &str| {
        format!(
            "insert into transfers (id, account_id, from_id, to_id, offered_at, expires_at, state)
             select {fresh}, account_id, from_id, {to}, offered_at, expires_at, 'pending' from transfers where id = {}",
            id(&world, offer.id)
        )
    };
    let (fresh, to, owner) =
        (id(&world, world.app.id::<kind::Transfer>()), id(&world, team.admins[1]), id(&world, team.owner));
    bites(&world, &copy(&fresh, &to), UNIQUE).await;
    world.answer(&offer, signed_in(team.admins[0]), Answer::Decline).await.unwrap();
    bites(&world, &copy(&fresh, &owner), "check constraint").await;
    works(&world, &copy(&fresh, &to)).await;
}

async fn an_offer_that_has_ended_stays_so(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let offer = world.offer(&team, world.proven(team.owner), team.admins[0]).await.unwrap();
    world.answer(&offer, world.proven(team.owner), Answer::Cancel).await.unwrap();
    let which = id(&world, offer.id);
    for change in [
        "state = 'pending', ended_at = null, why = null, ended_by = null",
        "state = 'accepted', why = null, ended_by = null",
        "ended_at = offered_at",
    ] {
        bites(&world, &format!("update transfers set {change} where id = {which}"), "final states are final").await;
    }
    bites(&world, &format!("delete from transfers where id = {which}"), "an offer stays on record").await;
    let ended = transfers::find(&mut world.app.db.read().await.unwrap(), offer.id).await.unwrap();
    assert_eq!(ended.map(|it| it.transfer.state.word()), Some("cancelled"));
}

async fn an_offer_never_changes(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let offer = world.offer(&team, world.proven(team.owner), team.admins[0]).await.unwrap();
    let (which, other) = (id(&world, offer.id), id(&world, team.admins[1]));
    for change in [
        format!("to_id = {other}"),
        format!("from_id = {other}"),
        format!("offered_at = {}", hour_before(&world, "offered_at")),
        "expires_at = offered_at".to_owned(),
    ] {
        bites(&world, &format!("update transfers set {change} where id = {which}"), "an offer never changes").await;
    }
    // A state has its moment, and the reasons that belong to it.
    let early = hour_before(&world, "expires_at");
    for change in [
        "state = 'accepted'".to_owned(),
        "state = 'cancelled', ended_at = offered_at".to_owned(),
        "state = 'cancelled', ended_at = offered_at, why = 'taken_back'".to_owned(),
        "state = 'cancelled', ended_at = offered_at, why = 'recovered'".to_owned(),
        format!("state = 'declined', ended_at = offered_at, ended_by = {other}"),
        "state = 'accepted', ended_at = expires_at".to_owned(),
        format!("state = 'expired', ended_at = {early}"),
        "state = 'lost', ended_at = offered_at".to_owned(),
    ] {
        bites(&world, &format!("update transfers set {change} where id = {which}"), "check constraint").await;
    }
    works(&world, &format!("update transfers set state = 'expired', ended_at = expires_at where id = {which}")).await;
}

/// Ends an offer without a look at what it is.
struct End(TransferId, State);

impl Unit for End {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        transfers::end(tx, self.0, self.1).await
    }
}

async fn the_code_ends_an_offer_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let offer = world.offer(&team, world.proven(team.owner), team.admins[0]).await.unwrap();
    for change in ["transfer_id = null", "purpose = 'pause'"] {
        bites(&world, &format!("update links set {change} where purpose = 'transfer'"), "check constraint").await;
    }
    let declined = State::Declined { at: world.app.now() };
    world.app.db.run(End(offer.id, declined)).await.unwrap();
    let again = world.app.db.run(End(offer.id, State::Accepted { at: world.app.now() })).await;
    assert!(matches!(again, Err(DbError::Corrupt { .. })), "{again:?}");
    assert_eq!(world.transfer(offer.id).await.state, declined);
}
