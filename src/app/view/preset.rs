//! Presets, as people and programs choose from them and read roles by.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::app::App,
    ownership::preset::{Children, FirstChild, Preset, PrimaryOwner, Reference, Role, RoleAccess},
};

/// A preset.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PresetView {
    /// Its name.
    pub name: String,
    /// What it is for, in one sentence.
    pub summary: String,
    /// The role of an account's first user.
    pub first_role: String,
    /// What there is to be permitted: each permission with what it allows.
    pub permissions: BTreeMap<String, String>,
    /// Permissions that no role has, only owners.
    pub owner_only: Vec<String>,
    /// The roles.
    pub roles: Vec<RoleView>,
    /// Whether one of the owners is the primary owner: `none` or `one`.
    #[schema(value_type = String)]
    pub primary_owner: PrimaryOwner,
    /// What stands below an account; null where nothing can.
    pub children: Option<ChildrenView>,
}

/// A role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoleView {
    /// Its name, as in the API.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Whether its holders are administrators: they vote on recovery.
    pub administrator: bool,
    /// Whether its holders use the account: `given` or `none`.
    #[schema(value_type = String)]
    pub access: RoleAccess,
    /// What its holders may do.
    pub permissions: Vec<String>,
}

/// What stands below an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChildrenView {
    /// What one of them is called.
    pub called: String,
    /// What several are called.
    pub plural: String,
    /// The preset of each.
    pub preset: String,
    /// How many levels can stand below an account that has no parent.
    pub levels: u32,
    /// Whether the first is created together with such an account: `with_account` or `later`.
    #[schema(value_type = String)]
    pub first: FirstChild,
    /// Whether each needs a reference: `mandatory` or `optional`.
    #[schema(value_type = String)]
    pub reference: Reference,
}

/// Every preset, by name.
#[must_use]
pub fn presets(app: &App) -> Vec<PresetView> {
    app.presets.all().map(PresetView::from).collect()
}

impl From<&Preset> for PresetView {
    fn from(preset: &Preset) -> Self {
        Self {
            name: preset.name.clone(),
            summary: preset.summary.clone(),
            first_role: preset.first_role.clone(),
            permissions: preset.permissions.clone(),
            owner_only: preset.owner_only.iter().cloned().collect(),
            roles: preset.roles.iter().map(RoleView::from).collect(),
            primary_owner: preset.ownership.primary_owner,
            children: preset.children.as_ref().map(ChildrenView::from),
        }
    }
}

impl From<&Role> for RoleView {
    fn from(role: &Role) -> Self {
        let Role { name, title, administrator, access, permissions } = role.clone();
        Self { name, title, administrator, access, permissions: permissions.into_iter().collect() }
    }
}

impl From<&Children> for ChildrenView {
    fn from(children: &Children) -> Self {
        let Children { called, plural, preset, levels, first, reference } = children.clone();
        Self { called, plural, preset, levels, first, reference }
    }
}
