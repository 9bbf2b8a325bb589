//! Members of an account, and who may change what about them.
//!
//! One function decides for every door: pages, API, command line.

use serde::{Deserialize, Serialize};

use super::{
    account::{self, Use},
    owner::Outcome,
    preset::{Role, RoleAccess},
    protection::{self, Hand, Touch},
    refusal::Refusal,
    rights::Rights,
};
use crate::id::{CaseId, UserId};

/// A person in an account, as far as decisions about them need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The name of their role.
    pub role: String,
    /// Whether that role makes them an administrator.
    pub administrator: bool,
    /// Whether they have access.
    pub status: Status,
    /// Whether they have confirmed their address.
    pub confirmed: bool,
    /// Whether they hold ownership.
    pub owner: bool,
}

/// Whether a member has access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Invited, and has not accepted yet.
    Invited,
    /// Has access.
    Active,
    /// Has none for now.
    Suspended,
}

impl Status {
    /// The status of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [Self::Invited, Self::Active, Self::Suspended].into_iter().find(|status| status.word() == word)
    }

    /// The status's word, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

impl Member {
    /// Whether they are an administrator right now.
    #[must_use]
    pub fn is_active_administrator(&self) -> bool {
        self.administrator && self.status == Status::Active && self.confirmed
    }

    /// Whether they are an owner who could act: active, with a confirmed address.
    #[must_use]
    pub fn is_effective_owner(&self) -> bool {
        self.owner && self.status == Status::Active && self.confirmed
    }
}

/// What is asked about a member.
#[derive(Debug, Clone, Copy)]
pub enum Act<'a> {
    /// Give them another role.
    ChangeRole(&'a Role),
    /// Take away their access for now.
    Suspend,
    /// Give it back.
    Resume,
    /// Delete them from the account.
    Remove,
    /// Leave the account by themselves.
    Leave,
}

/// Who asks, about whom, in which account.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What the actor may do.
    pub rights: &'a Rights,
    /// The person who acts themselves; none for tokens and operators.
    pub actor: Option<UserId>,
    /// The member.
    pub target: &'a Member,
    /// The account's status.
    pub account: account::Status,
    /// The case with a quorum that would make the member owner.
    pub nominated: Option<CaseId>,
}

/// Decides whether somebody may invite people into that role. Whether somebody is a member already is another question.
///
/// # Errors
/// The reason for the refusal.
pub fn invite(rights: &Rights, account: account::Status, role: &Role) -> Result<(), Refusal> {
    rights.may_give(role)?;
    account.allows(Use::Give)
}

/// Decides whether somebody accepts their invitation. Whoever asks has proven that the address is theirs.
///
/// # Errors
/// The reason for the refusal.
pub fn accept(account: account::Status, invited: &Member) -> Result<Outcome, Refusal> {
    match invited.status {
        Status::Active => Ok(Outcome::AlreadySo),
        Status::Suspended => Err(Refusal::Suspended),
        Status::Invited => account.allows(Use::Give).map(|()| Outcome::Changed),
    }
}

/// Decides an act on a member who exists. While a case with a quorum would make them owner, only an owner, or they
/// themselves, take their place from them. Otherwise one administrator could void what a majority has approved, by
/// suspending its nominee.
///
/// # Errors
/// The reason for the refusal.
pub fn decide(asked: Asked<'_>, act: Act<'_>) -> Result<(), Refusal> {
    let Asked { rights, actor, target, account, nominated } = asked;
    let themselves = actor == Some(target.user);
    let hand = match rights {
        Rights::Owner if themselves => Hand::Their,
        Rights::Owner => Hand::Owner,
        Rights::Role(_) | Rights::Platform { .. } | Rights::Onboarder | Rights::None => Hand::Else,
    };
    let (wanted, touch) = match act {
        Act::Leave if !themselves => return Err(Refusal::OnlyThemselves),
        Act::Leave => (Use::Leave, Some(Touch::Leave)),
        Act::ChangeRole(role) => {
            rights.may_give(role)?;
            rights.may_manage()?;
            // A role with less is no gift, but giving none is the rule while an account is not in use.
            (Use::Give, Some(Touch::GiveRole(role)))
        }
        Act::Suspend => rights.may_manage().map(|()| (Use::TakeAway, Some(Touch::Suspend)))?,
        Act::Resume => rights.may_manage().map(|()| (Use::Give, None))?,
        Act::Remove => rights.may_delete().map(|()| (Use::TakeAway, Some(Touch::Delete)))?,
    };
    account.allows(wanted)?;
    if wanted == Use::TakeAway && !account.is_in_use() {
        // Whoever has put the brake on does not leave it to the administrators who is thrown out meanwhile.
        rights.require_owner()?;
    }
    if let Some(touch) = touch {
        protection::check(target, touch, hand)?;
    }
    let takes_place = match act {
        Act::Suspend | Act::Remove => *rights != Rights::Owner && !themselves,
        // Without access they could not become owner.
        Act::ChangeRole(role) => *rights != Rights::Owner && role.access == RoleAccess::None,
        Act::Leave | Act::Resume => false,
    };
    if let (true, Some(case)) = (takes_place, nominated) {
        return Err(Refusal::NomineeProtected { case });
    }
    match act {
        Act::Suspend | Act::Resume if target.status == Status::Invited => Err(Refusal::NotAccepted),
        Act::ChangeRole(_) | Act::Suspend | Act::Resume | Act::Remove | Act::Leave => Ok(()),
    }
}
