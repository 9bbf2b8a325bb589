//! What somebody does to a member with one button: its address, what it would come to, and the unit of work that does it.

use serde::Deserialize;

use crate::{
    app::{
        change_member::{Asked, ChangeMember},
        error::Error,
        offer_transfer::OfferTransfer,
        owners::{self, ChangeOwners},
        principal::Principal,
        view::member_home::{Asks, MemberHome, Prospect},
    },
    ownership::{member::Status, refusal::Refusal},
    web::{notice::Notice, site::Site},
};

/// What somebody does to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Gives them another role.
    Role,
    /// Takes away their access for now.
    Suspend,
    /// Gives it back.
    Resume,
    /// Deletes them from the account.
    Remove,
    /// Leaves the account.
    Leave,
    /// Makes them an owner.
    Grant,
    /// Ends their ownership.
    Revoke,
    /// Makes them the primary owner.
    Primary,
    /// Offers them the own ownership.
    Transfer,
}

impl Deed {
    /// Its address, below that of the member.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Remove => "remove",
            Self::Leave => "leave",
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::Primary => "primary",
            Self::Transfer => "transfer",
        }
    }

    /// What the page says afterwards.
    #[must_use]
    pub const fn notice(self) -> Notice {
        match self {
            Self::Role => Notice::RoleChanged,
            Self::Suspend => Notice::MemberSuspended,
            Self::Resume => Notice::MemberResumed,
            Self::Remove => Notice::MemberRemoved,
            Self::Leave => Notice::AccountLeft,
            Self::Grant => Notice::OwnerGranted,
            Self::Revoke => Notice::OwnerRevoked,
            Self::Primary => Notice::PrimaryPassed,
            Self::Transfer => Notice::TransferOffered,
        }
    }

    /// What it would come to, with the role to be given.
    ///
    /// # Errors
    /// Why it would be refused.
    pub fn prospect(self, home: &MemberHome, role: &str) -> Result<Asks, Error> {
        let prospect: Prospect = match self {
            Self::Role => {
                let chosen = home.roles.iter().find(|(choice, _)| choice.name == role);
                let (_, prospect) = chosen.ok_or_else(|| Error::invalid("/role", "choose another role than theirs"))?;
                prospect.clone()
            }
            Self::Suspend => home.suspend.clone(),
            Self::Resume => home.resume.clone(),
            Self::Remove => home.remove.clone(),
            Self::Leave => home.leave.clone(),
            Self::Grant => home.grant.clone(),
            Self::Revoke => home.revoke.clone(),
            Self::Primary => home.make_primary.clone().unwrap_or(Err(Refusal::PrimaryOwnerOnly)),
            Self::Transfer => home.offer.clone(),
        };
        Ok(prospect?)
    }

    /// Does it.
    ///
    /// # Errors
    /// Why it is refused.
    pub async fn done(self, site: &Site, home: &MemberHome, role: &str, principal: Principal) -> Result<(), Error> {
        let (app, account, user) = (site.app.clone(), home.account, home.member.user);
        let asked = match self {
            Self::Role => Asked::Role(role.to_owned()),
            Self::Suspend => Asked::Status(Status::Suspended),
            Self::Resume => Asked::Status(Status::Active),
            Self::Remove => Asked::Remove,
            Self::Leave => Asked::Leave,
            Self::Grant => return self.change_owners(site, home, owners::Asked::Grant, principal).await,
            Self::Revoke => return self.change_owners(site, home, owners::Asked::Revoke, principal).await,
            Self::Primary => return self.change_owners(site, home, owners::Asked::MakePrimary, principal).await,
            Self::Transfer => {
                return site.app.db.run(OfferTransfer { app, account, to: user, principal }).await.map(drop);
            }
        };
        site.app.db.run(ChangeMember { app, account, user, asked, version: None, principal }).await.map(drop)
    }

    async fn change_owners(
        self,
        site: &Site,
        home: &MemberHome,
        asked: owners::Asked,
        principal: Principal,
    ) -> Result<(), Error> {
        let (app, account, user) = (site.app.clone(), home.account, home.member.user);
        site.app.db.run(ChangeOwners { app, account, user, asked, principal }).await.map(drop)
    }
}
