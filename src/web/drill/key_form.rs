//! A paper key, as it is typed: in four fields, or in one text.

use serde::Deserialize;

use crate::{
    app::error::{Error, Invalid},
    paper_key::{
        fault::Fault,
        key::PaperKey,
        read::{read, read_fields},
    },
};

/// A field of the form: its id, the line's number, and what was typed.
pub type Field = (&'static str, u8, String);

/// A key, line by line.
#[derive(Default, Deserialize)]
pub struct Lines {
    #[serde(default)]
    line1: String,
    #[serde(default)]
    line2: String,
    #[serde(default)]
    line3: String,
    #[serde(default)]
    line4: String,
}

impl Lines {
    /// The key.
    ///
    /// # Errors
    /// Which lines are wrong, and how.
    pub fn key(&self) -> Result<PaperKey, Error> {
        let at = |fault: &Fault| {
            let pointer = fault.line().map_or_else(String::new, |line| format!("/line{line}"));
            Invalid { pointer, detail: fault.to_string() }
        };
        read_fields([&self.line1, &self.line2, &self.line3, &self.line4])
            .map_err(|wrong| Error::Invalid(wrong.0.iter().map(at).collect()))
    }

    /// The fields again, as they were filled.
    #[must_use]
    pub fn fields(self) -> [Field; 4] {
        [("line1", 1, self.line1), ("line2", 2, self.line2), ("line3", 3, self.line3), ("line4", 4, self.line4)]
    }
}

/// The key in a body's `paper_key`.
///
/// # Errors
/// Which lines are wrong, and how.
pub fn key_of(paper_key: &str) -> Result<PaperKey, Error> {
    let at = |fault: &Fault| Invalid { pointer: "/paper_key".to_owned(), detail: fault.to_string() };
    read(paper_key).map_err(|wrong| Error::Invalid(wrong.0.iter().map(at).collect()))
}
