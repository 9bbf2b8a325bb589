//! What creating calls answer with, read in the transaction of the effect so that it can be kept for repeats.

use serde::Serialize;

use super::{
    add_recovery_user::AddRecoveryUser,
    create_account::CreateAccount,
    error::Error,
    idempotent,
    invite::Invite,
    offer_transfer::OfferTransfer,
    open_case::OpenCase,
    principal::Principal,
    view::{
        account::{AccountRef, AccountView},
        case,
        member::MemberView,
        recovery_users::RecoveryUserView,
        transfer::transfer_view,
    },
};
use crate::store::{db::Unit, error::DbError, idempotency::Key, tx::Tx};

/// The JSON that a creating call answers with.
pub type Answer = serde_json::Value;

/// A unit of work that creates something, and says what its caller is told.
pub trait Creates: Unit<Error = Error> {
    /// What the caller is told.
    fn answer(&self, tx: &mut Tx, out: Self::Out) -> impl Future<Output = Result<Answer, Error>> + Send;
}

/// A creating unit of work, with what its caller is told as its outcome.
pub struct Answering<U>(pub U);

impl<U: Creates> Unit for Answering<U> {
    type Out = Answer;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Answer, Error> {
        let out = self.0.run(tx).await?;
        self.0.answer(tx, out).await
    }
}

/// Binds a caller's idempotency key, if they sent one, to the request that it came with.
///
/// # Errors
/// When the key is none.
pub fn key_for<T: Serialize>(
    principal: &Principal,
    key: Option<&str>,
    what: &str,
    request: &T,
) -> Result<Option<Key>, Error> {
    let request = serde_json::to_vec(request).unwrap_or_default();
    key.map(|key| idempotent::key(principal, key, &[what.as_bytes(), &request])).transpose()
}

fn json<T: Serialize>(view: &T) -> Result<Answer, Error> {
    serde_json::to_value(view).map_err(|_| DbError::corrupt("idempotency", "answer").into())
}

impl Creates for CreateAccount {
    async fn answer(&self, _tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        let customers = out.first_child.map(|id| AccountRef { id }).into_iter().collect();
        json(&AccountView { customers, ..AccountView::from(&out.account) })
    }
}

impl Creates for Invite {
    async fn answer(&self, _tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        json(&MemberView::from(&out))
    }
}

impl Creates for AddRecoveryUser {
    async fn answer(&self, _tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        json(&RecoveryUserView::of(&out, 0))
    }
}

impl Creates for OfferTransfer {
    async fn answer(&self, tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        json(&transfer_view(tx, out.id, out.offered_at).await?)
    }
}

impl Creates for OpenCase {
    async fn answer(&self, tx: &mut Tx, out: Self::Out) -> Result<Answer, Error> {
        json(&case::opened(tx, out.id()).await?)
    }
}
