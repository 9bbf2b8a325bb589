//! Calls with an idempotency key: one effect, and the same answer to every repeat.
//!
//! The key is claimed in the transaction of the effect: both are saved, or neither. A call that failed leaves no trace,
//! so its repeat is a first call.

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{
    app::App,
    error::{Access, Error},
    principal::Principal,
};
use crate::store::{
    db::Unit,
    error::DbError,
    idempotency::{self, Claim, Key},
    tx::Tx,
};

/// The longest key.
const LONGEST: usize = 255;

/// A caller's key for one request. The parts are what tells this request from another: method, path, body.
///
/// # Errors
/// When the key is empty, too long, or has characters that a header cannot carry.
pub fn key(principal: &Principal, key: &str, parts: &[&[u8]]) -> Result<Key, Error> {
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(Error::invalid("", "the `Idempotency-Key` must have 1 to 255 plain characters, such as a UUID"));
    }
    let mut hasher = Sha256::new();
    for part in parts {
        // With its length, so that no two lists of parts look the same.
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    Ok(Key { principal: principal.key(), text: key.to_owned(), fingerprint: hasher.finalize().into() })
}

/// Runs a unit of work once per key; without a key, every time.
///
/// # Errors
/// Those of the unit, and [`Access::KeyReused`].
pub async fn once<U>(app: &App, key: Option<Key>, unit: U) -> Result<U::Out, Error>
where
    U: Unit<Error = Error>,
    U::Out: Serialize + DeserializeOwned + Sync,
{
    match key {
        Some(key) => app.db.run(Once { app: app.clone(), key, unit }).await,
        None => app.db.run(unit).await,
    }
}

/// The same for a unit whose answer holds a secret: that answer is not kept, and repeats are told so.
///
/// # Errors
/// Those of the unit, [`Access::KeyReused`] and [`Access::AlreadyIssued`].
pub async fn once_with_secret<U>(app: &App, key: Option<Key>, unit: U) -> Result<U::Out, Error>
where
    U: Unit<Error = Error>,
{
    match key {
        Some(key) => app.db.run(OnceWithSecret { app: app.clone(), key, unit }).await,
        None => app.db.run(unit).await,
    }
}

struct Once<U> {
    app: App,
    key: Key,
    unit: U,
}

impl<U> Unit for Once<U>
where
    U: Unit<Error = Error>,
    U::Out: Serialize + DeserializeOwned + Sync,
{
    type Out = U::Out;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<U::Out, Error> {
        let corrupt = |_| DbError::corrupt("idempotency", &self.key.text);
        match idempotency::claim(tx, &self.key, self.app.now()).await? {
            Claim::First => {
                let out = self.unit.run(tx).await?;
                idempotency::answer(tx, &self.key, serde_json::to_string(&out).map_err(corrupt)?).await?;
                Ok(out)
            }
            Claim::Answered(Some(answer)) => Ok(serde_json::from_str(&answer).map_err(corrupt)?),
            Claim::Answered(None) => Err(Access::AlreadyIssued.into()),
            Claim::OtherRequest => Err(Access::KeyReused.into()),
        }
    }
}

struct OnceWithSecret<U> {
    app: App,
    key: Key,
    unit: U,
}

impl<U: Unit<Error = Error>> Unit for OnceWithSecret<U> {
    type Out = U::Out;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<U::Out, Error> {
        match idempotency::claim(tx, &self.key, self.app.now()).await? {
            Claim::First => self.unit.run(tx).await,
            Claim::Answered(_) => Err(Access::AlreadyIssued.into()),
            Claim::OtherRequest => Err(Access::KeyReused.into()),
        }
    }
}
