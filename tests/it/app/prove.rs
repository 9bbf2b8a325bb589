//! Fresh proof by a mailed code: bound to the session that asked, and to its purpose.

use jiff::SignedDuration;
use quorate::{
    app::{
        error::{Access, Error},
        principal::Principal,
        prove::{ProofRequested, Prove, RequestProof},
        sessions::sign_out,
    },
    id::CodeId,
    mail::facts::ProofUse,
    moment::Moment,
    store::sessions,
};

use super::scene::{OPERATOR, Scene, wrong};
use crate::harness::{TestDb, on_both};

on_both!(
    a_proof_code_proves_once,
    a_code_has_one_purpose,
    a_proof_belongs_to_its_session,
    wrong_proofs_are_counted,
    only_people_with_a_session_prove,
);

async fn ask(scene: &Scene, principal: &Principal) -> Result<ProofRequested, Error> {
    let (app, principal, what) = (scene.app.clone(), principal.clone(), ProofUse::Veto);
    scene.app.db.run(RequestProof { app, principal, what }).await
}

/// Asks, and finds the one code that this session has.
async fn code(scene: &Scene, principal: &Principal) -> String {
    ask(scene, principal).await.unwrap();
    let mut tx = scene.app.db.read().await.unwrap();
    let code = tx.sql("select id from codes where session_id = $1").bind(principal.session().unwrap());
    scene.app.secret.code(code.scalar::<CodeId>().await.unwrap())
}

async fn prove(scene: &Scene, principal: &Principal, code: &str) -> Result<Moment, Error> {
    let (app, principal, code) = (scene.app.clone(), principal.clone(), code.to_owned());
    scene.app.db.run(Prove { app, principal, code }).await?.at()
}

fn assert_wrong(outcome: Result<Moment, Error>) {
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::Access(Access::WrongCode)), "{error}");
}

async fn proven_at(scene: &Scene, principal: &Principal) -> Option<Moment> {
    let mut tx = scene.app.db.read().await.unwrap();
    let sessions = sessions::of_user(&mut tx, principal.person_everywhere().unwrap(), scene.app.now()).await.unwrap();
    sessions.into_iter().find(|session| Some(session.id) == principal.session()).unwrap().proof.map(|proof| proof.at)
}

async fn a_proof_code_proves_once(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.caller(&scene.person("ada").await).await;
    assert_eq!(proven_at(&scene, &ada).await, None);
    let code = code(&scene, &ada).await;
    scene.wait(SignedDuration::from_mins(1));
    assert_eq!(prove(&scene, &ada, &code).await.unwrap(), scene.app.now());
    assert_eq!(proven_at(&scene, &ada).await, Some(scene.app.now()));
    assert_wrong(prove(&scene, &ada, &code).await);
}

async fn a_code_has_one_purpose(test: TestDb) {
    let scene = Scene::new(test);
    let email = scene.person("ada").await;
    let ada = scene.caller(&email).await;
    let proof = code(&scene, &ada).await;
    assert!(scene.confirm(&email, &proof, None).await.is_err());
    let request = scene.request(&email).await;
    assert_wrong(prove(&scene, &ada, &scene.app.secret.code(request)).await);
    prove(&scene, &ada, &proof).await.unwrap();
}

async fn a_proof_belongs_to_its_session(test: TestDb) {
    let scene = Scene::new(test);
    let email = scene.person("ada").await;
    let (here, there) = (scene.caller(&email).await, scene.caller(&email).await);
    let ben = scene.caller(&scene.person("ben").await).await;
    let code = code(&scene, &here).await;
    assert_wrong(prove(&scene, &there, &code).await);
    assert_wrong(prove(&scene, &ben, &code).await);
    prove(&scene, &here, &code).await.unwrap();
    assert_eq!(proven_at(&scene, &there).await, None);
}

async fn wrong_proofs_are_counted(test: TestDb) {
    let scene = Scene::new(test);
    let email = scene.person("ada").await;
    let (here, there) = (scene.caller(&email).await, scene.caller(&email).await);
    let first = code(&scene, &here).await;
    for _ in 0..5 {
        assert_wrong(prove(&scene, &here, &wrong(&first)).await);
    }
    assert_wrong(prove(&scene, &here, &first).await);
    for _ in 0..4 {
        assert!(matches!(ask(&scene, &here).await.unwrap(), ProofRequested::Mailed { .. }));
    }
    assert!(matches!(ask(&scene, &here).await.unwrap(), ProofRequested::UseEarlier { .. }));
    for _ in 0..5 {
        assert_wrong(prove(&scene, &here, &wrong(&first)).await);
    }
    let refused = ask(&scene, &here).await.unwrap_err();
    assert!(matches!(refused, Error::Access(Access::TooManyGuesses { .. })), "{refused}");
    // Whoever stole one session locks the others out of nothing.
    let code = code(&scene, &there).await;
    prove(&scene, &there, &code).await.unwrap();
}

async fn only_people_with_a_session_prove(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.caller(&scene.person("ada").await).await;
    let refused = ask(&scene, &OPERATOR).await.unwrap_err();
    assert!(matches!(refused, Error::Access(Access::PeopleOnly)), "{refused}");
    let by_link =
        Principal::Person { user: ada.person_everywhere().unwrap(), session: None, within: None, proof: None };
    let refused = ask(&scene, &by_link).await.unwrap_err();
    assert!(matches!(refused, Error::Access(Access::Unauthenticated)), "{refused}");
    let code = code(&scene, &ada).await;
    sign_out(&scene.app, ada.clone()).await.unwrap();
    let refused = prove(&scene, &ada, &code).await.unwrap_err();
    assert!(matches!(refused, Error::Access(Access::Unauthenticated)), "{refused}");
}
