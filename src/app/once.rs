//! Idempotency keys: the same call sent again has one effect and gets the same answer.
//!
//! The key is claimed in the transaction of the effect, and the answer is kept with it. An answer that held a secret is
//! not kept: its repeat is told so, and never gets the secret.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    app::App,
    create_account::CreateAccount,
    error::{Access, Error},
    invite::Invite,
    open_case::OpenCase,
    principal::Principal,
    view::{account::AccountView, case, member::MemberView},
};
use crate::store::{
    db::Unit,
    error::DbError,
    idempotency::{self, Claim, Key},
    tx::Tx,
};

/// The JSON that a creating call answers with.
pub type Answer = serde_json::Value;

/// A unit of work that creates something, and says what its caller is told.
pub trait Creates: Unit<Error = Error> {
    /// The service.
    fn app(&self) -> &App;

    /// What the caller is told, read in the same transaction.
    fn answer(&self, tx: &mut Tx, out: Self::Out) -> impl Future<Output = Result<Answer, Error>> + Send;
}

/// A caller's key for one request, if they sent one.
#[derive(Debug, Clone)]
pub struct Once(Option<Key>);

/// Binds a caller's key to the request that it came with.
#[must_use]
pub fn once<T: Serialize>(principal: &Principal, key: Option<String>, what: &str, request: &T) -> Once {
    Once(key.map(|key| {
        let request = serde_json::to_vec(request).unwrap_or_default();
        let fingerprint = Sha256::new().chain_update(what).chain_update([0]).chain_update(request).finalize().into();
        Key { principal: principal.key(), key, fingerprint }
    }))
}

impl Once {
    /// The unit of work, done once for this key.
    pub fn of<U: Creates>(self, unit: U) -> OnceOnly<U> {
        OnceOnly { unit, key: self.0 }
    }
}

/// A unit of work that is done once for its key.
pub struct OnceOnly<U> {
    unit: U,
    key: Option<Key>,
}

impl<U: Creates> Unit for OnceOnly<U> {
    type Out = Answer;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Answer, Error> {
        if let Some(key) = &self.key {
            match idempotency::claim(tx, key, self.unit.app().now()).await? {
                Claim::First => {}
                Claim::OtherRequest => return Err(Access::KeyReused.into()),
                Claim::Answered(None) => return Err(Access::AlreadyIssued.into()),
                Claim::Answered(Some(kept)) => {
                    return serde_json::from_str(&kept).map_err(|_| DbError::corrupt("idempotency", &key.key).into());
                }
            }
        }
        let out = self.unit.run(tx).await?;
        let answer = self.unit.answer(tx, out).await?;
        if let Some(key) = &self.key {
            idempotency::answer(tx, key, answer.to_string()).await?;
        }
        Ok(answer)
    }
}

fn json<T: Serialize>(view: &T) -> Result<Answer, Error> {
    serde_json::to_value(view).map_err(|_| DbError::corrupt("idempotency", "answer").into())
}

impl Creates for CreateAccount {
    fn app(&self) -> &App {
        &self.app
    }

    async fn answer(&self, _tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        json(&AccountView::from(&out))
    }
}

impl Creates for Invite {
    fn app(&self) -> &App {
        &self.app
    }

    async fn answer(&self, _tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        json(&MemberView::from(&out))
    }
}

impl Creates for OpenCase {
    fn app(&self) -> &App {
        &self.app
    }

    async fn answer(&self, tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        json(&case::opened(tx, out.id()).await?)
    }
}
