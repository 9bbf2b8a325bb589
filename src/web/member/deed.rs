//! What somebody does to a member with one button: its address, its words, and the unit of work that does it.

use serde::Deserialize;

use super::effect::{gives, removes, takes};
use crate::{
    app::{
        change_member::{Asked, ChangeMember},
        error::Error,
        offer_transfer::OfferTransfer,
        owners::{self, ChangeOwners},
        principal::Principal,
        view::member_home::{Asks, MemberHome, Prospect, RoleChoice},
    },
    mail::{plain_text, wording::length},
    ownership::{member::Status, refusal::Refusal},
    web::{confirmation::Question, notice::Notice, site::Site},
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

    /// What the page before it asks.
    #[must_use]
    pub fn question(self, home: &MemberHome, role: Option<&RoleChoice>) -> Question {
        let who = plain_text::name(&home.member.name);
        let account = plain_text::name(&home.account_name);
        let (title, here, told, button, look) = match self {
            Self::Role => {
                let new = role.map(|role| role.title.clone()).unwrap_or_default();
                let first = format!("{who} is {} now, and would be {new}.", home.role);
                let then = match (home.member.administrator, role.is_some_and(|role| role.administrator)) {
                    (true, false) => vec![first, takes(home)],
                    (false, true) => vec![first, gives(home)],
                    (true, true) | (false, false) => vec![first],
                };
                (format!("Make {who} {new}?"), "Change the role", then, "Change the role", "")
            }
            Self::Suspend => {
                let first = format!("{who} cannot use {account} until somebody gives them their access back.");
                (format!("Suspend {who}?"), "Suspend", removes(home, first), "Suspend them", "danger")
            }
            Self::Resume => {
                let first = format!("{who} can use {account} again, as {}.", home.role);
                let told = if home.member.administrator { vec![first, gives(home)] } else { vec![first] };
                (format!("Give {who} access again?"), "Give access again", told, "Give access again", "")
            }
            Self::Remove => {
                let first = format!("{who} is deleted from {account}. To come back, they have to be invited again.");
                (format!("Remove {who}?"), "Remove", removes(home, first), "Remove them", "danger")
            }
            Self::Leave => {
                let first = format!("You cannot use {account} any more. To come back, you have to be invited again.");
                (format!("Leave {account}?"), "Leave", removes(home, first), "Leave the account", "danger")
            }
            Self::Grant => {
                let told = vec![
                    format!(
                        "{who} owns the account beside the present owners, and can do everything that an owner can: also end \
                         your ownership."
                    ),
                    "All owners are told by mail.".to_owned(),
                ];
                (format!("Make {who} an owner of {account}?"), "Grant ownership", told, "Grant ownership", "")
            }
            Self::Revoke if home.themselves => {
                let told = vec![
                    "You stop being an owner, and keep your role. Only another owner can give ownership back to you."
                        .to_owned(),
                    "All owners are told by mail.".to_owned(),
                ];
                (
                    format!("Give up your ownership of {account}?"),
                    "Revoke ownership",
                    told,
                    "Give up ownership",
                    "danger",
                )
            }
            Self::Revoke => {
                let told = vec![
                    format!("{who} stops being an owner, and keeps their role: {}.", home.role),
                    "All owners are told by mail, and so are they.".to_owned(),
                ];
                (format!("Revoke the ownership of {who}?"), "Revoke ownership", told, "Revoke ownership", "danger")
            }
            Self::Primary => {
                let told = vec![
                    format!("{who} becomes the primary owner in your place. You stay an owner."),
                    "Only they can pass that on then. All owners are told by mail.".to_owned(),
                ];
                (format!("Make {who} the primary owner of {account}?"), "Primary owner", told, "Make them primary", "")
            }
            Self::Transfer => {
                let told = vec![
                    format!(
                        "{who} gets a mail, and can accept for {}. If they do, they own the account and you no longer do. Both of \
                         you keep your roles.",
                        length(home.policy.transfer_window)
                    ),
                    "Until they accept you own the account, and any owner can take the offer back. All owners are told of each \
                     step."
                        .to_owned(),
                ];
                (
                    format!("Offer your ownership of {account} to {who}?"),
                    "Transfer ownership",
                    told,
                    "Offer ownership",
                    "",
                )
            }
        };
        let person = format!("{who} <{}>", plain_text::address(&home.member.email));
        Question { title, here, told, facts: vec![("Member", person)], button, look }
    }
}
