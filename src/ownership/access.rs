//! Whether somebody has a permission in an account, and why: by their ownership, their role, and the account's status.
//!
//! A parent account has no say in its children but for three permissions, which are asked of the parent: to create them,
//! to list them, and to onboard people into them. [`onboarder`] says what the third gives in a child.

use super::{
    account::{self, Use},
    member::{Member, Status},
    permission::Permission,
    preset::{Preset, Role, RoleAccess},
    refusal::Refusal,
    rights::Rights,
};

/// The account in which somebody asks for a permission.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its preset.
    pub preset: &'a Preset,
    /// Its status, as it is at this moment.
    pub status: account::Status,
    /// How many accounts stand above it.
    pub depth: u32,
}

/// Whether somebody has a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// They have.
    Allow(Because),
    /// They have not.
    Deny(WhyNot),
}

/// Why somebody has a permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Because {
    /// They own the account.
    #[error("they own the account, and owners have every permission")]
    Owner,
    /// Their role has it.
    #[error("their role `{role}` has this permission")]
    Role {
        /// The role's title.
        role: String,
    },
}

/// Why somebody has not a permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// There is none of that name.
    #[error("there is no permission `{permission}` in accounts of the preset `{preset}`")]
    Unknown {
        /// The name asked for.
        permission: String,
        /// The preset.
        preset: String,
    },
    /// There is no such person.
    #[error("there is no such person; name a `user` by their id or their e-mail address")]
    UnknownSubject,
    /// There is no such account.
    #[error("there is no such account; name an `account` by its id")]
    UnknownResource,
    /// They are not a member.
    #[error("they are not a member of this account; somebody who manages its members can invite them")]
    NotAMember,
    /// They have not accepted.
    #[error("they have not accepted their invitation yet")]
    NotAccepted,
    /// Their access is suspended.
    #[error("their access to this account is suspended; somebody who manages its members can give it back")]
    Suspended,
    /// The account's status does not allow it.
    #[error("{0}")]
    Account(Refusal),
    /// Only owners have it.
    #[error("only owners of this account have this permission")]
    OwnersOnly,
    /// Their role gives no access.
    #[error("their role `{role}` gives no access to this account")]
    NoAccess {
        /// The role's title.
        role: String,
    },
    /// Their role does not have it.
    #[error("their role `{role}` does not have this permission")]
    RoleLacks {
        /// The role's title.
        role: String,
    },
    /// The catalogue has no such role any more.
    #[error("their role `{role}` does not exist any more; somebody who manages members can give them another")]
    RoleUnknown {
        /// The role's name.
        role: String,
    },
    /// Nothing can stand below this account.
    #[error("no accounts can stand below this one")]
    NoChildren,
}

impl Because {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Role { .. } => "role",
        }
    }
}

impl WhyNot {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown_permission",
            Self::UnknownSubject => "unknown_subject",
            Self::UnknownResource => "unknown_resource",
            Self::NotAMember => "not_a_member",
            Self::NotAccepted => "not_accepted",
            Self::Suspended => "suspended",
            Self::Account(refusal) => refusal.code(),
            Self::OwnersOnly => "owners_only",
            Self::NoAccess { .. } => "no_access",
            Self::RoleLacks { .. } => "role_lacks",
            Self::RoleUnknown { .. } => "role_unknown",
            Self::NoChildren => "no_children",
        }
    }
}

impl Decision {
    /// Whether it is a yes.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        match self {
            Self::Allow(_) => true,
            Self::Deny(_) => false,
        }
    }
}

/// Decides whether somebody has a permission in an account. `member` is their place in that very account; being a member
/// of its parent gives nothing here.
#[must_use]
pub fn decide(permission: &str, member: Option<&Member>, place: Place<'_>) -> Decision {
    match weigh(permission, member, place) {
        Ok(because) => Decision::Allow(because),
        Err(why) => Decision::Deny(why),
    }
}

fn weigh(name: &str, member: Option<&Member>, place: Place<'_>) -> Result<Because, WhyNot> {
    let preset = place.preset;
    if !preset.knows(name) {
        return Err(WhyNot::Unknown { permission: name.to_owned(), preset: preset.name.clone() });
    }
    let permission = Permission::named(name);
    let member = member.ok_or(WhyNot::NotAMember)?;
    match member.status {
        Status::Invited => return Err(WhyNot::NotAccepted),
        Status::Suspended => return Err(WhyNot::Suspended),
        Status::Active => {}
    }
    let owner = member.is_effective_owner();
    let wanted = if owner { use_of_owner(permission) } else { use_of(permission) };
    match wanted {
        Wanted::InUse => in_use(place.status)?,
        Wanted::Use(wanted) => place.status.allows(wanted).map_err(WhyNot::Account)?,
        Wanted::UnlessClosed => place.status.allows(Use::TakeAway).map_err(WhyNot::Account)?,
    }
    let of_children = permission.is_some_and(Permission::is_about_children);
    if of_children && preset.children_at(place.depth).is_none() {
        return Err(WhyNot::NoChildren);
    }
    if owner {
        return Ok(Because::Owner);
    }
    if preset.is_owner_only(name) {
        return Err(WhyNot::OwnersOnly);
    }
    let role = preset.role(&member.role).ok_or_else(|| WhyNot::RoleUnknown { role: member.role.clone() })?;
    by_role(name, role)
}

fn by_role(name: &str, role: &Role) -> Result<Because, WhyNot> {
    let title = || role.title.clone();
    match role.access {
        RoleAccess::None => Err(WhyNot::NoAccess { role: title() }),
        RoleAccess::Given if role.permissions.contains(name) => Ok(Because::Role { role: title() }),
        RoleAccess::Given => Err(WhyNot::RoleLacks { role: title() }),
    }
}

/// What an account's status must allow for a permission to be worth anything.
enum Wanted {
    /// That the account is active: the vendor's product is for active accounts.
    InUse,
    /// This use.
    Use(Use),
    /// Anything but being closed, or not having begun.
    UnlessClosed,
}

/// In an account that is suspended or being closed, nobody but owners acts.
const fn use_of(permission: Option<Permission>) -> Wanted {
    match permission {
        Some(Permission::MembersView) => Wanted::Use(Use::Read),
        Some(Permission::MembersManage | Permission::MembersDelete) => Wanted::Use(Use::Give),
        Some(
            Permission::SettingsManage
            | Permission::ChildrenCreate
            | Permission::ChildrenList
            | Permission::ChildrenOnboard
            | Permission::AccountSuspend
            | Permission::AccountClose
            | Permission::OwnersManage
            | Permission::PolicyManage
            | Permission::RecoveryManage,
        )
        | None => Wanted::InUse,
    }
}

const fn use_of_owner(permission: Option<Permission>) -> Wanted {
    match permission {
        Some(Permission::MembersView | Permission::ChildrenList) => Wanted::Use(Use::Read),
        // Giving is refused when it is tried; taking away is not.
        Some(Permission::MembersManage | Permission::MembersDelete) => Wanted::Use(Use::TakeAway),
        Some(Permission::AccountSuspend | Permission::AccountClose) => Wanted::UnlessClosed,
        Some(Permission::OwnersManage) => Wanted::Use(Use::ChangeOwners),
        Some(
            Permission::SettingsManage
            | Permission::ChildrenCreate
            | Permission::ChildrenOnboard
            | Permission::PolicyManage
            | Permission::RecoveryManage,
        ) => Wanted::Use(Use::Arrange),
        None => Wanted::InUse,
    }
}

fn in_use(status: account::Status) -> Result<(), WhyNot> {
    status.allows(Use::Arrange).map_err(WhyNot::Account)
}

/// What a member of the parent account may do in a child because they onboard people. `parent` and `member` are the
/// parent's and theirs there; `child` is the child's status.
///
/// # Errors
/// Why they may not.
pub fn onboarder(member: Option<&Member>, parent: Place<'_>, child: account::Status) -> Result<Rights, WhyNot> {
    match decide(Permission::ChildrenOnboard.name(), member, parent) {
        Decision::Allow(_) => child.allows(Use::Give).map(|()| Rights::Onboarder).map_err(WhyNot::Account),
        Decision::Deny(why) => Err(why),
    }
}
