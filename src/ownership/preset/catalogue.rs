//! All presets together: those that are part of the program, and the operator's own.
//!
//! The built-in files are checked by a test, so loading them cannot fail in production. An operator's files are checked
//! when the service starts; every mistake in them is told at once.

use std::collections::BTreeMap;

use super::{check, form::Preset};

/// The name of the preset that an account gets if it names none.
pub const DEFAULT: &str = "recommended";

const FILES: [(&str, &str); 5] = [
    ("account-and-customers", include_str!("../presets/account-and-customers.toml")),
    ("multi-owner", include_str!("../presets/multi-owner.toml")),
    ("partner-managed", include_str!("../presets/partner-managed.toml")),
    ("recommended", include_str!("../presets/recommended.toml")),
    ("single-owner", include_str!("../presets/single-owner.toml")),
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
        known: Vec<String>,
    },
    /// Its file is wrong.
    #[error("the preset file `{name}.toml` is wrong at `{key}`: {problem}")]
    Wrong {
        /// Its name, which is its file's name without `.toml`.
        name: String,
        /// The key in the file, or the line.
        key: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// It calls itself like a preset that is part of the program.
    #[error(
        "the preset file `{name}.toml` has the name of a preset that is part of the program; give it another one, and its `name` too"
    )]
    Taken {
        /// The name.
        name: String,
    },
}

/// Every preset that accounts can be made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presets {
    by_name: BTreeMap<String, Preset>,
}

impl Presets {
    /// The presets that are part of the program.
    ///
    /// # Errors
    /// Never for the files as they are delivered; a test reads them all.
    pub fn built_in() -> Result<Self, Vec<PresetError>> {
        Self::with([])
    }

    /// The built-in presets and an operator's own: for each file its name without `.toml`, and its text.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn with<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<PresetError>> {
        let mut by_name = BTreeMap::new();
        let mut wrong = Vec::new();
        let mut read = |name: &str, text: &str, wrong: &mut Vec<PresetError>| match Preset::parse(name, text) {
            Ok(preset) => drop(by_name.insert(name.to_owned(), preset)),
            Err(problems) => wrong.extend(problems),
        };
        for (name, text) in FILES {
            read(name, text, &mut wrong);
        }
        for (name, text) in files {
            if FILES.iter().any(|(taken, _)| *taken == name) {
                wrong.push(PresetError::Taken { name: name.to_owned() });
            } else {
                read(name, text, &mut wrong);
            }
        }
        wrong.extend(check::together(&by_name));
        if wrong.is_empty() { Ok(Self { by_name }) } else { Err(wrong) }
    }

    /// The preset of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn get(&self, name: &str) -> Result<&Preset, PresetError> {
        let unknown = || PresetError::Unknown { name: name.to_owned(), known: self.by_name.keys().cloned().collect() };
        self.by_name.get(name).ok_or_else(unknown)
    }

    /// Every preset, by name.
    pub fn all(&self) -> impl Iterator<Item = &Preset> {
        self.by_name.values()
    }
}

impl Preset {
    /// Reads a preset's file and checks all that can be checked without the other presets.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<PresetError>> {
        let preset: Self = toml::from_str(text).map_err(|error| vec![check::unreadable(name, text, &error)])?;
        let wrong = check::alone(name, &preset);
        if wrong.is_empty() { Ok(preset) } else { Err(wrong) }
    }
}
