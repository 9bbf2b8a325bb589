//! Somebody joins an account by the domain of their address, which they have proven to be theirs.

use super::{app::App, error::Error, here::Here, principal::Principal, tell_case::named, tell_domains};
use crate::{
    activity::entry::Draft,
    id::AccountId,
    ownership::{
        member::{Member, Status},
        refusal::Refusal,
        settings::may_join,
    },
    store::{
        accounts,
        db::Unit,
        domains,
        members::{self, Stored},
        tx::Tx,
        users,
    },
};

/// Joining an account.
pub struct Join {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for Join {
    type Out = Stored;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Stored, Error> {
        let user = self.principal.person_everywhere()?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let here = &mut here;
        if let Some(stored) = members::find(here.tx, self.account, user).await? {
            return match stored.member.status {
                Status::Active => Ok(stored),
                // An invitation says in which role, and a suspension that they are not wanted now.
                Status::Invited => Err(Refusal::AlreadyMember.into()),
                Status::Suspended => Err(Refusal::Suspended.into()),
            };
        }
        let person = users::by_id(here.tx, user).await?.filter(|person| person.confirmed_at.is_some());
        let person = person.ok_or(Error::NotFound)?;
        let (preset, status) = (here.preset()?, here.account.status);
        let domains = domains::list(here.tx, self.account).await?;
        let allowed = may_join(&domains, &person.email, |role| preset.role(role), status, here.now);
        // Whoever has no address in a domain of the account does not learn that there is one.
        let hidden =
            |refusal: Refusal| if refusal == Refusal::DomainNotOpen { Error::NotFound } else { refusal.into() };
        let (join, role) = allowed.map_err(hidden)?;
        let member = Member {
            user,
            role: role.name.clone(),
            administrator: false,
            status: Status::Active,
            confirmed: true,
            owner: false,
        };
        members::insert(here.tx, self.account, &member, here.now).await?;
        let draft = Draft::new("member.joined", self.principal.actor()).user(user).with("role", role.name.clone());
        let draft = draft.with("domain", join.domain.as_str());
        here.record(draft.personal("name", person.name.clone()).personal("email", person.email.as_str())).await?;
        let joiner = named(here, user).await?;
        tell_domains::joined(here, joiner, &join.domain, role.title.clone()).await?;
        accounts::touch(here.tx, &mut here.account).await?;
        members::find(here.tx, self.account, user).await?.ok_or(Error::NotFound)
    }
}
