//! A change of the policy that waits is cancelled: by an owner, or because a recovery has replaced the owner who wanted it.

use std::collections::BTreeSet;

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

/// A recovery has replaced these owners: what one of them wanted of the policy is not the new owner's will.
///
/// # Errors
/// When the database fails.
pub async fn of_replaced(here: &mut Here<'_>, replaced: &BTreeSet<UserId>) -> Result<(), Error> {
    match policies::pending(here.tx, here.account.id).await? {
        Some(pending) if replaced.contains(&pending.by) => end(here, pending, Actor::Service, None).await,
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
