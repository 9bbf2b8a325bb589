//! The permissions that Quorate itself acts on. All others in a preset's catalogue are the vendor's: their names are kept
//! and asked about, and mean nothing here.

/// A permission that Quorate acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See who the members are.
    MembersView,
    /// Invite members, change their roles, suspend and resume them.
    MembersManage,
    /// Delete other members. Everybody may leave by themselves.
    MembersDelete,
    /// Change the account's name, its branding, who joins by e-mail domain, and whether children need a reference.
    SettingsManage,
    /// Create child accounts.
    ChildrenCreate,
    /// See that all child accounts exist, with their names and references, without access to them.
    ChildrenList,
    /// Invite people into child accounts, never into an administrator's role.
    ChildrenOnboard,
    /// Suspend and resume the account.
    AccountSuspend,
    /// Close the account, and undo that.
    AccountClose,
    /// Grant, revoke and transfer ownership.
    OwnersManage,
    /// Change the recovery policy.
    PolicyManage,
    /// Choose recovery users and issue paper keys.
    RecoveryManage,
}

/// Who can have a permission, and whether a preset's file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Every preset names it and says which roles have it.
    EveryPreset,
    /// A preset with child accounts may name it; where it is not named, nobody has it, not even owners.
    PresetWithChildren,
    /// Owners have it everywhere, and nobody else; no preset names it.
    OwnersAlways,
}

impl Permission {
    /// Every permission that Quorate acts on.
    pub const ALL: [Self; 12] = [
        Self::MembersView,
        Self::MembersManage,
        Self::MembersDelete,
        Self::SettingsManage,
        Self::ChildrenCreate,
        Self::ChildrenList,
        Self::ChildrenOnboard,
        Self::AccountSuspend,
        Self::AccountClose,
        Self::OwnersManage,
        Self::PolicyManage,
        Self::RecoveryManage,
    ];

    /// Its name, as in presets and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MembersView => "members.view",
            Self::MembersManage => "members.manage",
            Self::MembersDelete => "members.delete",
            Self::SettingsManage => "settings.manage",
            Self::ChildrenCreate => "children.create",
            Self::ChildrenList => "children.list",
            Self::ChildrenOnboard => "children.onboard",
            Self::AccountSuspend => "account.suspend",
            Self::AccountClose => "account.close",
            Self::OwnersManage => "owners.manage",
            Self::PolicyManage => "policy.manage",
            Self::RecoveryManage => "recovery.manage",
        }
    }

    /// Who can have it.
    #[must_use]
    pub const fn whose(self) -> Whose {
        match self {
            Self::MembersView | Self::MembersManage | Self::MembersDelete | Self::SettingsManage => Whose::EveryPreset,
            Self::ChildrenCreate | Self::ChildrenList | Self::ChildrenOnboard => Whose::PresetWithChildren,
            Self::AccountSuspend
            | Self::AccountClose
            | Self::OwnersManage
            | Self::PolicyManage
            | Self::RecoveryManage => Whose::OwnersAlways,
        }
    }

    /// Whether it is about child accounts.
    #[must_use]
    pub fn is_about_children(self) -> bool {
        self.whose() == Whose::PresetWithChildren
    }

    /// The permission of that name, if Quorate acts on it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_name() {
        for permission in Permission::ALL {
            assert_eq!(Permission::named(permission.name()), Some(permission));
        }
        assert_eq!(Permission::named("services.create"), None);
    }
}
