//! All or nothing: a use case that fails late leaves no trace, and one whose caller goes away is done wholly or not at all.

use std::sync::Arc;

use quorate::{
    app::{
        act::{Act, Asked, tick},
        change_member::{self, ChangeMember},
        error::Error,
        open_case::OpenCase,
    },
    ownership::member::Status,
    recovery::{ballot::Choice, terms::Kind},
    store::{db::Unit, tx::Tx},
};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::harness::{
    TestDb, on_both,
    race::{rounds, stumble},
    trace::difference,
    world::{Team, World, ballot, hours, refused, signed_in},
};

on_both!(
    opening_that_fails_late_leaves_no_trace,
    acting_that_fails_late_leaves_no_trace,
    an_abandoned_opening_is_whole_or_nothing,
    an_abandoned_ballot_is_whole_or_nothing,
    a_completion_stops_when_log_and_tables_differ,
);

const NOTHING: [String; 0] = [];

/// Does all of it, and then fails.
struct FailsLate<U>(U);

impl<U: Unit<Error = Error>> Unit for FailsLate<U> {
    type Out = U::Out;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<U::Out, Error> {
        self.0.run(tx).await.expect("it would have been done");
        Err(Error::NotFound)
    }
}

fn opening(world: &World, team: &Team) -> OpenCase {
    OpenCase {
        app: world.app.clone(),
        account: team.id,
        kind: Kind::Replace,
        nominee: team.admins[1],
        statement: "The owner has left.".to_owned(),
        principal: signed_in(team.admins[0]),
    }
}

async fn opening_that_fails_late_leaves_no_trace(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let before = world.dump().await;
    let failed = world.app.db.run(FailsLate(opening(&world, &team))).await;
    refused(failed, "not_found");
    assert_eq!(difference(&before, &world.dump().await), NOTHING);
    world.app.db.run(opening(&world, &team)).await.expect("nothing stands in the way of trying again");
    assert_ne!(difference(&before, &world.dump().await), NOTHING, "control: the dump shows a trace");
    world.check(team.id).await;
}

async fn acting_that_fails_late_leaves_no_trace(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.approve(&case, &team.admins[..2]).await;
    let act = |asked, principal| Act { app: world.app.clone(), case: case.id(), asked, principal };
    let before = world.dump().await;
    for (asked, principal) in [
        // This one reaches the quorum: state, ballot, two entries, six mails and a link.
        (ballot(&case, Choice::Approve), world.proven(team.admins[2])),
        (Asked::TakeBack, signed_in(team.admins[0])),
        (Asked::Withdraw, signed_in(team.admins[0])),
        (Asked::Veto, world.proven(team.owner)),
    ] {
        refused(world.app.db.run(FailsLate(act(asked, principal))).await, "not_found");
        assert_eq!(difference(&before, &world.dump().await), NOTHING, "{asked:?}");
    }
    let asked = change_member::Asked::Status(Status::Suspended);
    let (app, user, principal) = (world.app.clone(), team.admins[0], world.proven(team.owner));
    let suspend = ChangeMember { app, account: team.id, user, asked, version: None, principal };
    refused(world.app.db.run(FailsLate(suspend)).await, "not_found");
    assert_eq!(difference(&before, &world.dump().await), NOTHING);
    world.check(team.id).await;
}

/// Says when it has been let go of: after the transaction has ended, or when it was never begun.
struct Watched<U> {
    unit: U,
    over: Arc<Semaphore>,
}

impl<U: Unit> Unit for Watched<U> {
    type Out = U::Out;
    type Error = U::Error;

    async fn run(&self, tx: &mut Tx) -> Result<U::Out, U::Error> {
        self.unit.run(tx).await
    }
}

impl<U> Drop for Watched<U> {
    fn drop(&mut self) {
        self.over.add_permits(1);
    }
}

/// Begins the unit, goes away after up to so many turns of the runtime, and waits until nothing of it is under way.
async fn abandon<U: Unit>(world: &World, unit: U, most: u16) {
    let over = Arc::new(Semaphore::new(0));
    let watched = Watched { unit, over: Arc::clone(&over) };
    tokio::select! {
        biased;
        () = stumble(&world.app.chance, most) => {}
        _ = world.app.db.run(watched) => {}
    }
    over.acquire().await.unwrap().forget();
}

async fn an_abandoned_opening_is_whole_or_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account_with("single-owner", 5, &json!({"reopen_after": "0s"})).await;
    let (mut done, mut nothing) = (0, 0);
    for round in 0..rounds() {
        let (dump, entries) = (world.dump().await, world.activity(team.id).await.len());
        let unit = opening(&world, &team);
        abandon(&world, unit, if round % 4 == 0 { 1 } else { 300 }).await;
        world.check(team.id).await;
        let log = world.activity(team.id).await;
        if log.len() == entries {
            nothing += 1;
            assert_eq!(difference(&dump, &world.dump().await), NOTHING);
            continue;
        }
        done += 1;
        assert_eq!((log.len(), log[entries].kind.as_str()), (entries + 1, "case.opened"));
        let case = world.case(log[entries].entry().unwrap().case.unwrap()).await;
        assert_eq!(case.electors.len(), 5);
        let mails = world.outbox(team.id).await.into_iter().filter(|mail| mail.case == Some(case.id()));
        assert_eq!(mails.count(), 6, "five electors and the owner are written to");
        world.act(case.id(), signed_in(team.admins[0]), Asked::Withdraw).await.unwrap();
    }
    assert!(done > 0 && nothing > 0, "done {done}, nothing {nothing}");
}

async fn an_abandoned_ballot_is_whole_or_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let (mut done, mut nothing) = (0, 0);
    for round in 0..rounds() {
        let (before, entries) = (world.case(case.id()).await, world.activity(team.id).await.len());
        let elector = team.admins[2];
        let asked = match before.electors[&elector].ballot {
            None => ballot(&case, Choice::Approve),
            Some(_) => Asked::TakeBack,
        };
        let unit = Act { app: world.app.clone(), case: case.id(), asked, principal: world.proven(elector) };
        abandon(&world, unit, if round % 4 == 0 { 1 } else { 300 }).await;
        let after = world.case(case.id()).await;
        let written = world.activity(team.id).await.len() - entries;
        match (after == before, written) {
            (true, 0) => nothing += 1,
            (false, 1) => done += 1,
            half => panic!("{half:?}"),
        }
    }
    world.check(team.id).await;
    assert!(done > 0 && nothing > 0, "done {done}, nothing {nothing}");
}

/// Somebody has made an owner of themselves by SQL, before the case was opened. The log does not know them.
async fn a_completion_stops_when_log_and_tables_differ(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 5).await;
    let [opener, nominee, .., smuggled] = team.admins[..] else { panic!() };
    let name = world.person(smuggled).await.email;
    let smuggle = "update members set owner = true where user_id = (select id from users where email =";
    world.script(&format!("{smuggle} '{name}')")).await;
    let case = world.open_as(&team, Kind::Add, signed_in(opener), nominee).await.unwrap();
    world.approve(&case, &[opener, team.admins[2], team.admins[3]]).await;
    world.deliver().await;
    world.advance(hours(72));
    let before = world.dump().await;
    let stopped = tick(&world.app, case.id()).await.unwrap_err();
    assert!(matches!(stopped, Error::Internal(_)), "{stopped}");
    assert_eq!(difference(&before, &world.dump().await), NOTHING, "nothing completes");
}
