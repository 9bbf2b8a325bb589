//! Somebody who may lets people join by the domain of their address, in a role of their choice, and stops that again.

use super::{
    app::App,
    error::Error,
    invite::role_of,
    principal::Principal,
    settings_act::{self, SettingsAct},
    tell_domains,
};
use crate::{
    activity::entry::Draft,
    id::AccountId,
    mail::facts::DomainEvent,
    ownership::{
        refusal::Refusal,
        settings::{Domain, JoinDomain, MOST_DOMAINS, with_domain},
    },
    store::{accounts, db::Unit, domains, sessions, tx::Tx},
};

/// Letting people join by a domain, or having those who join by it get another role.
pub struct PutDomain {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The domain, as typed.
    pub domain: String,
    /// The name of the role that joiners get.
    pub role: String,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for PutDomain {
    type Out = JoinDomain;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<JoinDomain, Error> {
        let act = settings_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let SettingsAct { mut here, person, rights } = act;
        let preset = here.preset()?;
        let domain: Domain = self.domain.parse()?;
        let role = role_of(preset, "/role", &self.role)?;
        // Whoever joins is let in as if by an invitation.
        rights.may_give(role)?;
        let fresh = with_domain(domain, role)?;
        let title = role.title.clone();
        let known = domains::list(here.tx, self.account).await?;
        let before = known.iter().find(|join| join.domain == fresh.domain);
        let (kind, event, join) = match before {
            Some(before) if before.role == fresh.role => return Ok(before.clone()),
            Some(before) => {
                let join = JoinDomain { role: fresh.role, ..before.clone() };
                domains::save_role(here.tx, self.account, &join).await?;
                ("domain.role_changed", DomainEvent::RoleChanged { role: title }, join)
            }
            None if known.len() >= MOST_DOMAINS => {
                return Err(Refusal::TooManyDomains { most: MOST_DOMAINS }.into());
            }
            None => {
                domains::insert(here.tx, self.account, &fresh, person, here.now).await?;
                ("domain.added", DomainEvent::Added { role: title }, fresh)
            }
        };
        accounts::touch(here.tx, &mut here.account).await?;
        let draft = Draft::new(kind, self.principal.actor()).with("domain", join.domain.as_str());
        here.record(draft.with("role", join.role.clone())).await?;
        tell_domains::changed(&mut here, &join.domain, event, Some(person)).await?;
        Ok(join)
    }
}

/// Having nobody join by a domain any more. Who has joined stays.
pub struct RemoveDomain {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The domain, as typed.
    pub domain: String,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RemoveDomain {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let act = settings_act::enter(tx, &self.app, self.account, &self.principal, None).await?;
        let SettingsAct { mut here, person, .. } = act;
        let domain = Domain::taken(&self.domain)?;
        domains::find(here.tx, self.account, &domain).await?.ok_or(Error::NotFound)?;
        domains::delete(here.tx, self.account, &domain).await?;
        // Whoever was vouched for by it may have no other way in; which session that is, nobody has written down.
        sessions::end_all_within(here.tx, self.account, here.now).await?;
        accounts::touch(here.tx, &mut here.account).await?;
        here.record(Draft::new("domain.removed", self.principal.actor()).with("domain", domain.as_str())).await?;
        tell_domains::changed(&mut here, &domain, DomainEvent::Removed, Some(person)).await
    }
}
