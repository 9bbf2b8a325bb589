//! Signing in: codes are single use, short, bound to their person and request, and strangers cannot lock anybody out.

use jiff::SignedDuration;
use quorate::{
    app::{
        authenticate::{Credential, authenticate},
        begin_session::SignedIn,
        error::{Access, Error},
        follow_sign_in::{FollowSignIn, address},
        principal::Principal,
        sign_in::SignIn,
    },
    id::CodeId,
    jobs::sign_ins,
    ownership::address::Email,
    store::users,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

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
    after_ten_mails_no_more_go_out,
    whatever_strangers_do_the_mail_signs_in,
    a_link_is_genuine_and_lasts_ten_minutes,
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
    assert_eq!(
        principal,
        Principal::Person { user, session, within: None, proof: None },
        "signing in is no fresh proof"
    );
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
    scene.confirm(&ada, &code, Some(first)).await.unwrap();
    scene.confirm(&ada, &scene.app.secret.code(second), None).await.unwrap();
    // The link of the same mail is not a code that was guessed at.
    follow(&scene, third).await.unwrap();
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
    let (ada, ben) = (scene.person("ada").await, scene.person("ben").await);
    let (first, second) = (scene.request(&ada).await, scene.request(&ada).await);
    let code = |request| scene.app.secret.code(request);
    for _ in 0..49 {
        assert_wrong(scene.confirm(&ada, "not a code", None).await);
    }
    scene.confirm(&ada, &code(first), None).await.unwrap();
    assert_wrong(scene.confirm(&ada, "not a code", None).await);
    // That was the fiftieth in a day: no code is looked at any more, whoever types it. The link is.
    assert_wrong(scene.confirm(&ada, &code(second), None).await);
    assert_wrong(scene.confirm(&ada, &code(second), Some(second)).await);
    follow(&scene, second).await.unwrap();
    let other = scene.request(&ben).await;
    scene.confirm(&ben, &code(other), None).await.unwrap();

    scene.wait(MINUTE * 60 * 24 - INSTANT);
    let third = scene.request(&ada).await;
    assert_wrong(scene.confirm(&ada, &code(third), Some(third)).await);
    scene.wait(INSTANT);
    scene.confirm(&ada, &code(third), Some(third)).await.unwrap();
}

/// Somebody who knows an address does everything that can be done with it, and its person signs in.
async fn whatever_strangers_do_the_mail_signs_in(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    for _ in 0..3 {
        let mut requests = Vec::new();
        for _ in 0..30 {
            let request = scene.request(&ada).await;
            for named in [Some(request), None] {
                for _ in 0..6 {
                    assert_wrong(scene.confirm(&ada, "12345678", named).await);
                }
            }
            requests.push(request);
        }
        // Their own request is one too many; the mails are there.
        scene.wait(MINUTE * 5);
        let own = scene.request(&ada).await;
        assert!(matches!(follow(&scene, own).await, Err(Error::Access(Access::DeadLink))));
        let mailed = requests.get(9).copied().unwrap();
        let signed_in = follow(&scene, mailed).await.unwrap();
        assert_eq!(signed_in.user, scene.id_of(&ada).await);
        assert!(matches!(follow(&scene, mailed).await, Err(Error::Access(Access::DeadLink))), "once");
        scene.wait(MINUTE * 5);
    }
    assert_eq!(scene.count(MAILS).await, 30);
}

async fn a_link_is_genuine_and_lasts_ten_minutes(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let (first, second) = (scene.request(&ada).await, scene.request(&ada).await);
    let token = scene.app.secret.link_token(quorate::id::LinkId::from_uuid(first.uuid()));
    let (_, proof) = token.split_once('.').unwrap();
    for forged in [String::new(), first.to_string(), format!("{first}."), format!("{first}.{proof}"), token.clone()] {
        let unit = FollowSignIn { app: scene.app.clone(), token: forged, browser: None };
        assert!(matches!(scene.app.db.run(unit).await, Err(Error::Access(Access::DeadLink))));
    }
    let shown = address(&scene.app, &token_of(&scene, first)).await.unwrap();
    assert_eq!(shown, ada, "looking at it uses nothing up");
    scene.wait(MINUTE * 10 - INSTANT);
    follow(&scene, first).await.unwrap();
    // Neither the code of a link that was used, nor the link of a code.
    assert_wrong(scene.confirm(&ada, &scene.app.secret.code(first), Some(first)).await);
    scene.wait(INSTANT);
    assert!(matches!(follow(&scene, second).await, Err(Error::Access(Access::DeadLink))));
    assert!(matches!(address(&scene.app, &token_of(&scene, second)).await, Err(Error::Access(Access::DeadLink))));
}

fn token_of(scene: &Scene, request: CodeId) -> String {
    format!("{request}.{}", scene.app.secret.sign_in_proof(request))
}

/// Follows the link in the mail of a request.
async fn follow(scene: &Scene, request: CodeId) -> Result<SignedIn, Error> {
    scene.app.db.run(FollowSignIn { app: scene.app.clone(), token: token_of(scene, request), browser: None }).await
}

async fn many_uses_at_once_make_one_session(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let request = scene.request(&ada).await;
    let code = scene.app.secret.code(request);
    let mut tries = JoinSet::new();
    // The fifth that loses is one wrong try too many for those who name the request; one wins before.
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
        assert_wrong(scene.confirm(&ada, &code, Some(request)).await);
        for _ in 0..2 {
            assert_wrong(scene.confirm(&ada, &wrong(&code), None).await);
        }
        assert_wrong(scene.confirm(&ada, &code, None).await);
        follow(&scene, request).await.unwrap();
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
    let sweep = async || sign_ins::sweep(&scene.app, &CancellationToken::new()).await.unwrap();
    assert_eq!((sweep().await.looked_at, sweep().await.looked_at), (2, 0), "once each");
    assert_eq!(scene.count(MAILS).await, 1);
    assert_eq!(scene.count("select count(*) from sign_in_requests").await, 2);
    for _ in 0..30 {
        assert_wrong(scene.confirm(&nobody, &scene.app.secret.code(unknown.request), Some(unknown.request)).await);
        assert_wrong(scene.confirm(&nobody, "00000000", None).await);
    }
    assert_eq!(scene.count(SESSIONS).await, 0);
}

async fn after_ten_mails_no_more_go_out(test: TestDb) {
    let scene = Scene::new(test);
    let (ada, ben) = (scene.person("ada").await, scene.person("ben").await);
    let first = scene.request(&ada).await;
    let mut last = first;
    for _ in 0..20 {
        last = scene.request(&ada).await;
    }
    assert_eq!(scene.count(MAILS).await, 10);
    scene.request(&ben).await;
    assert_eq!(scene.count(MAILS).await, 11, "others are not concerned");

    // Whoever asked too often has no code for that request, but may use one of those in their mailbox.
    assert_wrong(scene.confirm(&ada, &scene.app.secret.code(last), Some(last)).await);
    scene.confirm(&ada, &scene.app.secret.code(first), Some(last)).await.unwrap();

    scene.wait(MINUTE * 10);
    let again = scene.request(&ada).await;
    assert_eq!(scene.count(MAILS).await, 12);
    scene.confirm(&ada, &scene.app.secret.code(again), Some(again)).await.unwrap();
}
