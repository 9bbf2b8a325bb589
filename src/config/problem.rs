//! What is wrong with a configuration, and what to do.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The key as the file spells it, or the name of the file or variable that cannot be used.
    pub key: String,
    /// What is wrong with it.
    pub detail: String,
    /// What to do.
    pub help: String,
}

/// Everything that is wrong, never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// In the order in which it was found.
    pub problems: Vec<ConfigProblem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.problems.iter().enumerate() {
            let break_line = if place == 0 { "" } else { "\n" };
            write!(f, "{break_line}`{}`: {}: {}", problem.key, problem.detail, problem.help)?;
        }
        Ok(())
    }
}
