//! Signing in: codes are single use, short, bound to their person and request, and strangers cannot lock anybody out.

use jiff::SignedDuration;
use quorate::{
    app::{
        authenticate::{Credential, authenticate},
        confirm_sign_in::SignedIn,
        error::{Access, Error},
        principal::Principal,
        sign_in::SignIn,
    },
    ownership::address::Email,
    store::users,
};
use tokio::task::JoinSet;

use super::scene::{Scene, confirm, wrong};
use crate::harness::{TestDb, on_both};

on_both!(
    a_right_code_signs_in_once,
    five_wrong_tries_kill_that_code_only,
    a_code_lasts_ten_minutes,
    a_code_is_one_persons,
    guesses_of_strangers_lock_nobody_out,
    many_uses_at_once_make_one_session,
    many_wrong_tries_at_once_are_all_counted,
    an_unknown_address_gets_the_same_answer,
    after_five_mails_no_more_go_out,
);

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const INSTANT: SignedDuration = SignedDuration::from_micros(1);
const MAILS: &str = "select count(*) from mails where kind = 'sign_in_code'";
const SESSIONS: &str = "select count(*) from sessions";

fn assert_wrong(outcome: Result<SignedIn, Error>) {
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::Access(Access::WrongCode)), "{error}");
}

async fn a_right_code_signs_in_once(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let request = scene.request(&ada).await;
    assert_eq!(scene.count(MAILS).await, 1);
    let code = scene.app.secret.code(request);

    let signed_in = scene.confirm(&ada, &code, Some(request)).await.unwrap();
    let principal = authenticate(&scene.app, &Credential::new(signed_in.token.reveal(), None)).await.unwrap();
    let (user, session) = (signed_in.user, Some(signed_in.session));
    assert_eq!(principal, Principal::Person { user, session, proof: None }, "signing in is no fresh proof");
    let user = users::by_id(&mut scene.app.db.read().await.unwrap(), user).await.unwrap().unwrap();
    assert_eq!(user.confirmed_at, Some(scene.app.now()), "the address is theirs");

    assert_wrong(scene.confirm(&ada, &code, Some(request)).await);
    assert_wrong(scene.confirm(&ada, &code, None).await);
    assert_eq!(scene.count(SESSIONS).await, 1);
}

async fn five_wrong_tries_kill_that_code_only(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let (first, second) = (scene.request(&ada).await, scene.request(&ada).await);
    let code = scene.app.secret.code(first);
    for _ in 0..4 {
        assert_wrong(scene.confirm(&ada, &wrong(&code), Some(first)).await);
    }
    let third = scene.request(&ada).await;
    for _ in 0..5 {
        assert_wrong(scene.confirm(&ada, &wrong(&scene.app.secret.code(third)), Some(third)).await);
    }
    assert_wrong(scene.confirm(&ada, &scene.app.secret.code(third), Some(third)).await);
    assert_wrong(scene.confirm(&ada, &scene.app.secret.code(third), None).await);
    scene.confirm(&ada, &code, Some(first)).await.unwrap();
    scene.confirm(&ada, &scene.app.secret.code(second), None).await.unwrap();
}

async fn a_code_lasts_ten_minutes(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let (first, second) = (scene.request(&ada).await, scene.request(&ada).await);
    scene.wait(MINUTE * 10 - INSTANT);
    scene.confirm(&ada, &scene.app.secret.code(first), Some(first)).await.unwrap();
    scene.wait(INSTANT);
    assert_wrong(scene.confirm(&ada, &scene.app.secret.code(second), Some(second)).await);
    assert_wrong(scene.confirm(&ada, &scene.app.secret.code(second), None).await);
}

async fn a_code_is_one_persons(test: TestDb) {
    let scene = Scene::new(test);
    let (ada, ben) = (scene.person("ada").await, scene.person("ben").await);
    let request = scene.request(&ada).await;
    scene.request(&ben).await;
    let code = scene.app.secret.code(request);
    assert_wrong(scene.confirm(&ben, &code, Some(request)).await);
    assert_wrong(scene.confirm(&ben, &code, None).await);
    scene.confirm(&ada, &code, Some(request)).await.unwrap();
}

async fn guesses_of_strangers_lock_nobody_out(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let (first, second) = (scene.request(&ada).await, scene.request(&ada).await);
    let code = scene.app.secret.code(second);
    for _ in 0..30 {
        assert_wrong(scene.confirm(&ada, "not a code", None).await);
    }
    assert_eq!(scene.count("select count(*) from guesses").await, 10, "no more is stored than is counted");
    assert_wrong(scene.confirm(&ada, &code, None).await);
    scene.confirm(&ada, &scene.app.secret.code(first), Some(first)).await.unwrap();

    scene.wait(MINUTE * 10 - INSTANT);
    assert_wrong(scene.confirm(&ada, &code, None).await);
    scene.wait(INSTANT);
    let third = scene.request(&ada).await;
    scene.confirm(&ada, &scene.app.secret.code(third), None).await.unwrap();
}

async fn many_uses_at_once_make_one_session(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let request = scene.request(&ada).await;
    let code = scene.app.secret.code(request);
    let mut tries = JoinSet::new();
    for number in 0..64 {
        let request = (number % 2 == 0).then_some(request);
        tries.spawn(confirm(scene.app.clone(), ada.clone(), code.clone(), request));
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    outcomes.into_iter().filter(Result::is_err).for_each(assert_wrong);
    assert_eq!(scene.count(SESSIONS).await, 1);
}

async fn many_wrong_tries_at_once_are_all_counted(test: TestDb) {
    let scene = Scene::new(test);
    for round in 1..=10 {
        let ada = scene.person(&format!("ada{round}")).await;
        let request = scene.request(&ada).await;
        let code = scene.app.secret.code(request);
        let mut tries = JoinSet::new();
        for number in 0..48 {
            let request = (number % 2 == 0).then_some(request);
            tries.spawn(confirm(scene.app.clone(), ada.clone(), wrong(&code), request));
        }
        tries.join_all().await.into_iter().for_each(assert_wrong);
        assert_eq!(scene.count("select max(wrong) from codes").await, 5);
        assert_eq!(scene.count("select count(*) from guesses").await, 10 * round);
        assert_wrong(scene.confirm(&ada, &code, Some(request)).await);
    }
}

async fn an_unknown_address_gets_the_same_answer(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let nobody: Email = "nobody@example.org".parse().unwrap();
    let ask = async |email: &Email| scene.app.db.run(SignIn { app: scene.app.clone(), email: email.clone() }).await;
    let (known, unknown) = (ask(&ada).await.unwrap(), ask(&nobody).await.unwrap());
    assert_eq!(known.expires_at, unknown.expires_at);
    assert_ne!(known.request, unknown.request);
    assert_eq!(scene.count(MAILS).await, 1);
    assert_eq!(scene.count("select count(*) from codes").await, 1);
    for _ in 0..30 {
        assert_wrong(scene.confirm(&nobody, &scene.app.secret.code(unknown.request), Some(unknown.request)).await);
        assert_wrong(scene.confirm(&nobody, "00000000", None).await);
    }
    assert_eq!(scene.count(SESSIONS).await, 0);
}

async fn after_five_mails_no_more_go_out(test: TestDb) {
    let scene = Scene::new(test);
    let (ada, ben) = (scene.person("ada").await, scene.person("ben").await);
    let first = scene.request(&ada).await;
    let mut last = first;
    for _ in 0..10 {
        last = scene.request(&ada).await;
    }
    assert_eq!(scene.count(MAILS).await, 5);
    scene.request(&ben).await;
    assert_eq!(scene.count(MAILS).await, 6, "others are not concerned");

    // Whoever asked too often has no code for that request, but may use one of those in their mailbox.
    assert_wrong(scene.confirm(&ada, &scene.app.secret.code(last), Some(last)).await);
    scene.confirm(&ada, &scene.app.secret.code(first), Some(last)).await.unwrap();

    scene.wait(MINUTE * 10);
    let again = scene.request(&ada).await;
    assert_eq!(scene.count(MAILS).await, 7);
    scene.confirm(&ada, &scene.app.secret.code(again), Some(again)).await.unwrap();
}
