//! Sessions end: by themselves, by signing out, and by their person only.

use jiff::SignedDuration;
use quorate::{
    app::{
        authenticate::{Credential, authenticate},
        error::{Access, Error},
        me::me,
        sessions::{EndOtherSessions, EndSession, list, sign_out},
    },
    ownership::session::{IDLE, LASTS},
    secret::Token,
};

use super::scene::{OPERATOR, Scene};
use crate::harness::{TestDb, on_both};

on_both!(
    a_session_lasts_twelve_hours,
    a_session_that_nobody_uses_ends_early,
    a_page_that_asks_by_itself_keeps_none_alive,
    signing_out_ends_one_session,
    all_others_are_ended_at_once,
    a_session_is_ended_by_its_person_only,
);

async fn works(scene: &Scene, token: &Token) -> bool {
    match authenticate(&scene.app, &Credential::new(token.reveal(), None)).await {
        Ok(_) => true,
        Err(Error::Access(Access::Unauthenticated)) => false,
        Err(error) => panic!("{error}"),
    }
}

async fn a_session_lasts_twelve_hours(test: TestDb) {
    let scene = Scene::new(test);
    let signed_in = scene.sign_in(&scene.person("ada").await).await;
    // However much it is used.
    for _ in 0..11 {
        scene.wait(SignedDuration::from_hours(1));
        assert!(works(&scene, &signed_in.token).await);
    }
    scene.wait(SignedDuration::from_hours(1) - SignedDuration::from_micros(1));
    assert!(works(&scene, &signed_in.token).await);
    scene.wait(SignedDuration::from_micros(1));
    assert!(!works(&scene, &signed_in.token).await);
    for odd in ["", "quorate_session_", "quorate_token_", "Bearer x"] {
        assert!(authenticate(&scene.app, &Credential::new(odd, None)).await.is_err(), "{odd}");
    }
}

async fn a_session_that_nobody_uses_ends_early(test: TestDb) {
    let scene = Scene::new(test);
    let email = scene.person("ada").await;
    let (used, idle) = (scene.sign_in(&email).await, scene.sign_in(&email).await);
    scene.wait(SignedDuration::from_hours(1));
    assert!(works(&scene, &used.token).await);
    scene.wait(SignedDuration::from_hours(1) - SignedDuration::from_micros(1));
    assert!(works(&scene, &used.token).await);
    scene.wait(SignedDuration::from_micros(1));
    assert!(works(&scene, &used.token).await);
    assert!(!works(&scene, &idle.token).await, "it was not used for two hours");
    let caller = authenticate(&scene.app, &Credential::new(used.token.reveal(), None)).await.unwrap();
    let [session] = list(&scene.app, &caller).await.unwrap().try_into().unwrap();
    // Its last use but one was noted, a microsecond ago.
    assert_eq!(session.ends.idle, scene.app.now().before(SignedDuration::from_micros(1)).after(IDLE));
    assert_eq!(session.ends.latest, session.created_at.after(LASTS));
}

async fn a_page_that_asks_by_itself_keeps_none_alive(test: TestDb) {
    let scene = Scene::new(test);
    let signed_in = scene.sign_in(&scene.person("ada").await).await;
    scene.wait(SignedDuration::from_hours(1));
    let asked = Credential::new(signed_in.token.reveal(), None).asked_by_itself();
    assert!(authenticate(&scene.app, &asked).await.is_ok());
    scene.wait(SignedDuration::from_hours(1));
    assert!(!works(&scene, &signed_in.token).await);
}

async fn signing_out_ends_one_session(test: TestDb) {
    let scene = Scene::new(test);
    let email = scene.person("ada").await;
    let (here, there) = (scene.sign_in(&email).await, scene.sign_in(&email).await);
    let caller = authenticate(&scene.app, &Credential::new(here.token.reveal(), None)).await.unwrap();
    assert_eq!(me(&scene.app, &caller).await.unwrap().user.email, email);
    assert!(me(&scene.app, &OPERATOR).await.is_err());
    assert_eq!(list(&scene.app, &caller).await.unwrap().len(), 2);
    sign_out(&scene.app, caller.clone()).await.unwrap();
    assert!(!works(&scene, &here.token).await);
    assert!(works(&scene, &there.token).await);
    assert_eq!(list(&scene.app, &caller).await.unwrap().first().map(|session| session.id), Some(there.session));
}

async fn all_others_are_ended_at_once(test: TestDb) {
    let scene = Scene::new(test);
    let email = scene.person("ada").await;
    let (here, there) = (scene.sign_in(&email).await, scene.sign_in(&email).await);
    let ben = scene.sign_in(&scene.person("ben").await).await;
    let principal = authenticate(&scene.app, &Credential::new(here.token.reveal(), None)).await.unwrap();
    scene.app.db.run(EndOtherSessions { app: scene.app.clone(), principal }).await.unwrap();
    assert!(works(&scene, &here.token).await && !works(&scene, &there.token).await);
    assert!(works(&scene, &ben.token).await, "nobody else's end");
    let refused = scene.app.db.run(EndOtherSessions { app: scene.app.clone(), principal: OPERATOR }).await.unwrap_err();
    assert!(matches!(refused, Error::Access(Access::PeopleOnly)), "{refused}");
}

async fn a_session_is_ended_by_its_person_only(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.sign_in(&scene.person("ada").await).await;
    let ben = scene.caller(&scene.person("ben").await).await;
    let end = |principal| EndSession { app: scene.app.clone(), principal, session: ada.session };
    let refused = scene.app.db.run(end(ben)).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound), "{refused}");
    assert!(works(&scene, &ada.token).await);
    let caller = authenticate(&scene.app, &Credential::new(ada.token.reveal(), None)).await.unwrap();
    scene.app.db.run(end(caller.clone())).await.unwrap();
    scene.app.db.run(end(caller)).await.unwrap();
    assert!(!works(&scene, &ada.token).await);
}
