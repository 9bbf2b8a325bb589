//! An owner edits the policy.

use super::{
    app::App,
    error::{Error, Invalid},
    here::Here,
    owners_act::{self, OwnersAct},
    policy_ground::Ground,
    principal::Principal,
    record::policy_entry,
    rights,
    tell_policy::{self, News},
};
use crate::{
    id::AccountId,
    mail::facts::PolicyEvent,
    ownership::policy_change::{self, Proposed, propose},
    recovery::policy::{OutOfBounds, Policy},
    store::{
        accounts::{self, Account},
        db::Unit,
        members, policies,
        tx::Tx,
    },
};

/// Editing the policy.
pub struct ProposePolicy {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The policy as it is to be.
    pub policy: Policy,
    /// The version of the account that the owner has read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for ProposePolicy {
    type Out = Proposed;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Proposed, Error> {
        let act = owners_act::enter(tx, &self.app, self.account, &self.principal, self.version).await?;
        let OwnersAct { mut here, owner, rights, proof } = act;
        let here = &mut here;
        in_bounds(&self.policy)?;
        let ground = Ground::load(here.tx, &here.account, &here.key_people, here.now).await?;
        let proposed = propose(&rights, proof, owner, &self.policy, ground.around(&here.account), here.now)?;
        let event = match &proposed {
            Proposed::Unchanged => return Ok(proposed),
            Proposed::AtOnce => PolicyEvent::Changed,
            Proposed::Later { pending, because } => {
                let waits_for = because.iter().copied().map(Into::into).collect();
                PolicyEvent::Proposed { effective_at: pending.effective_at, waits_for }
            }
        };
        self.save(here, &proposed, event).await?;
        Ok(proposed)
    }
}

impl ProposePolicy {
    async fn save(&self, here: &mut Here<'_>, proposed: &Proposed, event: PolicyEvent) -> Result<(), Error> {
        let old = here.account.policy.clone();
        let replaces = policies::delete(here.tx, here.account.id).await?;
        let kind = match proposed {
            Proposed::Unchanged => return Ok(()),
            Proposed::AtOnce => {
                here.account.policy.clone_from(&self.policy);
                accounts::save_policy(here.tx, &mut here.account).await?;
                "policy.changed"
            }
            Proposed::Later { pending, .. } => {
                policies::insert(here.tx, here.account.id, pending).await?;
                accounts::touch(here.tx, &mut here.account).await?;
                "policy.change_proposed"
            }
        };
        let mut entry = policy_entry(kind, self.principal.actor(), &old, &self.policy).with("replaces", replaces);
        if let Proposed::Later { pending, .. } = proposed {
            entry = entry.with("effective_at", pending.effective_at.to_string());
        }
        here.record(entry).await?;
        let by = Some(self.principal.person_in(self.account)?);
        tell_policy::tell(here, News { event, by, old, new: self.policy.clone(), replaces }).await
    }
}

/// What a proposal would become now, and under which policy. Nothing is proposed.
///
/// # Errors
/// Why it would be refused, the want of fresh proof left out.
pub async fn preview(asked: &ProposePolicy) -> Result<(Account, Proposed), Error> {
    let owner = asked.principal.person_in(asked.account)?;
    let (app, now) = (&asked.app, asked.app.now());
    let mut tx = app.db.snapshot().await?;
    let account = accounts::find(&mut tx, asked.account).await?.ok_or(Error::NotFound)?;
    let rights = rights::rights(&mut tx, &asked.principal, account.id, app.preset_of(&account)?).await?;
    rights.require_owner()?;
    in_bounds(&asked.policy)?;
    let key_people = members::key_people(&mut tx, account.id).await?;
    let ground = Ground::load(&mut tx, &account, &key_people, now).await?;
    let proposed = policy_change::preview(&rights, owner, &asked.policy, ground.around(&account), now)?;
    Ok((account, proposed))
}

/// Checks every field, and tells of all that are wrong at once.
fn in_bounds(policy: &Policy) -> Result<(), Error> {
    policy.check().map_err(|problems| {
        let problem = |wrong: OutOfBounds| Invalid { pointer: format!("/{}", wrong.field), detail: wrong.to_string() };
        Error::Invalid(problems.into_iter().map(problem).collect())
    })
}
