//! Ballots that are saved without the account's lock leave the same rows as under it, and give way to whoever was first.

use quorate::{
    activity::chain,
    app::{
        act::{Act, ask},
        record,
    },
    id::UserId,
    ownership::actor,
    recovery::{
        action::{Action, Actor},
        ballot::Choice,
        case::Case,
        decide::decide,
    },
    store::{
        ballots::{self, Alone, Saved},
        db::Unit,
        error::DbError,
        scene, schema,
        tx::Tx,
    },
};

use crate::harness::{
    TestDb, on_both, proof,
    trace::difference,
    world::{Team, World, ballot},
};

const NOTHING: [String; 0] = [];

on_both!(
    the_same_rows_as_under_the_lock,
    whoever_was_overtaken_saves_nothing,
    one_statement_is_one_statement,
    an_approval_that_makes_the_quorum_takes_the_lock,
);

/// The same ballots in two worlds that are otherwise the same to the last bit of chance.
async fn the_same_rows_as_under_the_lock(test: TestDb) {
    let sibling = test.bare_sibling().await;
    schema::migrate(&sibling.db).await.unwrap();
    let mut dumps = Vec::new();
    for (test, locked) in [(test, false), (sibling, true)] {
        let world = World::new(test);
        let team = world.account("single-owner", 5).await;
        let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
        let [a, b, c, ..] = team.admins[..] else { panic!() };
        for (elector, choice) in [
            (a, Choice::Approve),
            (b, Choice::Reject),
            (b, Choice::Reject),
            (b, Choice::Approve),
            (a, Choice::Reject),
            (c, Choice::Approve),
        ] {
            let act = casting(&world, &case, elector, choice);
            let acted = if locked { world.app.db.run(act).await } else { ask(act).await }.unwrap();
            assert_eq!(acted.case, world.case(case.id()).await, "the answer is what was saved");
            assert!(acted.people.len() >= 6, "the owner and the five");
        }
        world.check(team.id).await;
        // The lock counts a save of the case's own row even if nothing in it changed.
        world.script("update cases set version = 1").await;
        let mut dump = world.dump().await;
        dump.remove("_sqlx_migrations").expect("when the schema was made is not what is compared");
        dumps.push(dump);
    }
    assert_eq!(difference(&dumps[0], &dumps[1]), NOTHING);
}

async fn whoever_was_overtaken_saves_nothing(test: TestDb) {
    let world = World::new(test);
    let (team, case) = scenery(&world).await;
    let save = prepared(&world, &case, team.admins[0]).await;
    // The same number with another hash: the chain of a database that was restored and went on.
    let mut elsewhere = save.clone();
    elsewhere.0.head = save.0.sealed.hash;
    assert_eq!(world.app.db.run_one(elsewhere).await.unwrap(), Saved::Overtaken);
    assert_eq!(world.case(case.id()).await.count().approvals, 0);
    world.vote(&case, team.admins[1], Choice::Approve).await.unwrap();
    let before = world.dump().await;
    assert_eq!(world.app.db.run_one(save).await.unwrap(), Saved::Overtaken);
    assert_eq!(world.dump().await, before);
    assert_eq!(world.case(case.id()).await.count().approvals, 1);
    let save = prepared(&world, &case, team.admins[0]).await;
    assert_eq!(world.app.db.run_one(save).await.unwrap(), Saved::Whole);
    assert_eq!(world.case(case.id()).await.count().approvals, 2);
    world.check(team.id).await;
}

/// What is saved statement by statement must not be run without a transaction.
async fn one_statement_is_one_statement(test: TestDb) {
    struct Two;
    impl Unit for Two {
        type Out = ();
        type Error = DbError;

        async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
            tx.sql("update accounts set name = 'first'").run().await?;
            tx.sql("update accounts set name = 'second'").run().await.map(drop)
        }
    }
    let world = World::new(test);
    let refused = world.app.db.run_one(Two).await.unwrap_err();
    assert!(matches!(refused, DbError::Misuse { .. }), "{refused}");
}

async fn an_approval_that_makes_the_quorum_takes_the_lock(test: TestDb) {
    let world = World::new(test);
    let (team, case) = scenery(&world).await;
    for (elector, state) in [(0, "collecting"), (1, "collecting"), (2, "waiting"), (3, "waiting")] {
        let acted = ask(casting(&world, &case, team.admins[elector], Choice::Approve)).await.unwrap();
        assert_eq!(acted.case.state.word(), state);
    }
    assert_eq!(world.entries(&case, "case.quorum_reached").await, 1);
    let alert = world.letters(team.id, team.owner, "owner_alert").await;
    assert_eq!(alert.len(), 2, "one when it was opened, one with the quorum");
    world.check(team.id).await;
}

async fn scenery(world: &World) -> (Team, Case) {
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    (team, case)
}

fn casting(world: &World, case: &Case, elector: UserId, choice: Choice) -> Act {
    Act { app: world.app.clone(), case: case.id(), asked: ballot(case, choice), principal: world.proven(elector) }
}

/// An approval, decided and not saved yet.
async fn prepared(world: &World, case: &Case, elector: UserId) -> Prepared {
    let scene = scene::load(&mut world.app.db.read().await.unwrap(), case.id(), Some(elector)).await.unwrap().unwrap();
    let now = world.app.now();
    let arrival = proof::signed_in(now);
    let action = Action::Cast { choice: Choice::Approve, terms_hash: case.terms_hash, arrival };
    let decision = decide(&scene.case.case, &scene.surroundings(), action, Actor::Person(elector), now).unwrap();
    let draft = record::case_event(&decision.case, &decision.events[0], actor::Actor::User { user: elector });
    let sealed = chain::seal(scene.account.id, scene.account.head, now, draft, || world.app.chance.bytes()).unwrap();
    let ballot = decision.case.electors[&elector].ballot.clone().unwrap();
    let (account, head) = (scene.account.id, scene.account.head.hash);
    Prepared(Alone { account, head, case: case.id(), elector, ballot, sealed })
}

#[derive(Clone)]
struct Prepared(Alone);

impl Unit for Prepared {
    type Out = Saved;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Saved, DbError> {
        ballots::save_alone(tx, &self.0).await
    }
}
