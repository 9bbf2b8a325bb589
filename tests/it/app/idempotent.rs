//! Invariant 31: the same idempotency key gives one effect and the same answer.

use jiff::SignedDuration;
use quorate::{
    app::{
        app::App,
        error::{Access, Error},
        idempotent::{self, once, once_with_secret},
        tokens::CreateToken,
    },
    id::UserId,
    ownership::address::Email,
    store::{
        db::Unit,
        error::DbError,
        idempotency::{self, Key},
        tokens::Power,
        tx::Tx,
    },
};
use tokio::task::JoinSet;

use super::scene::{OPERATOR, Scene};
use crate::harness::{TestDb, on_both};

on_both!(
    equal_calls_at_once_have_one_effect,
    a_key_stands_for_one_request_of_one_caller,
    a_failed_call_leaves_its_key_free,
    a_secret_answer_is_not_repeated,
    old_keys_are_pruned,
);

/// An effect that nothing but the key keeps from happening twice: each run inserts another row, with its own id.
struct Effect {
    app: App,
    outcome: Outcome,
}

#[derive(Clone, Copy)]
enum Outcome {
    Fine,
    Fails,
}

impl Unit for Effect {
    type Out = UserId;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<UserId, Error> {
        let now = self.app.now();
        let id: UserId = self.app.chance.id(now);
        tx.sql("insert into users (id, email, name, created_at) values ($1, $2, 'Somebody', $3)")
            .bind(id)
            .bind(format!("{id}@example.org"))
            .bind(now)
            .run()
            .await?;
        match self.outcome {
            Outcome::Fine => Ok(id),
            Outcome::Fails => Err(Error::NotFound),
        }
    }
}

const EFFECTS: &str = "select count(*) from users where name = 'Somebody'";

fn effect(scene: &Scene, outcome: Outcome) -> Effect {
    Effect { app: scene.app.clone(), outcome }
}

fn key(name: &str, body: &str) -> Key {
    idempotent::key(&OPERATOR, name, &[b"POST /v1/accounts", body.as_bytes()]).unwrap()
}

async fn equal_calls_at_once_have_one_effect(test: TestDb) {
    let scene = Scene::new(test);
    for round in 0..10 {
        let mut calls = JoinSet::new();
        for _ in 0..16 {
            let (app, unit) = (scene.app.clone(), effect(&scene, Outcome::Fine));
            let key = Some(key(&format!("round {round}"), "{}"));
            calls.spawn(async move { once(&app, key, unit).await.unwrap() });
        }
        let answers = calls.join_all().await;
        assert_eq!(answers.len(), 16);
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
        assert_eq!(scene.count(EFFECTS).await, round + 1);
    }
}

async fn a_key_stands_for_one_request_of_one_caller(test: TestDb) {
    let scene = Scene::new(test);
    let email: Email = scene.person("ada").await;
    let ada = scene.caller(&email).await;
    let run = async |key| once(&scene.app, key, effect(&scene, Outcome::Fine)).await;
    let first = run(Some(key("k", "{}"))).await.unwrap();
    let refused = run(Some(key("k", "{ }"))).await.unwrap_err();
    assert!(matches!(refused, Error::Access(Access::KeyReused)), "{refused}");
    assert_eq!(run(Some(key("k", "{}"))).await.unwrap(), first);
    let hers = Some(idempotent::key(&ada, "k", &[b"POST /v1/accounts", b"{}"]).unwrap());
    assert_ne!(run(hers).await.unwrap(), first);
    assert_ne!(run(None).await.unwrap(), run(None).await.unwrap());
    assert_eq!(scene.count(EFFECTS).await, 4);
    for bad in ["", "two\nlines", "ä", &"k".repeat(256)] {
        assert!(matches!(idempotent::key(&OPERATOR, bad, &[]), Err(Error::Invalid(_))), "{bad}");
    }
    let split = |parts: &[&[u8]]| idempotent::key(&OPERATOR, "k", parts).unwrap().fingerprint;
    assert_ne!(split(&[b"ab", b"c"]), split(&[b"a", b"bc"]));
}

async fn a_failed_call_leaves_its_key_free(test: TestDb) {
    let scene = Scene::new(test);
    assert!(once(&scene.app, Some(key("k", "{}")), effect(&scene, Outcome::Fails)).await.is_err());
    assert_eq!(scene.count("select count(*) from idempotency").await, 0);
    once(&scene.app, Some(key("k", "{}")), effect(&scene, Outcome::Fine)).await.unwrap();
    assert_eq!(scene.count(EFFECTS).await, 1);
}

async fn a_secret_answer_is_not_repeated(test: TestDb) {
    let scene = Scene::new(test);
    let create = || CreateToken {
        app: scene.app.clone(),
        principal: OPERATOR,
        name: "product".to_owned(),
        power: Power::Operator,
    };
    once_with_secret(&scene.app, Some(key("k", "{}")), create()).await.unwrap();
    for _ in 0..2 {
        let refused = once_with_secret(&scene.app, Some(key("k", "{}")), create()).await.unwrap_err();
        assert!(matches!(refused, Error::Access(Access::AlreadyIssued)), "{refused}");
    }
    assert_eq!(scene.count("select count(*) from tokens").await, 1);
}

async fn old_keys_are_pruned(test: TestDb) {
    struct Prune(App);
    impl Unit for Prune {
        type Out = u64;
        type Error = DbError;

        async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
            idempotency::prune(tx, self.0.now().before(SignedDuration::from_hours(24))).await
        }
    }
    let scene = Scene::new(test);
    once(&scene.app, Some(key("old", "{}")), effect(&scene, Outcome::Fine)).await.unwrap();
    scene.wait(SignedDuration::from_hours(24));
    once(&scene.app, Some(key("new", "{}")), effect(&scene, Outcome::Fine)).await.unwrap();
    assert_eq!(scene.app.db.run(Prune(scene.app.clone())).await.unwrap(), 0);
    scene.wait(SignedDuration::from_micros(1));
    assert_eq!(scene.app.db.run(Prune(scene.app.clone())).await.unwrap(), 1);
    assert_eq!(scene.count("select count(*) from idempotency").await, 1);
}
