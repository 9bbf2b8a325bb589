//! Everything that the service does in a unit of work, each made ready to be done.

pub mod cases;
pub mod doors;
pub mod http;
pub mod jobs;
pub mod mailed;
pub mod members;
pub mod owners;
pub mod passkeys;
pub mod recovery_users;
pub mod redemption;
pub mod settings;
pub mod sign_on;
pub mod themselves;
pub mod tree;
pub mod webhooks;

use std::{future::Future, pin::Pin};

use quorate::{
    app::{
        app::App,
        error::Error,
        idempotent::{key, once},
    },
    store::{db::Unit, idempotency::Key},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::harness::world::{OPERATOR, World};

pub type Doing = Pin<Box<dyn Future<Output = Result<String, Error>> + Send>>;
/// Does it once; what the caller was told, where that must not change.
pub type Attempt = Box<dyn Fn(App) -> Doing + Send + Sync>;
type Preparing<'w> = Pin<Box<dyn Future<Output = Attempt> + Send + 'w>>;

/// Something that the service does.
pub struct Trial {
    pub name: &'static str,
    pub again: Again,
    pub prepare: for<'w> fn(&'w World) -> Preparing<'w>,
}

/// What doing it once more does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Nothing; it may be refused.
    Nothing,
    /// Nothing, and the answer is the same: it carries an idempotency key.
    Answers,
    /// It is one more, such as one more code.
    OneMore,
    /// It consists of several units of work, and the second time does what the first has left.
    TheRest,
    /// The same, once what was claimed may be claimed again.
    Later,
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Trial> {
    [
        cases::TRIALS,
        members::TRIALS,
        owners::TRIALS,
        settings::TRIALS,
        doors::TRIALS,
        themselves::TRIALS,
        passkeys::TRIALS,
        sign_on::TRIALS,
        recovery_users::TRIALS,
        redemption::TRIALS,
        tree::TRIALS,
        webhooks::TRIALS,
        jobs::TRIALS,
        mailed::TRIALS,
    ]
    .into_iter()
    .flatten()
}

/// A unit of work.
pub fn unit<U: Unit<Error = Error>>(make: impl Fn(App) -> U + Send + Sync + 'static) -> Attempt {
    Box::new(move |app| {
        let unit = make(app.clone());
        Box::pin(async move { app.db.run(unit).await.map(|_| String::new()) })
    })
}

/// A unit of work under an idempotency key.
pub fn keyed<U>(make: impl Fn(App) -> U + Send + Sync + 'static) -> Attempt
where
    U: Unit<Error = Error>,
    U::Out: Serialize + DeserializeOwned + Sync,
{
    Box::new(move |app| {
        let unit = make(app.clone());
        Box::pin(async move { once(&app, Some(the_key()), unit).await.map(|out| serde_json::to_string(&out).unwrap()) })
    })
}

/// Whatever a use case does besides one unit of work.
pub fn several<F>(run: impl Fn(App) -> F + Send + Sync + 'static) -> Attempt
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    Box::new(move |app| {
        let doing = run(app);
        Box::pin(async move { doing.await.map(|()| String::new()) })
    })
}

pub fn the_key() -> Key {
    key(&OPERATOR, "the-key", &[b"the request"]).unwrap()
}
