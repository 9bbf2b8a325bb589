//! Operator and platform tokens: made by operators, limited to their scopes, gone once revoked.

use quorate::{
    app::{
        authenticate::{Credential, authenticate},
        error::{Access, Error},
        principal::{Principal, Scope},
        tokens::{CreateToken, Created, RevokeToken, list},
    },
    id::UserId,
    store::tokens::Power,
};

use super::scene::{OPERATOR, Scene};
use crate::harness::{TestDb, on_both};

on_both!(a_token_works_until_it_is_revoked, only_operators_make_tokens, acting_for_a_person_takes_the_scope);

async fn create(scene: &Scene, principal: Principal, name: &str, power: Power) -> Result<Created, Error> {
    let (app, name) = (scene.app.clone(), name.to_owned());
    scene.app.db.run(CreateToken { app, principal, name, power }).await
}

async fn a_token_works_until_it_is_revoked(test: TestDb) {
    let scene = Scene::new(test);
    let operator = create(&scene, OPERATOR, "operations", Power::Operator).await.unwrap();
    let caller = authenticate(&scene.app, &Credential::new(operator.secret.reveal(), None)).await.unwrap();
    assert_eq!(caller, Principal::Operator { token: Some(operator.token.id) });
    let power = Power::Platform([Scope::Read, Scope::AccountsCreate].into());
    let platform = create(&scene, caller.clone(), " product ", power.clone()).await.unwrap();
    assert_eq!(platform.token.name, "product");

    let listed = list(&scene.app, &caller, None, 10).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.contains(&platform.token));
    assert_eq!(list(&scene.app, &caller, listed.first().map(|token| token.id), 10).await.unwrap().len(), 1);

    let revoke = || RevokeToken { app: scene.app.clone(), principal: caller.clone(), token: platform.token.id };
    assert!(authenticate(&scene.app, &Credential::new(platform.secret.reveal(), None)).await.is_ok());
    scene.app.db.run(revoke()).await.unwrap();
    scene.app.db.run(revoke()).await.unwrap();
    let refused = authenticate(&scene.app, &Credential::new(platform.secret.reveal(), None)).await.unwrap_err();
    assert!(matches!(refused, Error::Access(Access::Unauthenticated)), "{refused}");
}

async fn only_operators_make_tokens(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.caller(&scene.person("ada").await).await;
    let power = Power::Platform(Scope::ALL.into());
    let platform = create(&scene, OPERATOR, "product", power.clone()).await.unwrap();
    let platform_caller = authenticate(&scene.app, &Credential::new(platform.secret.reveal(), None)).await.unwrap();
    for other in [ada, platform_caller] {
        let revoke = RevokeToken { app: scene.app.clone(), principal: other.clone(), token: platform.token.id };
        for refused in [
            create(&scene, other.clone(), "mine", power.clone()).await.map(drop),
            scene.app.db.run(revoke).await,
            list(&scene.app, &other, None, 10).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::Access(Access::OperatorsOnly))), "{refused:?}");
        }
    }
    for (name, power) in [("", Power::Operator), ("two\nlines", Power::Operator), ("none", Power::Platform([].into()))]
    {
        assert!(matches!(create(&scene, OPERATOR, name, power).await, Err(Error::Invalid(_))), "{name}");
    }
}

async fn acting_for_a_person_takes_the_scope(test: TestDb) {
    let scene = Scene::new(test);
    let email = scene.person("ada").await;
    let ada = scene.id_of(&email).await;
    let nobody: UserId = scene.app.id();
    let acting = create(&scene, OPERATOR, "acting", Power::Platform([Scope::ActFor].into())).await.unwrap();
    let reading = create(&scene, OPERATOR, "reading", Power::Platform([Scope::Read].into())).await.unwrap();
    let operator = create(&scene, OPERATOR, "operator", Power::Operator).await.unwrap();
    let session = scene.sign_in(&email).await;

    let caller = authenticate(&scene.app, &Credential::new(acting.secret.reveal(), Some(ada))).await.unwrap();
    assert!(matches!(caller, Principal::Platform { on_behalf_of: Some(user), .. } if user == ada));
    let refused = authenticate(&scene.app, &Credential::new(acting.secret.reveal(), Some(nobody))).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound), "{refused}");
    for secret in [&reading.secret, &operator.secret, &session.token] {
        for person in [ada, nobody] {
            let refused = authenticate(&scene.app, &Credential::new(secret.reveal(), Some(person))).await.unwrap_err();
            assert!(matches!(refused, Error::Access(Access::NeedsScope { scope: "act_for" })), "{refused}");
        }
    }
}
