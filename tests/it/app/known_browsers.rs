//! Whoever signs in where they had not been before is written to about it, and nobody else.

use jiff::SignedDuration;
use quorate::{
    app::{
        authenticate::{Credential, authenticate},
        begin_session::SignedIn,
        confirm_sign_in::ConfirmSignIn,
        principal::Principal,
        sessions::{EndOtherSessions, EndSession},
    },
    jobs::prune::{ALL, prune},
    ownership::{
        address::Email,
        credential::FIRST_DAY,
        session::{BROWSER_LASTS, IDLE},
    },
    secret::{TokenHash, TokenKind},
    store::known_browsers::MOST,
};
use tokio_util::sync::CancellationToken;

use super::scene::Scene;
use crate::harness::{TestDb, on_both};

on_both!(
    a_browser_is_new_once,
    a_browser_is_known_of_each_person_by_itself,
    what_one_ends_is_forgotten,
    so_many_are_known_and_for_so_long,
    what_a_browser_is_known_by_opens_nothing,
);

const TOLD: &str = "select count(*) from mails where kind = 'signed_in'";
const KNOWN: &str = "select count(*) from known_browsers";

/// Signs in, in a browser that is known by that, if by anything.
async fn enter(scene: &Scene, email: &Email, browser: Option<TokenHash>) -> SignedIn {
    let request = scene.request(email).await;
    let (app, email, code) = (scene.app.clone(), email.clone(), scene.app.secret.code(request));
    let unit = ConfirmSignIn { app, email, code, request: Some(request), browser };
    scene.app.db.run(unit).await.unwrap().signed_in().unwrap()
}

/// What the browser keeps that signed in.
fn kept(signed_in: &SignedIn) -> Option<TokenHash> {
    signed_in.browser.as_ref().map(|kept| TokenHash::of(kept.reveal()))
}

async fn caller(scene: &Scene, signed_in: &SignedIn) -> Principal {
    authenticate(&scene.app, &Credential::new(signed_in.token.reveal(), None)).await.unwrap()
}

async fn a_browser_is_new_once(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let laptop = kept(&enter(&scene, &ada, None).await);
    assert_eq!(scene.count(TOLD).await, 0, "where they begin");
    scene.wait(FIRST_DAY);
    let again = enter(&scene, &ada, laptop).await;
    assert!(again.browser.is_none(), "it keeps what it has");
    assert_eq!(scene.count(TOLD).await, 0, "where they have been before");
    let phone = kept(&enter(&scene, &ada, None).await);
    assert_eq!(scene.count(TOLD).await, 1, "where they have not been");
    let to_them = "select count(*) from mails m join users u on u.id = m.user_id
        where m.kind = 'signed_in' and u.email = 'ada@example.org' and m.address = 'ada@example.org'";
    assert_eq!(scene.count(to_them).await, 1);
    for browser in [laptop, phone, laptop] {
        enter(&scene, &ada, browser).await;
    }
    assert_eq!(scene.count(TOLD).await, 1, "both are known");
}

async fn a_browser_is_known_of_each_person_by_itself(test: TestDb) {
    let scene = Scene::new(test);
    let (ada, ben) = (scene.person("ada").await, scene.person("ben").await);
    let shared = kept(&enter(&scene, &ada, None).await);
    enter(&scene, &ben, None).await;
    assert_eq!(scene.count(TOLD).await, 0);
    let signed_in = enter(&scene, &ben, shared).await;
    assert_eq!(scene.count(TOLD).await, 1, "Ada was there, Ben was not");
    assert!(signed_in.browser.is_none(), "or Ada would be new there next time");
    for email in [&ada, &ben] {
        enter(&scene, email, shared).await;
    }
    assert_eq!(scene.count(TOLD).await, 1);
}

async fn what_one_ends_is_forgotten(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let here = enter(&scene, &ada, None).await;
    let (there, yonder) = (enter(&scene, &ada, None).await, enter(&scene, &ada, None).await);
    assert_eq!(scene.count(TOLD).await, 2);
    let principal = caller(&scene, &here).await;
    let end = EndSession { app: scene.app.clone(), principal: principal.clone(), session: there.session };
    scene.app.db.run(end).await.unwrap();
    enter(&scene, &ada, kept(&yonder)).await;
    assert_eq!(scene.count(TOLD).await, 2);
    let there = enter(&scene, &ada, kept(&there)).await;
    assert_eq!(scene.count(TOLD).await, 3, "whose session was ended comes as a stranger");
    assert!(there.browser.is_none());
    scene.app.db.run(EndOtherSessions { app: scene.app.clone(), principal: principal.clone() }).await.unwrap();
    enter(&scene, &ada, kept(&here)).await;
    assert_eq!(scene.count(TOLD).await, 3, "this one was kept");
    enter(&scene, &ada, kept(&yonder)).await;
    assert_eq!(scene.count(TOLD).await, 4, "and no other");
    // Who signs out by themselves stays known.
    let end = EndSession { app: scene.app.clone(), principal, session: here.session };
    scene.app.db.run(end).await.unwrap();
    enter(&scene, &ada, kept(&here)).await;
    assert_eq!(scene.count(TOLD).await, 4);
}

async fn so_many_are_known_and_for_so_long(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let first = kept(&enter(&scene, &ada, None).await);
    scene.wait(FIRST_DAY);
    let second = kept(&enter(&scene, &ada, None).await);
    for _ in 2..MOST {
        scene.wait(IDLE);
        enter(&scene, &ada, None).await;
    }
    enter(&scene, &ada, first).await;
    assert_eq!((scene.count(KNOWN).await, scene.count(TOLD).await), (MOST, MOST - 1));
    scene.wait(IDLE);
    enter(&scene, &ada, None).await;
    assert_eq!(scene.count(KNOWN).await, MOST, "one gave way");
    enter(&scene, &ada, first).await;
    assert_eq!(scene.count(TOLD).await, MOST, "not the oldest that is used");
    enter(&scene, &ada, second).await;
    assert_eq!(scene.count(TOLD).await, MOST + 1, "but the one that was not used for longest");
    scene.wait(BROWSER_LASTS);
    prune(&scene.app, ALL, &CancellationToken::new()).await.unwrap();
    assert_eq!(scene.count(KNOWN).await, 3, "those that were used just then");
    scene.wait(SignedDuration::from_micros(1));
    prune(&scene.app, ALL, &CancellationToken::new()).await.unwrap();
    assert_eq!(scene.count(KNOWN).await, 0);
    enter(&scene, &ada, None).await;
    assert_eq!(scene.count(TOLD).await, MOST + 2, "the only one may be anybody's, once the first day is over");
}

async fn what_a_browser_is_known_by_opens_nothing(test: TestDb) {
    let scene = Scene::new(test);
    let signed_in = enter(&scene, &scene.person("ada").await, None).await;
    let kept = signed_in.browser.unwrap();
    assert_eq!(TokenKind::of(kept.reveal()), Some(TokenKind::Browser));
    assert!(authenticate(&scene.app, &Credential::new(kept.reveal(), None)).await.is_err());
    assert!(authenticate(&scene.app, &Credential::new(signed_in.token.reveal(), None)).await.is_ok());
}
