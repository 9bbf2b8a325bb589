//! Ready-made role catalogues and policies, as data.
//!
//! The files under `presets/` are part of the binary and checked by a test, so loading one cannot fail in production.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::recovery::policy::Policy;

/// A role catalogue and a policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The name by which an account chooses it.
    pub name: String,
    /// What it is for, in one sentence.
    pub summary: String,
    /// The role of an account's first user and of the administrators named at its creation.
    pub first_role: String,
    /// The roles that members can have.
    pub roles: Vec<Role>,
    /// The policy that a new account starts with.
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
    /// What its holders may do.
    #[serde(default)]
    pub permissions: BTreeSet<String>,
}

/// The permission to invite, change, suspend and remove members.
pub const MANAGE_MEMBERS: &str = "members.manage";

/// The name of the preset that an account gets if it names none.
pub const DEFAULT: &str = "recommended";

const FILES: [(&str, &str); 2] = [
    ("recommended", include_str!("presets/recommended.toml")),
    ("single-owner", include_str!("presets/single-owner.toml")),
];

/// A preset that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PresetError {
    /// There is none of that name.
    #[error("there is no preset `{name}`; choose one of {}", known.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that exist.
        known: Vec<&'static str>,
    },
    /// Its file is wrong.
    #[error("the preset `{name}` is wrong: {problem}")]
    Wrong {
        /// Its name.
        name: String,
        /// What is wrong, and where.
        problem: String,
    },
}

impl Preset {
    /// The names of all presets.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        FILES.iter().map(|(name, _)| *name).collect()
    }

    /// The preset of that name.
    ///
    /// # Errors
    /// There is none, or its file is wrong.
    pub fn named(name: &str) -> Result<Self, PresetError> {
        let file = FILES.iter().find(|(known, _)| *known == name);
        let (_, text) = file.ok_or_else(|| PresetError::Unknown { name: name.to_owned(), known: Self::names() })?;
        Self::parse(name, text)
    }

    /// Reads and checks a preset's file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, PresetError> {
        let wrong = |problem: String| PresetError::Wrong { name: name.to_owned(), problem };
        let preset: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if preset.name != name {
            return Err(wrong(format!("it calls itself `{}`", preset.name)));
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = preset.roles.iter().find(|role| !names.insert(&role.name)) {
            return Err(wrong(format!("the role `{}` stands there twice", twice.name)));
        }
        match preset.role(&preset.first_role) {
            Some(role) if role.administrator => {}
            Some(_) => return Err(wrong(format!("the first role `{}` is no administrator", preset.first_role))),
            None => return Err(wrong(format!("there is no role `{}`", preset.first_role))),
        }
        preset
            .policy
            .check()
            .map_err(|problems| wrong(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
        Ok(preset)
    }

    /// The role of that name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_in_order() {
        for name in Preset::names() {
            Preset::named(name).unwrap();
        }
    }

    #[test]
    fn mistakes_are_named() {
        let good = include_str!("presets/recommended.toml");
        let wrong = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            Preset::parse("recommended", &good.replacen(from, to, 1)).unwrap_err().to_string()
        };
        assert!(wrong("min_approvals = 2", "min_approvals = 4").contains("`min_approvals`"));
        assert!(wrong("seasoning = \"168h\"", "seasoning = \"0s\"").contains("`seasoning`"));
        assert!(wrong("first_role = \"administrator\"", "first_role = \"boss\"").contains("`boss`"));
        assert!(wrong("majority = \"1/2\"", "majority = \"1/3\"").contains("at least 1/2"));
        assert!(wrong("pauses = 2", "pauses = 2\ncolour = 3").contains("colour"));
        assert!(Preset::named("nonesuch").unwrap_err().to_string().contains("recommended"));
    }
}
