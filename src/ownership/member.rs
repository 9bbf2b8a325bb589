//! Members of an account, and who may change what about them.
//!
//! One function decides for every door: pages, API, command line.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Give them another role.
    ChangeRole,
    /// Take away their access for now.
    Suspend,
    /// Give it back.
    Resume,
    /// Delete them from the account.
    Remove,
    /// Leave the account by themselves.
    Leave,
}

/// What the actor may do in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// They are an effective owner.
    Owner,
    /// Their role, or their token, may manage members.
    Manager,
    /// They have no rights over others.
    None,
}

/// Decides whether somebody may invite and change members at all.
///
/// # Errors
/// [`Refusal::MayNotManageMembers`] for those who have no rights over others.
pub const fn may_manage(rights: Rights) -> Result<(), Refusal> {
    match rights {
        Rights::Owner | Rights::Manager => Ok(()),
        Rights::None => Err(Refusal::MayNotManageMembers),
    }
}

/// Decides an act on a member who exists. `nominated` is the case with a quorum that would make them owner: until it has
/// ended, only an owner, or they themselves, take their place from them. Otherwise one administrator could void what a
/// majority has approved, by suspending its nominee.
///
/// # Errors
/// The reason for the refusal.
pub fn decide(
    rights: Rights,
    actor: Option<UserId>,
    target: &Member,
    nominated: Option<CaseId>,
    act: Act,
) -> Result<(), Refusal> {
    let themselves = actor == Some(target.user);
    match (act, rights) {
        (Act::Leave, _) if !themselves => return Err(Refusal::OnlyThemselves),
        (Act::Leave, _) => {}
        (Act::ChangeRole | Act::Suspend | Act::Resume | Act::Remove, _) => may_manage(rights)?,
    }
    // INVARIANT: while a member is owner, nobody at all, not even they, takes away their access or their address.
    let protected = match act {
        Act::Suspend | Act::Remove | Act::Leave => target.owner,
        Act::ChangeRole => target.owner && rights != Rights::Owner,
        Act::Resume => false,
    };
    if protected {
        return Err(Refusal::OwnerProtected);
    }
    let takes_place = match act {
        Act::Suspend | Act::Remove => rights != Rights::Owner && !themselves,
        Act::Leave | Act::ChangeRole | Act::Resume => false,
    };
    if let (true, Some(case)) = (takes_place, nominated) {
        return Err(Refusal::NomineeProtected { case });
    }
    match act {
        Act::Suspend | Act::Resume if target.status == Status::Invited => Err(Refusal::NotAccepted),
        Act::ChangeRole | Act::Suspend | Act::Resume | Act::Remove | Act::Leave => Ok(()),
    }
}
