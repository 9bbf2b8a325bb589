//! Owners grant and revoke ownership.

use std::collections::BTreeSet;

use super::{
    app::App,
    error::Error,
    here::Here,
    invite::role_of,
    principal::Principal,
    tell_case::{account_facts, named},
    tell_roster::who,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, UserId},
    mail::{facts::NewOwnership, message::Message},
    ownership::owner::{self, Around, Outcome},
    recovery::action::FreshProof,
    store::{db::Unit, docket, members, tx::Tx},
};

/// What an owner asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// That the member becomes owner.
    Grant,
    /// That the member stops being owner.
    Revoke,
}

/// Granting or revoking ownership.
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
        self.principal.person()?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let here = &mut here;
        let rights = here.rights(&self.principal).await?;
        let proof = FreshProof::of(self.principal.proven_at(), here.now)?;
        let stored = members::find(here.tx, here.account.id, self.user).await?.ok_or(Error::NotFound)?;
        let open_case = docket::open_of(here.tx, here.account.id).await?.first().copied();
        let owners = here.owner_members();
        let (allowed, status) = (here.account.policy.owners, here.account.status);
        let around = Around { owners: &owners, allowed, open_case, status };
        let outcome = match self.asked {
            Asked::Grant => {
                let preset = here.preset()?;
                let role = role_of(preset, "/user", &stored.member.role)?;
                owner::grant(&rights, proof, &stored.member, role, around)?
            }
            Asked::Revoke => owner::revoke(&rights, proof, self.user, around)?,
        };
        match outcome {
            Outcome::AlreadySo => Ok(outcome),
            Outcome::Changed => {
                self.save(here, stored).await?;
                Ok(outcome)
            }
        }
    }
}

impl ChangeOwners {
    async fn save(&self, here: &mut Here<'_>, stored: members::Stored) -> Result<(), Error> {
        let mut readers = here.key_people.clone();
        readers.retain(|person| person.member.owner);
        let mut member = stored.member.clone();
        let one = BTreeSet::from([self.user]);
        let (kind, added, removed) = match self.asked {
            Asked::Grant => ("owner.granted", one, BTreeSet::new()),
            Asked::Revoke => ("owner.revoked", BTreeSet::new(), one),
        };
        member.owner = !added.is_empty();
        members::save(here.tx, here.account.id, &member).await?;
        here.record(Draft::new(kind, self.principal.actor()).user(self.user).owners(added.clone(), removed.clone()))
            .await?;
        let person = named(here, self.user).await?;
        let by = who(here, &self.principal, self.user).await?;
        let (added, removed) = if added.is_empty() { (vec![], vec![person]) } else { (vec![person], vec![]) };
        for reader in readers {
            let message = Message::OwnersChanged {
                account: account_facts(here),
                added: added.clone(),
                removed: removed.clone(),
                by: by.clone(),
                at: here.now,
            };
            here.mail(&reader.contact(), &message).await?;
        }
        if self.asked == Asked::Grant {
            let by = named(here, self.principal.person()?).await?;
            let how = NewOwnership::Granted { by };
            let message = Message::NewOwnerWelcome { account: account_facts(here), how, at: here.now };
            here.mail(&stored.contact(), &message).await?;
        }
        Ok(())
    }
}
