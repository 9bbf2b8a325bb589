//! Action links: re-issued ones replace the earlier, each dies once.

use quorate::{
    activity::chain::Head,
    app::{app::App, error::Error},
    id::{AccountId, ChangeId, LinkId, UserId},
    ownership::account::Status,
    store::{
        accounts::{self, Account},
        db::Unit,
        links::{self, Link, Purpose},
        tx::Tx,
    },
};
use tokio::task::JoinSet;

use super::scene::Scene;
use crate::harness::{TestDb, on_both, presets};

on_both!(a_new_link_replaces_the_earlier, a_link_dies_once);

struct NewAccount(App, AccountId);

impl Unit for NewAccount {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let presets = presets();
        let preset = presets.get("single-owner")?;
        let account = Account {
            id: self.1,
            name: "Example".to_owned(),
            preset: "single-owner".to_owned(),
            policy: preset.policy.clone(),
            status: Status::Active,
            parent: None,
            depth: 0,
            reference: None,
            primary_owner: None,
            created_at: self.0.now(),
            version: 1,
            head: Head::START,
        };
        Ok(accounts::insert(tx, &account).await?)
    }
}

struct NewLink(Link);

impl Unit for NewLink {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        Ok(links::create(tx, &self.0).await?)
    }
}

struct Kill(App, LinkId);

impl Unit for Kill {
    type Out = bool;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<bool, Error> {
        Ok(links::kill(tx, self.1, self.0.now()).await?)
    }
}

async fn link(scene: &Scene, purpose: Purpose, user: UserId, account: AccountId, change: Option<ChangeId>) -> LinkId {
    let (id, created_at) = (scene.app.id(), scene.app.now());
    let link = Link { id, purpose, user, account, case: None, change, transfer: None, created_at, dead_at: None };
    scene.app.db.run(NewLink(link.clone())).await.unwrap();
    assert_eq!(links::find(&mut scene.app.db.read().await.unwrap(), id).await.unwrap(), Some(link));
    id
}

async fn alive(scene: &Scene, link: LinkId) -> bool {
    let found = links::find(&mut scene.app.db.read().await.unwrap(), link).await.unwrap();
    found.unwrap().dead_at.is_none()
}

async fn account(scene: &Scene) -> AccountId {
    let id = scene.app.id();
    scene.app.db.run(NewAccount(scene.app.clone(), id)).await.unwrap();
    id
}

async fn a_new_link_replaces_the_earlier(test: TestDb) {
    let scene = Scene::new(test);
    let (ada, ben) = (scene.person("ada").await, scene.person("ben").await);
    let (ada, ben) = (scene.id_of(&ada).await, scene.id_of(&ben).await);
    let (here, there) = (account(&scene).await, account(&scene).await);
    let (one, other): (ChangeId, ChangeId) = (scene.app.id(), scene.app.id());

    let first = link(&scene, Purpose::Contest, ada, here, Some(one)).await;
    let untouched = [
        link(&scene, Purpose::Contest, ada, here, Some(other)).await,
        link(&scene, Purpose::Contest, ben, here, Some(one)).await,
        link(&scene, Purpose::Contest, ada, there, Some(one)).await,
        link(&scene, Purpose::Accept, ada, here, None).await,
        link(&scene, Purpose::Disown, ada, here, None).await,
    ];
    assert!(alive(&scene, first).await);
    let second = link(&scene, Purpose::Contest, ada, here, Some(one)).await;
    assert!(!alive(&scene, first).await);
    assert!(alive(&scene, second).await);
    link(&scene, Purpose::Disown, ada, here, None).await;
    for link in untouched {
        assert!(alive(&scene, link).await);
    }
}

async fn a_link_dies_once(test: TestDb) {
    let scene = Scene::new(test);
    let ada = scene.person("ada").await;
    let ada = scene.id_of(&ada).await;
    let here = account(&scene).await;
    let link = link(&scene, Purpose::Accept, ada, here, None).await;
    let mut kills = JoinSet::new();
    for _ in 0..16 {
        let app = scene.app.clone();
        kills.spawn(async move { app.db.run(Kill(app.clone(), link)).await.unwrap() });
    }
    assert_eq!(kills.join_all().await.into_iter().filter(|killed| *killed).count(), 1);
    assert!(!alive(&scene, link).await);
}
