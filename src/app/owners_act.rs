//! How an owner's act on the policy begins, which nobody else has a say in: the account is locked, and whoever asks is an owner who has
//! just shown that it is them.

use super::{
    app::App,
    error::{Access, Error},
    here::Here,
    principal::Principal,
};
use crate::{
    id::{AccountId, UserId},
    ownership::{account::Use, rights::Rights},
    recovery::proof::FreshProof,
    store::tx::Tx,
};

/// An account under its lock, and the owner who acts in it.
pub struct OwnersAct<'t> {
    /// The account.
    pub here: Here<'t>,
    /// The owner.
    pub owner: UserId,
    /// What they may do: everything.
    pub rights: Rights,
    /// The proof that it is them.
    pub proof: FreshProof,
}

/// Locks the account for an owner's act on how it is arranged. `version` is the one that they have read, if they care.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not know of the account; why it is refused.
pub async fn enter<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    account: AccountId,
    principal: &Principal,
    version: Option<i64>,
) -> Result<OwnersAct<'t>, Error> {
    let owner = principal.person_in(account)?;
    let mut here = Here::enter(tx, app, account).await?;
    let rights = here.rights(principal).await?;
    rights.require_owner()?;
    let proof = here.fresh_proof(principal).await?;
    here.account.status.allows(Use::Arrange)?;
    if version.is_some_and(|version| version != here.account.version) {
        return Err(Access::Changed.into());
    }
    Ok(OwnersAct { here, owner, rights, proof })
}
