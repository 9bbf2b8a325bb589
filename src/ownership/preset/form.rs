//! What a preset's file says.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    ownership::permission::{Permission, Whose},
    recovery::policy::Policy,
};

/// A role catalogue, rules of ownership, and a recovery policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The name by which an account chooses it.
    pub name: String,
    /// What it is for, in one sentence.
    pub summary: String,
    /// The role of an account's first user and of the administrators named at its creation.
    pub first_role: String,
    /// Permissions of the catalogue that no role has, only owners.
    #[serde(default)]
    pub owner_only: BTreeSet<String>,
    /// Every permission by name, with what it allows, for people. Those of [`Whose::OwnersAlways`] are left out.
    pub permissions: BTreeMap<String, String>,
    /// The roles that members can have.
    pub roles: Vec<Role>,
    /// What is advised about owners, and whether one of them is the primary owner.
    pub ownership: OwnershipRules,
    /// What stands below an account; nothing can if it is left out.
    #[serde(default)]
    pub children: Option<Children>,
    /// The recovery policy that a new account starts with.
    pub policy: Policy,
}

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name, as in the API.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Whether its holders are administrators: they vote on recovery.
    #[serde(default)]
    pub administrator: bool,
    /// Whether its holders can use the account at all.
    #[serde(default)]
    pub access: RoleAccess,
    /// What its holders may do.
    #[serde(default)]
    pub permissions: BTreeSet<String>,
}

/// Whether a role's holders can use the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleAccess {
    /// They can.
    #[default]
    Given,
    /// They are only listed. Owners never get such a role.
    None,
}

/// What a preset says about owners, besides how many the policy allows. Every owner has every permission, always.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnershipRules {
    /// How many owners an account is advised to have.
    pub advised_owners: u32,
    /// How many administrators it is advised to have.
    pub advised_administrators: u32,
    /// Whether one of the owners is the primary owner.
    pub primary_owner: PrimaryOwner,
}

/// Whether one of the owners is the primary owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrimaryOwner {
    /// All owners are alike.
    None,
    /// One is: the creator, until they pass it on.
    One,
}

/// What stands below an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Children {
    /// What one of them is called, such as `customer`.
    pub called: String,
    /// What several of them are called, such as `customers`.
    pub plural: String,
    /// The preset of each.
    pub preset: String,
    /// How many levels may stand below an account that has no parent: 1 to 8.
    pub levels: u32,
    /// Whether the first is created together with an account that has no parent, for the same first user.
    pub first: FirstChild,
    /// Whether a child needs a reference of its own (a project number, a contract) until the account's settings say
    /// otherwise.
    pub reference: Reference,
}

/// When the first child of an account is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstChild {
    /// Together with the account; the first user owns both. Only where the account has no parent.
    WithAccount,
    /// When somebody creates it.
    Later,
}

/// Whether child accounts need a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// They do.
    Mandatory,
    /// They may have one.
    Optional,
}

impl Preset {
    /// The role of that name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// What stands below an account that has that many accounts above it.
    #[must_use]
    pub fn children_at(&self, depth: u32) -> Option<&Children> {
        self.children.as_ref().filter(|children| depth < children.levels)
    }

    /// Whether a permission of that name exists in such an account.
    #[must_use]
    pub fn knows(&self, permission: &str) -> bool {
        let owners = Permission::named(permission).is_some_and(|known| known.whose() == Whose::OwnersAlways);
        owners || self.permissions.contains_key(permission)
    }

    /// Whether only owners have a permission that exists.
    #[must_use]
    pub fn is_owner_only(&self, permission: &str) -> bool {
        !self.permissions.contains_key(permission) || self.owner_only.contains(permission)
    }
}

impl Role {
    /// Whether it is a role for somebody who only works here: neither an administrator's, nor one that manages the account
    /// or its members. Nobody gets any other by a parent account or by the domain of their address.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let manages = [Permission::MembersManage, Permission::MembersDelete, Permission::SettingsManage];
        !self.administrator && !manages.into_iter().any(|permission| self.has(permission))
    }

    /// Whether its holders have a permission.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.contains(permission.name())
    }
}
