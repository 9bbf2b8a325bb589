//! A change of the policy takes effect, because its time has come.

use jiff::SignedDuration;

use super::{
    app::App,
    error::Error,
    here::Here,
    policy_ground::Ground,
    record::policy_entry,
    tell_policy::{self, News},
};
use crate::{
    id::AccountId,
    mail::facts::PolicyEvent,
    moment::Moment,
    ownership::{
        actor::Actor,
        policy_change::{NotYet, Pending, take_effect},
    },
    store::{accounts, db::Unit, policies, tx::Tx},
};

/// While a case is open, a change that is due is looked at so often.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// And so often while it does not fit the account. An owner has to do something about that.
const LOOK_RARELY: SignedDuration = SignedDuration::from_hours(1);

/// What became of a change that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// It is in force.
    TookEffect,
    /// It goes on waiting, and is looked at again then.
    Waits {
        /// When.
        until: Moment,
    },
    /// Nothing waits any more.
    Gone,
}

/// Looks at the change that waits in an account.
///
/// # Errors
/// When the database fails; the change then waits on, and the next sweep tries again.
pub async fn look(app: &App, account: AccountId) -> Result<Looked, Error> {
    app.db.run(TakeEffect { app: app.clone(), account }).await
}

struct TakeEffect {
    app: App,
    account: AccountId,
}

impl Unit for TakeEffect {
    type Out = Looked;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Looked, Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let ground = Ground::load(here.tx, &here.account, &here.key_people, here.now).await?;
        // Read under the lock: of two replicas that saw it, the second finds nothing.
        let Some(pending) = &ground.pending else { return Ok(Looked::Gone) };
        let until = match take_effect(pending, ground.around(&here.account), here.now) {
            Ok(()) => {
                apply(&mut here, pending).await?;
                return Ok(Looked::TookEffect);
            }
            Err(NotYet::Before(moment)) => moment,
            Err(NotYet::CaseOpen(_)) => here.now.after(LOOK_AGAIN),
            Err(NotYet::Refused(_)) => here.now.after(LOOK_RARELY),
        };
        policies::put_off(here.tx, here.account.id, until).await?;
        Ok(Looked::Waits { until })
    }
}

async fn apply(here: &mut Here<'_>, pending: &Pending) -> Result<(), Error> {
    let old = here.account.policy.clone();
    policies::delete(here.tx, here.account.id).await?;
    here.account.policy.clone_from(&pending.policy);
    accounts::save_policy(here.tx, &mut here.account).await?;
    here.record(policy_entry("policy.changed", Actor::Service, &old, &pending.policy).user(pending.by)).await?;
    let event = PolicyEvent::TookEffect { proposed_at: pending.proposed_at };
    let news = News { event, by: Some(pending.by), old, new: pending.policy.clone(), replaces: false };
    tell_policy::tell(here, news).await
}
