//! What somebody may do to the members of an account, by their role, their ownership, their token, or their place in the
//! parent account.

use super::{
    member::{Member, Status},
    permission::Permission,
    preset::{Preset, Role, RoleAccess},
    refusal::Refusal,
};

/// What the actor may do in the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    /// They are an effective owner: they may do everything.
    Owner,
    /// They are an active member: they may do what their role says.
    Role(Role),
    /// The vendor's product, by a token that may manage members. It gives every role, and it is no proof of anything.
    Platform {
        /// Whether it deletes members: where the preset leaves that to owners, it does not.
        deletes: Deletes,
    },
    /// A member of the parent account who onboards people: they invite into plain roles, nothing else.
    Onboarder,
    /// They have no rights over others.
    None,
}

/// Whether a token deletes members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletes {
    /// It does.
    Members,
    /// Only owners do.
    Nobody,
}

impl Rights {
    /// What a member may do, by their ownership and their role.
    ///
    /// # Errors
    /// [`Refusal::Suspended`] for those without access.
    pub fn of(member: &Member, preset: &Preset) -> Result<Self, Refusal> {
        match member.status {
            Status::Suspended => Err(Refusal::Suspended),
            Status::Invited => Ok(Self::None),
            Status::Active if member.is_effective_owner() => Ok(Self::Owner),
            Status::Active => {
                let role = preset.role(&member.role).filter(|role| role.access == RoleAccess::Given);
                Ok(role.cloned().map_or(Self::None, Self::Role))
            }
        }
    }

    /// What a token that may manage members may do.
    #[must_use]
    pub fn platform(preset: &Preset) -> Self {
        let owners_only = preset.is_owner_only(Permission::MembersDelete.name());
        Self::Platform { deletes: if owners_only { Deletes::Nobody } else { Deletes::Members } }
    }

    /// What such a token may do for a person: what both may, and never as an owner, because a token is no proof.
    #[must_use]
    pub fn on_behalf(self, preset: &Preset) -> Self {
        match self {
            Self::Owner => Self::platform(preset),
            Self::Role(_) | Self::Platform { .. } | Self::Onboarder | Self::None => self,
        }
    }

    /// Checks that they are an owner.
    ///
    /// # Errors
    /// [`Refusal::OwnersOnly`] otherwise.
    pub const fn require_owner(&self) -> Result<(), Refusal> {
        match self {
            Self::Owner => Ok(()),
            Self::Role(_) | Self::Platform { .. } | Self::Onboarder | Self::None => Err(Refusal::OwnersOnly),
        }
    }

    /// Checks that they may change the settings: the account's name, how it looks, who joins it by e-mail domain, and
    /// whether its children need a reference.
    ///
    /// # Errors
    /// Why not: where the preset leaves it to owners, that only they do.
    pub fn may_configure(&self, preset: &Preset) -> Result<(), Refusal> {
        let permission = Permission::SettingsManage.name();
        match self {
            Self::Owner => Ok(()),
            Self::Role(role) if role.has(Permission::SettingsManage) => Ok(()),
            Self::Role(_) | Self::Platform { .. } | Self::Onboarder | Self::None => {
                let owners_only = preset.is_owner_only(permission);
                Err(if owners_only { Refusal::OwnersOnly } else { Refusal::LacksPermission { permission } })
            }
        }
    }

    /// Checks that they may change other members.
    ///
    /// # Errors
    /// [`Refusal::MayNotManageMembers`] otherwise.
    pub fn may_manage(&self) -> Result<(), Refusal> {
        match self {
            Self::Owner | Self::Platform { .. } => Ok(()),
            Self::Role(role) if role.has(Permission::MembersManage) => Ok(()),
            Self::Role(_) | Self::Onboarder | Self::None => Err(Refusal::MayNotManageMembers),
        }
    }

    /// Checks that they may invite people, into some roles at least.
    ///
    /// # Errors
    /// [`Refusal::MayNotManageMembers`] otherwise.
    pub fn may_invite(&self) -> Result<(), Refusal> {
        match self {
            Self::Onboarder => Ok(()),
            Self::Owner | Self::Platform { .. } | Self::Role(_) | Self::None => self.may_manage(),
        }
    }

    /// Checks that they may delete other members.
    ///
    /// # Errors
    /// [`Refusal::MayNotDeleteMembers`] otherwise.
    pub fn may_delete(&self) -> Result<(), Refusal> {
        match self {
            Self::Owner | Self::Platform { deletes: Deletes::Members } => Ok(()),
            Self::Role(role) if role.has(Permission::MembersDelete) => Ok(()),
            Self::Role(_) | Self::Platform { deletes: Deletes::Nobody } | Self::Onboarder | Self::None => {
                Err(Refusal::MayNotDeleteMembers)
            }
        }
    }

    /// Checks that they may give that role to somebody. Nobody makes another, or themselves, more than they are.
    ///
    /// # Errors
    /// Why not.
    pub fn may_give(&self, role: &Role) -> Result<(), Refusal> {
        match self {
            Self::Onboarder if role.is_plain() => Ok(()),
            Self::Onboarder => Err(Refusal::OnboardsPlainRoles),
            Self::Owner | Self::Platform { .. } | Self::None => self.may_manage(),
            Self::Role(own) => {
                self.may_manage()?;
                let within = role.permissions.is_subset(&own.permissions) && (own.administrator || !role.administrator);
                if within { Ok(()) } else { Err(Refusal::RoleAboveYours { role: role.title.clone() }) }
            }
        }
    }
}
