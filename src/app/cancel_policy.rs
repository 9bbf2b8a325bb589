//! A change of the policy that waits is cancelled: by an owner, or because whoever wanted it owns the account no longer.

use super::{
    app::App,
    error::Error,
    here::Here,
    owners_act::{self, OwnersAct},
    principal::Principal,
    record::policy_entry,
    tell_policy::{self, News},
};
use crate::{
    id::{AccountId, UserId},
    mail::facts::PolicyEvent,
    ownership::{
        actor::Actor,
        policy_change::{Pending, cancel},
    },
    store::{accounts, db::Unit, policies, tx::Tx},
};

/// Cancelling the change that waits.
pub struct CancelPolicy {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The version of the account that the owner has read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for CancelPolicy {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, self.version).await?;
        let OwnersAct { mut here, owner, rights, proof } = act;
        let pending = policies::pending(here.tx, here.account.id).await?;
        cancel(&rights, proof, pending.as_ref())?;
        match pending {
            Some(pending) => end(&mut here, pending, self.principal.actor(), Some(owner)).await,
            None => Ok(()),
        }
    }
}

/// The account has other owners, by what `actor` did: a change that does not stand any more is cancelled.
///
/// # Errors
/// When the database fails.
pub(super) async fn settle(here: &mut Here<'_>, actor: Actor) -> Result<(), Error> {
    match policies::pending(here.tx, here.account.id).await? {
        Some(pending) if !pending.stands(&here.owners()) => end(here, pending, actor, None).await,
        Some(_) | None => Ok(()),
    }
}

async fn end(here: &mut Here<'_>, pending: Pending, actor: Actor, by: Option<UserId>) -> Result<(), Error> {
    policies::delete(here.tx, here.account.id).await?;
    accounts::touch(here.tx, &mut here.account).await?;
    let old = here.account.policy.clone();
    here.record(policy_entry("policy.change_cancelled", actor, &old, &pending.policy).user(pending.by)).await?;
    let news = News { event: PolicyEvent::Cancelled, by, old, new: pending.policy, replaces: false };
    tell_policy::tell(here, news).await
}
