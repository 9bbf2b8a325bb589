//! Invariant 17: no usable secret is in the database.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use quorate::{
    app::{
        password_sign_in::sign_in,
        principal::{Principal, Scope},
        prove::{Prove, RequestProof},
        set_password::set_password,
        tokens::CreateToken,
    },
    mail::facts::ProofUse,
    ownership::credential::Proof,
    password::typed::Password,
    secret::TokenHash,
    store::tokens::Power,
};

use super::{
    dump::dump,
    scene::{OPERATOR, Scene},
};
use crate::harness::{TestDb, on_both};

on_both!(no_code_and_no_token_is_stored);

async fn no_code_and_no_token_is_stored(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let request = scene.request(&ada).await;
    let code = scene.app.secret.code(request);
    let signed_in = scene.confirm(&ada, &code, Some(request)).await.unwrap();
    let caller = scene.caller(&ada).await;
    let proof = RequestProof { app: scene.app.clone(), principal: caller.clone(), what: ProofUse::Veto };
    scene.app.db.run(proof).await.unwrap();
    let power = Power::Platform([Scope::Read].into());
    let create = CreateToken { app: scene.app.clone(), principal: OPERATOR, name: "product".to_owned(), power };
    let created = scene.app.db.run(create).await.unwrap();

    let typed = "tractor-violet-armchair";
    let proofs = "select id from codes where purpose = 'proof'";
    let proof = scene.app.db.read().await.unwrap().sql(proofs).scalar().await.unwrap();
    let proof = scene.app.secret.code(proof);
    let prove = Prove { app: scene.app.clone(), principal: caller.clone(), code: proof.clone() };
    let proven = scene.app.db.run(prove).await.unwrap().at().unwrap();
    let (user, session) = (caller.person_everywhere().unwrap(), caller.session());
    let caller = Principal::Person { user, session, within: None, proof: Some(Proof::by_code(proven)) };
    set_password(&scene.app, caller, Password::typed(typed)).await.unwrap();
    let wrong = "tractor-violet-armband";
    sign_in(&scene.app, ada.clone(), Password::typed(wrong), None).await.unwrap_err();

    let everything = dump(&scene.test).await;
    let link = scene.app.secret.sign_in_proof(request);
    let mut secrets = vec![code, link, typed.to_owned(), wrong.to_owned()];
    assert!(everything.contains("$argon2id$"), "the dump does not show what the tables hold");
    secrets.push(proof);
    secrets.push(scene.app.secret.to_file().to_string());
    for token in [signed_in.token.reveal(), created.secret.reveal()] {
        // So that this test cannot pass on an empty text: the hash, which is no secret, is there.
        let hash = HEXLOWER.encode(TokenHash::of(token).as_bytes());
        assert!(everything.contains(&hash), "the dump does not show what the tables hold");
        let random = token.rsplit_once("quorate_").unwrap().1.split_once('_').unwrap().1;
        secrets.push(random.to_owned());
        secrets.push(HEXLOWER.encode(token.as_bytes()));
        secrets.push(HEXLOWER.encode(&BASE64URL_NOPAD.decode(random.as_bytes()).unwrap()));
    }
    for secret in secrets {
        assert!(!everything.contains(&secret), "`{secret}` is in the database");
        assert!(!everything.contains(&HEXLOWER.encode(secret.as_bytes())), "`{secret}` is in the database as bytes");
    }
}
