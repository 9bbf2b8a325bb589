//! Owners grant and revoke ownership, and the primary owner passes that on.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    app::App,
    cancel_policy,
    error::Error,
    here::Here,
    invite::role_of,
    primary,
    principal::Principal,
    tell_case::{account_facts, named},
    tell_roster::who,
    transfers,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, UserId},
    mail::{facts::NewOwnership, message::Message},
    ownership::owner::{self, Outcome},
    store::{
        db::Unit,
        members::{self, Stored},
        tx::Tx,
    },
};

/// What an owner asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// That the member becomes owner.
    Grant,
    /// That the member stops being owner.
    Revoke,
    /// That the member, an owner, becomes the primary one.
    MakePrimary,
}

/// Granting or revoking ownership, or passing on the first place among owners.
pub struct ChangeOwners {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Whose ownership.
    pub user: UserId,
    /// What is asked.
    pub asked: Asked,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for ChangeOwners {
    type Out = Outcome;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Outcome, Error> {
        let actor = self.principal.person_in(self.account)?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let here = &mut here;
        let rights = here.rights(&self.principal).await?;
        rights.require_owner()?;
        let proof = here.fresh_proof(&self.principal).await?;
        let stored = members::find(here.tx, here.account.id, self.user).await?.ok_or(Error::NotFound)?;
        let owners = here.owner_members();
        let around = here.around(&owners).await?;
        let outcome = match self.asked {
            Asked::Grant => {
                let preset = here.preset()?;
                let role = role_of(preset, "/user", &stored.member.role)?;
                owner::grant(&rights, proof, &stored.member, role, around)?
            }
            Asked::Revoke => owner::revoke(&rights, proof, self.user, around)?,
            Asked::MakePrimary => {
                owner::pass_primary(&rights, proof, actor, here.account.primary_owner, self.user, around)?
            }
        };
        match outcome {
            Outcome::AlreadySo => {}
            Outcome::Changed => self.save(here, stored).await?,
        }
        Ok(outcome)
    }
}

impl ChangeOwners {
    async fn save(&self, here: &mut Here<'_>, stored: Stored) -> Result<(), Error> {
        // Whoever loses ownership is told together with those who keep it, so the list is the one from before.
        let mut readers = here.key_people.clone();
        readers.retain(|person| person.member.owner);
        let one = BTreeSet::from([self.user]);
        let (kind, added, removed) = match self.asked {
            Asked::Grant => ("owner.granted", one, BTreeSet::new()),
            Asked::Revoke => ("owner.revoked", BTreeSet::new(), one),
            Asked::MakePrimary => ("owner.primary_passed", BTreeSet::new(), BTreeSet::new()),
        };
        let became_primary = match self.asked {
            Asked::Grant | Asked::Revoke => {
                let mut member = stored.member.clone();
                member.owner = self.asked == Asked::Grant;
                members::save(here.tx, here.account.id, &member).await?;
                here.look_again().await?;
                primary::follow(here, owner::primary).await?
            }
            Asked::MakePrimary => primary::follow(here, |_, _, _| Some(self.user)).await?,
        };
        let mut draft = Draft::new(kind, self.principal.actor()).user(self.user);
        if self.asked != Asked::MakePrimary {
            draft = draft.owners(added.clone(), removed.clone());
        }
        if let Some(primary) = became_primary {
            draft = draft.with("primary", json!(primary));
        }
        here.record(draft).await?;
        self.tell(here, &readers, became_primary).await?;
        if self.asked == Asked::Grant {
            let by = named(here, self.principal.person_in(self.account)?).await?;
            let how = NewOwnership::Granted { by };
            let message = Message::NewOwnerWelcome { account: account_facts(here), how, at: here.now, enrol: None };
            here.mail(&stored.contact(), &message).await?;
        }
        // An offer by somebody who owns the account no longer, or to somebody who owns it already, is none any more.
        transfers::settle(here, self.principal.actor()).await?;
        cancel_policy::settle(here, self.principal.actor()).await
    }

    async fn tell(&self, here: &mut Here<'_>, readers: &[Stored], primary: Option<UserId>) -> Result<(), Error> {
        let person = named(here, self.user).await?;
        let by = who(here, &self.principal, self.user).await?;
        let primary = match primary {
            Some(primary) => Some(named(here, primary).await?),
            None => None,
        };
        let (added, removed) = match self.asked {
            Asked::Grant => (vec![person], vec![]),
            Asked::Revoke => (vec![], vec![person]),
            Asked::MakePrimary => (vec![], vec![]),
        };
        for reader in readers {
            let message = Message::OwnersChanged {
                account: account_facts(here),
                added: added.clone(),
                removed: removed.clone(),
                primary: primary.clone(),
                by: by.clone(),
                at: here.now,
            };
            here.mail(&reader.contact(), &message).await?;
        }
        Ok(())
    }
}
